"""Whatever is put into a desk file, the answer is a desk or lines that say what is wrong."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.deskfile.document import Document
from core.deskfile.export import toml
from core.deskfile.locate import locate
from core.deskfile.parse import parse
from core.deskfile.rows import Day
from core.sample import deskfile

SAMPLE = deskfile.text()
PATHS = sorted(locate(SAMPLE), key=str)
JUNK: tuple[Any, ...] = (
    0,
    -1,
    10**30,
    True,
    "",
    " ",
    "x",
    "00:00",
    "5m",
    "rota:",
    "level:0",
    "\U0001f525",
    [],
    [[]],
    [{}],
    {},
    {"": 0},
    Day("0001-01-01"),
)


def writable(value: Any) -> Any:
    """The same values, with dates that can be written again."""
    if isinstance(value, dict):
        return {key: writable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [writable(inner) for inner in value]
    return Day(value) if isinstance(value, date) else value


VALUES = writable(tomllib.loads(SAMPLE))


def answered(text: str) -> None:
    found = parse(text, "desk.toml")
    if not isinstance(found, Document):
        lines = text.count("\n") + 1
        assert found
        assert all(1 <= problem.line <= lines for problem in found)
        for language in ("ja", "en"):
            assert all("\n" not in problem.text(language) for problem in found)


@given(st.sampled_from(PATHS), st.sampled_from(JUNK))
def test_any_value_may_be_something_else(path: tuple[str | int, ...], junk: Any) -> None:
    """A value of another type, or another kind of text, anywhere in the file."""
    answered("".join(f"{toml(key)} = {toml(value)}\n" for key, value in _with(VALUES, path, junk).items()))


@given(st.integers(0, len(SAMPLE)), st.integers(0, 60), st.text(st.characters(codec="utf-8"), max_size=8))
def test_any_piece_may_be_torn_out(start: int, length: int, instead: str) -> None:
    """A hole anywhere in the text, with anything in its place."""
    answered(SAMPLE[:start] + instead + SAMPLE[start + length :])


@given(st.binary(max_size=200))
def test_any_bytes(blob: bytes) -> None:
    """A file that is no text at all."""
    found = parse(blob, "desk.toml")
    assert isinstance(found, Document) or all(problem.text("en") for problem in found)


def _with(value: Any, path: tuple[str | int, ...], junk: Any) -> Any:
    if not path:
        return junk
    head, *rest = path
    if isinstance(value, dict):
        return {key: _with(inner, tuple(rest), junk) if key == head else inner for key, inner in value.items()}
    return [_with(inner, tuple(rest), junk) if index == head else inner for index, inner in enumerate(value)]

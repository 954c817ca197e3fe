"""Lines of a TOML text: every key, table and list element knows where it stands."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.deskfile.locate import Path, line_of, locate

TEXT = '''# a comment with [brackets] = "and quotes"
[desk]
name = "a # b"
hours = [
  { days = "mon", from = "09:00" }, # one
  {
days = "tue" },
]

[levels]
1 = { ja = "x" }
"2" = { ja = 'y"' }

[[policy]]
id = """a
[not.a.table]
"""""
[[policy.rung]]
level = 1
[[policy.rung]]
call = ["rota:x",
  "person:y"]
[policy.name]
ja = "z"

[[policy]]
id = "b"
[[policy.rung]]
a.b = 1
a."c.d" = 2'''


def test_every_kind_of_place_has_its_line() -> None:
    """Tables, lists of tables, inline tables, dotted and quoted keys, elements of lists over several lines."""
    lines = locate(TEXT)
    expected: dict[Path, int] = {
        ("desk",): 2, ("desk", "name"): 3, ("desk", "hours", 0, "from"): 5, ("desk", "hours", 1): 6,
        ("desk", "hours", 1, "days"): 7, ("levels", "2", "ja"): 12, ("policy", 0): 14, ("policy", 0, "id"): 15,
        ("policy", 0, "rung", 0): 18, ("policy", 0, "rung", 1): 20, ("policy", 0, "rung", 1, "call", 1): 22,
        ("policy", 0, "name", "ja"): 24, ("policy", 1, "id"): 27, ("policy", 1, "rung", 0, "a", "b"): 29,
        ("policy", 1, "rung", 0, "a", "c.d"): 30,
    }  # fmt: skip
    assert {path: lines[path] for path in expected} == expected


def test_what_is_not_there_has_the_line_of_its_table() -> None:
    """A missing key is looked for where it should stand."""
    lines = locate(TEXT)
    assert line_of(lines, ("policy", 1, "rung", 0, "level")) == 28
    assert line_of(lines, ("unknown", "key")) == 1


words = st.text(st.characters(codec="utf-8"), max_size=8)
values = st.recursive(
    st.one_of(words, st.integers(-9, 9), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(words, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(words, values, max_size=4), st.booleans())
def test_every_path_of_a_document_is_found(document: dict[str, Any], spread: bool) -> None:
    """Whatever tomllib reads, the locator finds every key and element, in the order of the lines."""
    text = "".join(f"{_quoted(key)} = {_toml(value, spread)}\n" for key, value in document.items())
    assert tomllib.loads(text) == document
    lines = locate(text)
    assert set(_paths(document)) == set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())
    assert [lines[path] for path in _paths(document)] == sorted(lines[path] for path in _paths(document))


def _paths(value: Any, path: Path = ()) -> list[Path]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, inner in pairs for found in ((*path, key), *_paths(inner, (*path, key)))]


def _quoted(text: str) -> str:
    return (
        '"' + "".join(f"\\U{ord(character):08X}" if not character.isalnum() else character for character in text) + '"'
    )


def _toml(value: Any, spread: bool) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + (",\n " if spread else ", ").join(_toml(inner, spread) for inner in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)} = {_toml(inner, spread)}" for key, inner in value.items()) + "}"
    return str(value).lower()

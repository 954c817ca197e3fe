"""A document as the text of a desk.toml. Reading it again gives the same document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from core.deskfile.document import Document
from core.deskfile.rows import Day, Row, rows

BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
WIDE: Final = 100
"""Lists of tables longer than this go over several lines."""
SINGLE: Final = ("desk", "levels")


def export(document: Document) -> str:
    """The text of a desk.toml; what is at its default is left out."""
    return "\n".join(line for row in rows(document) for line in _row(row)).strip() + "\n"


def toml(value: Any) -> str:
    """One value on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case Day() | int():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {toml(inner)}" for key, inner in value.items()) + " }"
        case _:
            return "[" + ", ".join(toml(inner) for inner in value) + "]"


def _row(row: Row) -> Iterator[str]:
    if row.values or row.section == "desk":
        yield f"[{row.section}]" if row.section in SINGLE else f"[[{row.section}]]"
        yield from _pairs(row.values)
        yield ""
    for rung in row.below:
        yield "[[policy.rung]]"
        yield from _pairs(rung)
        yield ""


def _pairs(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        line = f"{_key(key)} = {toml(value)}"
        if len(line) > WIDE and isinstance(value, list) and isinstance(value[0], Mapping):
            yield f"{_key(key)} = ["
            yield from (f"  {toml(inner)}," for inner in value)
            yield "]"
        else:
            yield line


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else toml(key)

"""On which line of a file a finding stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from core.deskfile.document import Document
from core.deskfile.findings import Finding
from core.deskfile.locate import Path, line_of, locate
from core.deskfile.references import Named

RUNG: Final = "rung"


def with_lines(found: Iterable[Finding], document: Document, text: str, file: str) -> list[Finding]:
    """The same findings, each with its file and line. `text` is what the document was read from."""
    lines, places = locate(text), _places(document)
    return [replace(one, file=file, line=line_of(lines, _path(one.where, places))) for one in found]


def _places(document: Document) -> Mapping[str, Path]:
    """`person:suzuki` → where its table stands, in the order of the file."""
    sections: Mapping[str, Sequence[Named]] = {
        "team": document.teams, "person": document.persons, "rota": document.rotas, "policy": document.policies,
        "rule": document.rules, "channel": document.channels,
    }  # fmt: skip
    return {
        f"{section}:{row.id}": (section, number)
        for section, rows in sections.items()
        for number, row in enumerate(rows)
    }


def _path(where: str, places: Mapping[str, Path]) -> Path:
    """`policy:complaint rung 2 team:it` → the second rung of that policy."""
    about, *more = where.split(" ")
    path = places.get(about, ())
    return (*path, RUNG, int(more[1]) - 1) if more and more[0] == RUNG else path

"""A desk.toml in: a Document, or everything that is wrong with it."""

from __future__ import annotations

import re
import tomllib
from typing import Final

from core.deskfile import read_people, read_policy, read_roster
from core.deskfile.document import Document
from core.deskfile.locate import locate
from core.deskfile.problems import Problem, Trouble
from core.deskfile.references import Draft, check_references
from core.deskfile.table import Table
from core.people.model import Settings

LARGEST: Final = 4_000_000
"""Characters; a desk of ten thousand people is a quarter of it."""
_PLACE: Final = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


def parse(source: str | bytes, filename: str) -> Document | list[Problem]:
    """Read a desk file. Bytes must be UTF-8. Every mistake is found at once, sorted by line."""
    text = _decoded(source, filename)
    if isinstance(text, Problem):
        return [text]
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [_syntax(str(error), text, filename)]
    except (RecursionError, ValueError) as error:
        return [Problem(filename, 1, "deskfile.syntax", {"what": type(error).__name__})]
    trouble = Trouble(filename, locate(text))
    draft = _read(Table(values, (), trouble))
    check_references(draft, trouble)
    return trouble.problems or _document(draft)


def _decoded(source: str | bytes, filename: str) -> str | Problem:
    if len(source) > LARGEST:
        return Problem(filename, 1, "deskfile.too_large", {"limit": str(LARGEST)})
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Problem(filename, source.count(b"\n", 0, error.start) + 1, "deskfile.encoding")


def _syntax(message: str, text: str, filename: str) -> Problem:
    match = _PLACE.fullmatch(message)
    what, line = (match[1], match[2]) if match else (message, None)
    return Problem(filename, int(line or text.count("\n") + 1), "deskfile.syntax", {"what": " ".join(what.split())})


def _read(file: Table) -> Draft:
    settings = file.table("desk", read_people.desk, Settings())
    draft = Draft(
        settings,
        file.table("levels", read_people.levels, {}),
        file.rows("team", read_people.team),
        file.rows("person", lambda table: read_people.person(table, settings.language)),
        file.rows("rota", read_roster.rota),
        file.rows("policy", read_policy.policy),
        file.rows("rule", read_policy.rule),
        file.rows("channel", read_people.channel),
    )
    file.close()
    return draft


def _document(draft: Draft) -> Document:
    return Document(
        draft.settings,
        tuple(sorted(draft.levels.values(), key=lambda level: level.number)),
        tuple(draft.teams.values()),
        tuple(draft.persons.values()),
        tuple(draft.rotas.values()),
        tuple(draft.policies.values()),
        tuple(draft.rules.values()),
        tuple(draft.channels.values()),
    )

"""What is wrong in a desk.toml: one line each, with file, line, what was found and what was expected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final, TypeAlias

from msgspec import Struct, field

from core.deskfile.locate import Path, line_of
from core.words import say

Values: TypeAlias = Mapping[str, str]
NONE: Final[Values] = {}
SHOWN: Final = 40
"""Characters of a wrong value that are repeated in its message."""


class Problem(Struct, frozen=True):
    """One mistake. `key` and `expects` are words keys."""

    file: str
    line: int
    key: str
    values: Values = field(default_factory=dict)
    expects: str = ""
    expect_values: Values = field(default_factory=dict)

    def text(self, language: str) -> str:
        """`desk.toml:12: what was found, what was expected`."""
        expected = say(language, self.expects, **self.expect_values) if self.expects else ""
        return f"{self.file}:{self.line}: {say(language, self.key, **self.values, expected=expected)}"


class Trouble:
    """Collects problems; of one place in the file only the first is kept."""

    def __init__(self, file: str, lines: Mapping[Path, int]) -> None:
        self.file = file
        self.lines = lines
        self._problems: dict[Path, Problem] = {}

    def note(self, path: Path, what: str, expects: str = "", expecting: Values = NONE, /, **values: str) -> None:
        """Remember a mistake at a place. `what` and `expects` without their `deskfile.` and `deskfile.expected.`."""
        expected = f"deskfile.expected.{expects}" if expects else ""
        problem = Problem(self.file, line_of(self.lines, path), f"deskfile.{what}", values, expected, expecting)
        self._problems.setdefault(path, problem)

    def __contains__(self, path: Path) -> bool:
        return path in self._problems

    def line(self, path: Path) -> str:
        """The line of a path, for a message that points there."""
        return str(line_of(self.lines, path))

    @property
    def problems(self) -> list[Problem]:
        """All of them, by line."""
        return sorted(self._problems.values(), key=lambda problem: problem.line)


def shown(value: Any) -> str:
    """A wrong value, on one line and not too long, as one would write it."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(character if character.isprintable() else "�" for character in text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

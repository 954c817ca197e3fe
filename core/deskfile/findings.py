"""What `check` finds: not wrong as a file, but somebody may wait in vain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct, field

from core.words import date_line, say, span

Severity: TypeAlias = Literal["error", "warning", "note"]
"""error: a call would reach nobody. warning: something written does not do what it says. note: good to know."""
ORDER: Final[Mapping[Severity, int]] = {"error": 0, "warning": 1, "note": 2}


class Finding(Struct, frozen=True):
    """One thing found, about `where` (`policy:complaint`). Values that end in `_at` are ms, in `_for` durations."""

    severity: Severity
    where: str
    key: str
    """Words key: `finding.<…>`."""
    values: Mapping[str, Any] = field(default_factory=dict)
    zone: str = "UTC"
    file: str = ""
    line: int = 0
    """Where it stands in a file; 0 where there is none."""

    def text(self, language: str) -> str:
        """One line for people, with its place."""
        place = f"{self.file}:{self.line}: " if self.line else ""
        return f"{place}{self.where}: {self.sentence(language)}"

    def sentence(self, language: str) -> str:
        """What was found, without where."""
        return say(language, self.key, **{key: self._said(key, value, language) for key, value in self.values.items()})

    def _said(self, key: str, value: Any, language: str) -> Any:
        if key.endswith("_at"):
            return date_line(value, self.zone, language)
        return span(value, language) if key.endswith("_for") else value

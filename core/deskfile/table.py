"""Reads one table of a desk.toml: every wrong, missing or unknown key is noted, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeVar

from core.deskfile.locate import Path
from core.deskfile.problems import Trouble, shown

T = TypeVar("T")
REQUIRED: Final[Any] = object()
LANGUAGES: Final = ("ja", "en")
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What would break a line, a mail header or a terminal."""
LONG: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""The same, but lines and tabs may be part of a longer text."""


class Table:
    """One table. Its methods give the value, or after noting the mistake something harmless of the same type."""

    def __init__(self, values: Mapping[str, Any], path: Path, trouble: Trouble) -> None:
        self.values = values
        self.path = path
        self.trouble = trouble
        self._asked: list[str] = []

    def text(self, key: str, default: Any = REQUIRED, *, lines: bool = False) -> Any:
        """A text that is not empty, on one line unless `lines`."""
        value = self._take(key, default)
        if value is REQUIRED or value is default:
            return "" if value is REQUIRED else default
        return value if _is_text(value, lines=lines) else self._wrong(key, value, "text", "")

    def parsed(self, key: str, parse: Callable[[str], T], expects: str, default: Any = REQUIRED) -> Any:
        """A text that `parse` understands (ValueError: it does not); what `parse` makes of it."""
        written = self.text(key, default)
        if written is default or (*self.path, key) in self.trouble:
            return written
        try:
            return parse(written)
        except ValueError:
            return self._wrong(key, written, expects, "")

    def plain(self, key: str, parse: Callable[[str], object], expects: str, default: Any = REQUIRED) -> Any:
        """The same, but the text itself."""
        return self.parsed(key, lambda text: (parse(text), text)[1], expects, default)

    def choice(self, key: str, choices: Iterable[str], default: Any = REQUIRED) -> Any:
        """One of these words."""
        value = self._take(key, default)
        if value is REQUIRED:
            return ""
        known = tuple(choices)
        return value if value is default or value in known else self._not_among(key, value, known)

    def number(self, key: str, low: int, high: int, default: Any = REQUIRED) -> Any:
        """A whole number in a range."""
        value = self._take(key, default)
        if value is REQUIRED or value is default:
            return 0 if value is REQUIRED else default
        if type(value) is int and low <= value <= high:
            return value
        self.trouble.note(
            (*self.path, key), "wrong_value", "number", {"low": str(low), "high": str(high)}, key=key,
            found=shown(value),
        )  # fmt: skip
        return low

    def yes_no(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._take(key, default)
        return value if isinstance(value, bool) else self._wrong(key, value, "yes_no", default)

    def day(self, key: str, default: Any = REQUIRED) -> Any:
        """A date, as ISO text."""
        value = self._take(key, default)
        if value is REQUIRED or value is default:
            return "" if value is REQUIRED else default
        if isinstance(value, date) and not isinstance(value, datetime):
            return value.isoformat()
        return self._wrong(key, value, "date", "")

    def texts(self, key: str, default: Any = REQUIRED, *, choices: Iterable[str] = (), one: bool = False) -> Any:
        """A list of texts, all of them among `choices` where there are any; with `one`, a single text will do."""
        value = self._take(key, default)
        if value is REQUIRED or value is default:
            return () if value is REQUIRED else default
        listed = [value] if one and isinstance(value, str) else value
        if not isinstance(listed, list):
            return self._wrong(key, value, "texts", ())
        known = tuple(choices)
        for index, each in enumerate(listed):
            if not _is_text(each):
                self.trouble.note((*self.path, key, index), "wrong_value", "text", key=key, found=shown(each))
            elif known and each not in known:
                self._not_among(key, each, known, (*self.path, key, index))
        return tuple(each for each in listed if isinstance(each, str))

    def names(self, key: str, default: Any = REQUIRED, *, lines: bool = False) -> Any:
        """Words by language: `{ ja = "…", en = "…" }`, at least one; on one line each unless `lines`."""
        value = self._take(key, default)
        if value is REQUIRED or value is default:
            return {} if value is REQUIRED else default
        if not isinstance(value, dict) or not value:
            return self._wrong(key, value, "names", {})
        inner = Table(value, (*self.path, key), self.trouble)
        found = {language: inner.text(language, lines=lines) for language in LANGUAGES if language in value}
        inner.close(LANGUAGES)
        return found

    def table(self, key: str, read: Callable[[Table], T], default: T) -> T:
        """A table inside this one."""
        value = self._take(key, default)
        if value is default:
            return default
        if not isinstance(value, dict):
            return self._wrong(key, value, "table", default)
        inner = Table(value, (*self.path, key), self.trouble)
        found = read(inner)
        inner.close()
        return found

    def rows(self, key: str, read: Callable[[Table], T]) -> dict[Path, T]:
        """A list of tables, by place; none when it is missing."""
        value = self._take(key, [])
        path = (*self.path, key)
        if not isinstance(value, list):
            return self._wrong(key, value, "tables", {})
        found: dict[Path, T] = {}
        for index, each in enumerate(value):
            if isinstance(each, dict):
                inner = Table(each, (*path, index), self.trouble)
                found[*path, index] = read(inner)
                inner.close()
            else:
                self.trouble.note((*path, index), "wrong_value", "table", key=key, found=shown(each))
        return found

    def missing(self, key: str) -> None:
        """Note that a key should be here."""
        self.trouble.note((*self.path, key), "missing", key=key)

    def close(self, known: Iterable[str] | None = None) -> None:
        """Note every key that nobody asked for."""
        names = tuple(known) if known is not None else tuple(dict.fromkeys(self._asked))
        for key in self.values:
            if key not in names:
                self.trouble.note((*self.path, key), "unknown_key", key=shown(key)[1:-1], known=", ".join(names))

    def _take(self, key: str, default: Any) -> Any:
        self._asked.append(key)
        if key not in self.values and default is REQUIRED:
            self.missing(key)
        return self.values.get(key, default)

    def _wrong(self, key: str, value: Any, expects: str, instead: T) -> T:
        self.trouble.note((*self.path, key), "wrong_value", expects, key=key, found=shown(value))
        return instead

    def _not_among(self, key: str, value: Any, known: tuple[str, ...], path: Path | None = None) -> str:
        place = path or (*self.path, key)
        self.trouble.note(place, "wrong_value", "one_of", {"choices": ", ".join(known)}, key=key, found=shown(value))
        return known[0]


def _is_text(value: Any, *, lines: bool = False) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not (LONG if lines else CONTROL).search(value)

"""On which line of a TOML text a key or a value begins. tomllib reads values and forgets lines; this remembers.

Only for texts that tomllib has already read without an error.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""`("person", 2, "teams", 0)`: keys, and positions in lists."""

BLANK: Final = " \t\r\n"
ENDS_BARE: Final = ",]}#\n"


def locate(text: str) -> Mapping[Path, int]:
    """Line numbers, from 1, by path; tables, keys and list elements."""
    scan = _Scan(text)
    scan.document()
    return scan.lines


def line_of(lines: Mapping[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest table around it."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Path, int] = {}
        self._newlines = [index for index, character in enumerate(text) if character == "\n"]
        self._lengths: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._next() is not None:
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        line, listed = self._line(), self.text.startswith("[[", self.at)
        self.at += 2 if listed else 1
        *above, last = self._key("]")
        self.at += 2 if listed else 1
        table: Path = ()
        for name in above:
            table = self._newest((*table, name))
        table = (*table, last)
        self.lines.setdefault(table, line)
        if listed:
            self._lengths[table] = self._lengths.get(table, 0) + 1
            table = self._newest(table)
            self.lines.setdefault(table, line)
        return table

    def _newest(self, path: Path) -> Path:
        length = self._lengths.get(path, 0)
        return (*path, length - 1) if length else path

    def _pair(self, table: Path) -> None:
        line = self._line()
        for name in self._key("="):
            table = (*table, name)
            self.lines.setdefault(table, line)
        self.at += 1
        self._value(table)

    def _key(self, end: str) -> list[str]:
        begin = self.at
        while (character := self.text[self.at]) != end:
            self.at = self._after_string() if character in "\"'" else self.at + 1
        names = list[str]()
        found: Any = tomllib.loads(f"{self.text[begin : self.at]}=0")
        while isinstance(found, dict):
            ((name, found),) = found.items()
            names.append(name)
        return names

    def _value(self, path: Path) -> None:
        match self._next():
            case "[":
                self._list(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self.at = self._after_string()
            case _:
                while self.at < len(self.text) and self.text[self.at] not in ENDS_BARE:
                    self.at += 1

    def _list(self, path: Path) -> None:
        self.at += 1
        index = 0
        while self._next() != "]":
            self.lines[*path, index] = self._line()
            self._value((*path, index))
            index += 1
            if self._next() == ",":
                self.at += 1
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        while self._next() != "}":
            self._pair(path)
            if self._next() == ",":
                self.at += 1
        self.at += 1

    def _after_string(self) -> int:
        quote = self.text[self.at]
        if self.text.startswith(quote * 3, self.at):
            end = self._closing(self.at + 3, quote * 3)
            # Up to two quotes may stand right before the closing three.
            while self.text.startswith(quote, end):
                end += 1
            return end
        return self._closing(self.at + 1, quote)

    def _closing(self, at: int, quotes: str) -> int:
        while not self.text.startswith(quotes, at):
            at += 2 if self.text[at] == "\\" and quotes[0] == '"' else 1
        return at + len(quotes)

    def _next(self) -> str | None:
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "#":
                newline = self.text.find("\n", self.at)
                self.at = len(self.text) if newline < 0 else newline
            elif character in BLANK:
                self.at += 1
            else:
                return character
        return None

    def _line(self) -> int:
        return bisect_right(self._newlines, self.at) + 1

"""What somebody looks for: words, beginnings of words, phrases in quotation marks. Pure.

Every term must stand somewhere in the ticket. A term in dense script stands anywhere in a run; a term in letters stands
where a word begins, and may be its beginning only (from two letters on); in quotation marks it ends where a word ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from core.tickets.search_words import LONGEST, PREFIX, PREFIXES, is_dense, pairs, pieces

PERSONAL: Final = "\ue000"
"""Begins a gram of what only readers with clearance may find."""
MOST_GRAMS: Final = 12
"""Of one term: the text itself decides, the index has only to leave few."""
MOST_TERMS: Final = 8
TERM: Final = re.compile(
    r'["\uff02\u201c\u201d]([^"\uff02\u201c\u201d]*)["\uff02\u201c\u201d]?|([^\s"\uff02\u201c\u201d]+)'
)
Gram: TypeAlias = tuple[str, bool]
"""A gram, and whether everything that begins with it is meant."""


class Term(Struct, frozen=True):
    """One thing that must be there, as pieces of a canonical text."""

    pieces: tuple[str, ...]
    exact: bool = False
    """In quotation marks: the last word is whole."""

    @property
    def is_beginning(self) -> bool:
        """Whether the last piece may be the beginning of a word only."""
        last = self.pieces[-1]
        return not self.exact and not is_dense(last) and len(last) >= min(PREFIXES)

    @property
    def pattern(self) -> re.Pattern[str]:
        """Finds it in a canonical text."""
        first, last = self.pieces[0], self.pieces[-1]
        begins = "" if is_dense(first) else r"(?<![^ \n])"
        ends = "" if is_dense(last) or self.is_beginning else r"(?![^ \n])"
        return re.compile(begins + re.escape(" ".join(self.pieces)) + ends)

    def grams(self) -> list[Gram]:
        """What the index must hold of a text that has it."""
        *whole, last = self.pieces
        found: list[Gram] = [gram for piece in whole for gram in _all_of(piece)]
        found += _beginning(last) if self.is_beginning else _all_of(last)
        return list(dict.fromkeys(found))[:MOST_GRAMS]


def terms(text: str) -> tuple[Term, ...]:
    """The terms of what was typed; empty when nothing of it can be looked for."""
    read = (Term(tuple(pieces(quoted or plain)), exact=bool(quoted)) for quoted, plain in TERM.findall(text))
    return tuple(dict.fromkeys(term for term in read if term.pieces))[:MOST_TERMS]


def patterns(wanted: Sequence[Term]) -> tuple[re.Pattern[str], ...]:
    """One for each term."""
    return tuple(term.pattern for term in wanted)


def stands_in(wanted: Sequence[re.Pattern[str]], text: str) -> bool:
    """Whether every term stands in this canonical text."""
    return all(pattern.search(text) for pattern in wanted)


def fts(wanted: Sequence[Term], *, cleared: bool) -> str:
    """For SQLite's FTS5."""
    return " AND ".join(
        "(" + " OR ".join(f'"{gram}"{" *" if begins else ""}' for gram in _readable(gram, cleared)) + ")"
        for gram, begins in _grams(wanted)
    )


def tsquery(wanted: Sequence[Term], *, cleared: bool) -> str:
    """For PostgreSQL's tsvector."""
    return " & ".join(
        "(" + " | ".join(f"'{gram}'{':*' if begins else ''}" for gram in _readable(gram, cleared)) + ")"
        for gram, begins in _grams(wanted)
    )


def _grams(wanted: Sequence[Term]) -> Iterator[Gram]:
    return iter(dict.fromkeys(gram for term in wanted for gram in term.grams()))


def _readable(gram: str, cleared: bool) -> tuple[str, ...]:
    return (gram, PERSONAL + gram) if cleared else (gram,)


def _all_of(piece: str) -> list[Gram]:
    if not is_dense(piece):
        return [(piece[:LONGEST], False)]
    return [(gram, False) for gram in (pairs(piece) if len(piece) > 1 else piece)]


def _beginning(word: str) -> list[Gram]:
    if len(word) in PREFIXES:
        return [(PREFIX + word, False)]
    return [(word, True)] if len(word) < LONGEST else [(word[:LONGEST], False)]

"""Looks for tickets: candidates from the index, decided by the texts; what the index lacks yet, by the texts alone."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from re import Pattern
from typing import Any, Final

from msgspec import Struct

from core.engine.ports import Reader
from core.tickets.search_index import SQL, START, Entry, News, State, entries_of, newest, news_of, older, state_of
from core.tickets.search_query import Term, fts, patterns, stands_in, tsquery

NEWEST: Final = 1 << 60
FRESH: Final = 200
"""Tickets that are read themselves because the index is behind with them."""
PAGE: Final = 100


class Looked(Struct, frozen=True):
    """One candidate, and whether it is one that was looked for."""

    ticket: int
    fits: bool


class Search(Struct, frozen=True):
    """What a search comes to, newest ticket first.

    `behind`: so many tickets at least are not in the index yet and were not looked at either; 0 is the usual.
    """

    looked: Iterator[Looked]
    behind: int


def search(tx: Reader, wanted: Sequence[Term], before: int | None, *, cleared: bool) -> Search:
    """Candidates below a ticket number, the newest first. `cleared`: whether this reader may find personal data."""
    sought, begin = patterns(wanted), NEWEST if before is None else before
    numbers, behind = _fresh(tx, state_of(tx))
    fresh = entries_of(tx, (number for number in sorted(numbers, reverse=True) if number < begin))
    known = _known(tx, wanted, begin, cleared)
    looked = heapq.merge(
        _look(iter(fresh.items()), sought, cleared),
        _look(((number, entry) for number, entry in known if number not in numbers), sought, cleared),
        key=lambda one: one.ticket,
        reverse=True,
    )
    return Search(looked, behind)


def _fresh(tx: Reader, state: State) -> tuple[frozenset[int], int]:
    """Tickets to read themselves, and how many there are besides that the index lacks."""
    news = News("") if state.below == START else news_of(tx, state.place, FRESH)
    changed, more = frozenset(news.tickets), FRESH if news.more else 0
    if state.below is None:
        return changed, more
    below = newest(tx).below if state.below == START else state.below
    assert below is not None, "an index that is being built begins at a ticket"
    unbuilt = older(tx, below, FRESH)
    return changed.union(unbuilt), more + (unbuilt[-1] - 1 if unbuilt else 0)


def _known(tx: Reader, wanted: Sequence[Term], before: int, cleared: bool) -> Iterator[tuple[int, Entry]]:
    asked: dict[str, Any] = {"fts": fts(wanted, cleared=cleared), "tsquery": tsquery(wanted, cleared=cleared)}
    while rows := tx.all(SQL["candidates"], {**asked, "before": before, "limit": PAGE}):
        for number, shown, personal in rows:
            yield number, Entry(shown, personal)
        if len(rows) < PAGE:
            return
        before = rows[-1][0]


def _look(entries: Iterator[tuple[int, Entry]], sought: Sequence[Pattern[str]], cleared: bool) -> Iterator[Looked]:
    for number, entry in entries:
        yield Looked(number, stands_in(sought, entry.readable(cleared=cleared)))

"""The lists behind the tabs, each by keyset: newest change first, or next step first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from core.engine.outcome import Refusal
from core.engine.ports import Reader
from core.escalation.queries.narrowing import Row
from core.escalation.queries.questions import Queue, Tab
from core.escalation.queries.reader import SQL
from core.escalation.records import FAR
from core.people.access import scopes
from core.people.model import People, Person

Place = tuple[int, int]
Listed = Iterator[tuple[str, Row]]
"""Rows in order, each with the cursor of what follows it."""
NEWEST: Final[Place] = (1 << 60, 1 << 60)
FIRST: Final[Place] = (-1, -1)
PAGE: Final = 51
"""Rows fetched first: a usual page, and one more …"""
LATER: Final = 200
"""… and then, where few of them are wanted."""
REST: Final = "rest:"
"""Begins the cursor of a row that has no next step, in a list of next steps."""


def lists_of(tx: Reader, people: People, person: Person, query: Queue) -> Listed | Refusal:
    """Every row of a tab from the cursor on. `invalid` for a cursor of another list."""
    tab = query.tab or "new"
    cursor = query.cursor or ""
    rest = cursor.startswith(REST)
    start = _place(cursor.removeprefix(REST)) if cursor else None
    if cursor and start is None:
        return Refusal("invalid", "cursor", "cursor")
    teams = [team for team in teams_of(people, person) if query.team in (None, team)]
    by_step = query.sort == "next" and tab not in ("escalated", "done")
    if tab == "mine":
        return _mine(tx, person.id, start, by_step=by_step)
    if by_step:
        return _by_step(tx, teams, tab, start, rest=rest)
    rising = tab == "escalated"
    name = "escalated" if rising else "team_status"
    return _merged(tx, [(name, {"team": team, "status": tab}) for team in teams], start, rising=rising)


def teams_of(people: People, person: Person) -> tuple[str, ...]:
    """The teams whose tickets this person lists: all for who sees all, else own and below."""
    if "unrestricted" in scopes(person, "see_ticket"):
        return tuple(people.teams)
    return tuple(sorted(people.reach(person))) if scopes(person, "see_ticket") else ()


def _mine(tx: Reader, me: str, start: Place | None, *, by_step: bool) -> Listed:
    name, base = ("next_mine", {"me": me, "far": FAR}) if by_step else ("mine", {"me": me})
    return _merged(tx, [(name, base)], start, rising=by_step)


def _by_step(tx: Reader, teams: list[str], tab: Tab, start: Place | None, *, rest: bool) -> Listed:
    """What time will do first comes first; then what waits for nothing, by its last change."""
    if not rest:
        steps = [(name, {"team": team, "status": tab}) for team in teams for name in ("next_escalated", "next_waking")]
        yield from _merged(tx, steps, start, rising=True)
        start = None
    others = [("no_next_step", {"team": team, "status": tab}) for team in teams]
    for cursor, row in _merged(tx, others, start, rising=False):
        yield REST + cursor, row


def _merged(tx: Reader, lists: Sequence[tuple[str, Mapping[str, Any]]], start: Place | None, *, rising: bool) -> Listed:
    begin = start or (FIRST if rising else NEWEST)
    pages = (_pages(partial(_fetch, tx, name, base), begin) for name, base in lists)
    for row in heapq.merge(*pages, key=lambda row: row[:2], reverse=not rising):
        yield f"{row[0]}:{row[1]}", row


def _fetch(tx: Reader, name: str, base: Mapping[str, Any], at: Place, limit: int) -> list[Row]:
    return tx.all(SQL[name], {**base, "at": at[0], "number": at[1], "limit": limit})


def _pages(fetch: Callable[[Place, int], list[Row]], start: Place) -> Iterator[Row]:
    """All rows of one list from a place on, a page at a time, as far as somebody reads."""
    limit = PAGE
    while rows := fetch(start, limit):
        yield from rows
        if len(rows) < limit:
            return
        start, limit = (rows[-1][0], rows[-1][1]), LATER


def _place(cursor: str) -> Place | None:
    at, _, number = cursor.partition(":")
    return (int(at), int(number)) if at.isdigit() and number.isdigit() else None

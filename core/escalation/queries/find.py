"""What is found: every ticket that the reader may see and in which all terms stand, the newest ticket first."""

from __future__ import annotations

from collections.abc import Iterator

from core.engine.outcome import Refusal
from core.engine.ports import Reader
from core.engine.work import Ask
from core.escalation.queries.lists import teams_of
from core.escalation.queries.narrowing import ESCALATION, HOLDER, NUMBER, RESTRICTED, STATUS, TEAM, Row, Wants, cut
from core.escalation.queries.questions import Queue, Tab
from core.escalation.queries.reader import SQL
from core.escalation.queries.rows import rows_of
from core.escalation.queries.views import QueuePage
from core.people.access import sees
from core.people.model import People, Person
from core.tickets.records import matter
from core.tickets.search import Looked, search
from core.tickets.search_query import terms


def find(ask: Ask, people: People, person: Person, query: Queue, wanted: Wants) -> QueuePage | Refusal:
    """One page of what is found, in one tab or wherever it stands."""
    sought = terms(query.q)
    if not sought:
        return Refusal("invalid", "nothing_to_find", "q")
    if query.cursor is not None and not query.cursor.isdigit():
        return Refusal("invalid", "cursor", "cursor")
    before = None if query.cursor is None else int(query.cursor)
    found = search(ask.tx, sought, before, cleared="personal_data" in person.clearance)
    teams = frozenset(teams_of(people, person))

    def shows(row: Row) -> bool:
        return _in_sight(ask.tx, people, person, teams, row) and _in_tab(row, query.tab, person.id) and wanted(row)

    page = cut(_rows(ask.tx, found.looked), shows, query.limit)
    return QueuePage(rows_of(ask, people, person, page.rows), page.next, found.behind)


def _rows(tx: Reader, looked: Iterator[Looked]) -> Iterator[tuple[str, Row | None]]:
    for one in looked:
        yield str(one.ticket), tx.one(SQL["row"], {"number": one.ticket}) if one.fits else None


def _in_sight(tx: Reader, people: People, person: Person, teams: frozenset[str], row: Row) -> bool:
    """By team as lists are, and what somebody sees for another reason: because they are called for it."""
    if row[TEAM] in teams and not row[RESTRICTED]:
        return True
    return sees(people, person, matter(tx, row[NUMBER], row[TEAM], row[STATUS], bool(row[RESTRICTED])))


def _in_tab(row: Row, tab: Tab | None, me: str) -> bool:
    match tab:
        case None:
            return True
        case "mine":
            return bool(row[HOLDER] == me and row[STATUS] != "done")
        case "escalated":
            return row[ESCALATION] is not None
    return bool(row[STATUS] == tab)

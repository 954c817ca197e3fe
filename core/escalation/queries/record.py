"""The journal as readers see it: in their sight, and in roles for whoever reads without working here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from core.engine.outcome import Refusal
from core.engine.place import Place, place_of, read_place
from core.engine.work import Ask
from core.escalation.queries.questions import Journal
from core.escalation.queries.reader import SQL, asker, seen_ticket
from core.escalation.queries.views import JournalPage, JournalRow
from core.people.access import scopes
from core.people.model import People, Person

PEOPLE_FIELDS: Final = (
    "person", "to", "by", "holder", "before", "recorder", "adds", "removes", "giver", "taker",
)  # fmt: skip
PEOPLE_LISTS: Final = ("people", "on", "off", "persons")
HIDDEN: Final = frozenset({"ticket", "escalation", "note", "call", "task", "version", "was", "handover"})
"""Inner ids that say nothing to a reader."""
LOOKED_AT: Final = 5_000
"""So many events at most are looked at for one page; a reader who sees few goes on from `next`."""


def journal(ask: Ask, query: Journal) -> JournalPage | Refusal:
    """What happened after a place in the journal, oldest first; of one ticket, or of all in my sight."""
    found = asker(ask) if query.ticket is None else seen_ticket(ask, query.ticket)
    if isinstance(found, Refusal):
        return found
    people, person = found[0], found[1]
    after = read_place(query.after or str(Place()))
    if after is None:
        return Refusal("invalid", "cursor", "after")
    name, rows = "journal_page" if query.ticket is None else "journal_ticket", list[JournalRow]()
    looked = 0
    sights: dict[tuple[str, int], bool] = {}
    while page := ask.tx.all(SQL[name], {**after.params(query.limit + 1), "ticket": query.ticket}):
        for row in page:
            if len(rows) == query.limit:
                return JournalPage(tuple(rows), str(after))
            after, looked = place_of(row, 7), looked + 1
            if _in_sight(ask, sights, row[1], row[2]):
                rows.append(_row(people, person, row))
            if looked == LOOKED_AT:
                return JournalPage(tuple(rows), str(after))
    return JournalPage(tuple(rows), None)


def _in_sight(ask: Ask, known: dict[tuple[str, int], bool], stream: str, stream_id: int) -> bool:
    if (stream, stream_id) not in known:
        load = ask.catalogue.sights.get(stream)
        known[stream, stream_id] = load is not None and load(ask.tx, stream_id)(ask.by)
    return known[stream, stream_id]


def _row(people: People, person: Person, row: tuple[Any, ...]) -> JournalRow:
    _, stream, stream_id, at, actor, kind, data = row[:7]
    values = msgspec.json.decode(data)
    if reads_roles(person):
        actor, values = role_of(people, actor), with_roles(people, values)
    shown = {name: value for name, value in values.items() if name not in HIDDEN}
    return JournalRow(at, kind, actor, stream_id if stream == "ticket" else None, shown)


def reads_roles(person: Person) -> bool:
    """An auditor who does not work on tickets reads roles, not names."""
    return "auditor" in person.roles and "team" not in scopes(person, "see_ticket")


def with_roles(people: People, values: Mapping[str, Any]) -> dict[str, Any]:
    """Roles instead of names, for whoever reads without working here."""
    shown = dict(values)
    for name in PEOPLE_FIELDS:
        if isinstance(shown.get(name), str):
            shown[name] = role_of(people, shown[name])
    for name in PEOPLE_LISTS:
        if name in shown:
            shown[name] = tuple(role_of(people, person) for person in shown[name])
    return shown


def role_of(people: People, id_: str) -> str:
    """The level of a person instead of the id."""
    known = people.persons.get(id_)
    return f"L{known.level}" if known else id_

"""The search index in the database: what it holds of a ticket, and how far it follows the journal.

It is no part of a command's transaction (an entry writes many pages) and may always be built anew from the texts. What
was written since is read from the texts themselves, so nothing is missed while the index is a little behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from msgspec import Struct

from core.engine.journal import SQL as JOURNAL
from core.engine.journal import type_of
from core.engine.place import Place, place_of, read_place
from core.engine.ports import Reader, Transaction
from core.engine.store.sql import SqlFile
from core.tickets.events import TicketCreated, TicketEdited
from core.tickets.records import SQL as TICKETS
from core.tickets.records import STREAM
from core.tickets.search_query import PERSONAL
from core.tickets.search_words import fields, grams

OTHER: Final = "postgres_"


def _paired(file: SqlFile) -> SqlFile:
    """Where the stores differ, each statement speaks to each of them in its own words."""
    for name in [name for name in file if name.startswith(OTHER)]:
        file[name.removeprefix(OTHER)].postgres = file.pop(name).postgres
    return file


SQL: Final = _paired(SqlFile("core.tickets", "search.sql"))
START: Final = 0
"""`below` of an index that nobody has begun to build."""
NEWS: Final = 500
PAGES: Final = 10
"""So many pages of so many events are looked at in one go."""
TEXTS: Final = frozenset(type_of(event) for event in (TicketCreated, TicketEdited))
NOTE: Final = re.compile(r'"note":\d')
"""An event with a text of people."""


class Entry(Struct, frozen=True):
    """The canonical texts of a ticket: what everybody who sees it may find it by, and what needs clearance."""

    shown: str = ""
    personal: str = ""

    def readable(self, *, cleared: bool) -> str:
        """What this reader may find it by."""
        return f"{self.shown}\n{self.personal}" if cleared else self.shown

    def grams(self) -> str:
        """What the index holds of it."""
        found = [*grams(self.shown), *(PERSONAL + gram for gram in grams(self.personal))]
        return " ".join(sorted(found))


NOTHING: Final = Entry()


class State(Struct, frozen=True):
    """How far the index is. `below`: tickets below it are not in yet; None once all are."""

    place: str
    below: int | None


class News(Struct, frozen=True):
    """Tickets whose texts may have changed after a place; `more` when that is not all."""

    place: str
    tickets: tuple[int, ...] = ()
    more: bool = False


def state_of(tx: Reader) -> State:
    """How far the index is."""
    row = tx.one(SQL["state"])
    assert row is not None, "migration 040 writes the row"
    return State(*row)


def move(tx: Transaction, was: State, now: State) -> bool:
    """Go on from there; False when somebody else has."""
    return bool(
        tx.run(
            SQL["state_set"],
            {"place": now.place, "below": now.below, "was_place": was.place, "was_below": was.below},
        )
    )


def news_of(tx: Reader, place: str, most: int) -> News:
    """What changed after a place: `most` tickets at most, among the events of a few pages."""
    found: dict[int, None] = {}
    at = read_place(place) or Place()
    for _ in range(PAGES):
        rows = tx.all(SQL["news"], at.params(NEWS))
        for row in rows:
            if row[1] == STREAM and (row[3] in TEXTS or NOTE.search(row[4])):
                if row[2] not in found and len(found) == most:
                    return News(str(at), tuple(found), more=True)
                found[row[2]] = None
            at = place_of(row, 5)
        if len(rows) < NEWS:
            return News(str(at), tuple(found))
    return News(str(at), tuple(found), more=True)


def entry_of(tx: Reader, number: int) -> Entry:
    """The texts of a ticket as they are now."""
    of = {"number": number}
    row = tx.one(TICKETS["text"], of)
    if row is None:
        return NOTHING
    subject, body, *customer = row
    tags = (tag for (tag,) in tx.all(TICKETS["tags"], of))
    notes = (text for (text,) in tx.all(SQL["notes_text"], of))
    return Entry(fields([str(number), subject, body, *tags, *notes]), fields(filter(None, customer)))


def put(tx: Transaction, number: int, entry: Entry) -> None:
    """Let the index hold exactly this of a ticket. Where texts were erased, call it in the same transaction."""
    row = tx.one(SQL["indexed"], {"ticket": number})
    known = NOTHING if row is None else Entry(*row)
    if known == entry:
        return
    if row is not None:
        tx.run(SQL["grams_drop"], {"ticket": number, "grams": known.grams()})
        tx.run(SQL["indexed_drop"], {"ticket": number})
    if entry != NOTHING:
        tx.run(SQL["indexed_add"], {"ticket": number, "shown": entry.shown, "personal": entry.personal})
        tx.run(SQL["grams_add"], {"ticket": number, "grams": entry.grams()})


def put_all(tx: Transaction, entries: Mapping[int, Entry]) -> None:
    """As `put`, for several."""
    for number, entry in entries.items():
        put(tx, number, entry)


def entries_of(tx: Reader, numbers: Iterable[int]) -> dict[int, Entry]:
    """The texts of these tickets as they are now."""
    return {number: entry_of(tx, number) for number in numbers}


def build_anew(tx: Transaction) -> None:
    """Forget the whole index; whoever follows the journal builds it again from the texts."""
    tx.run(SQL["grams_clear"])
    tx.run(SQL["indexed_clear"])
    tx.run(SQL["state_anew"], {"place": "0", "below": START})


def newest(tx: Reader) -> State:
    """Where to begin: everything below the next ticket is to be built, and the journal is followed from now on."""
    at, ticket = tx.one(JOURNAL["journal_newest"]), tx.one(SQL["newest_ticket"])
    return State(str(place_of(at, 1) if at else Place()), (int(ticket[0]) if ticket else 0) + 1)


def older(tx: Reader, below: int, limit: int) -> tuple[int, ...]:
    """The next tickets to build, newest first."""
    return tuple(number for (number,) in tx.all(SQL["older_tickets"], {"below": below, "limit": limit}))

"""Load the ticket a decision needs inside the transaction; save what it decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.engine.ports import Reader
from core.engine.store.sql import SqlFile
from core.engine.work import Stream, Work
from core.people.access import Matter
from core.tickets.commands import CreateTicket
from core.tickets.events import HolderChanged, How
from core.tickets.model import Customer, Offer, Ticket

SQL: Final = SqlFile("core.tickets", "tickets.sql")
STREAM: Final = "ticket"


def load(tx: Reader, number: int) -> Ticket | None:
    """The ticket with what access asks of it; None when there is none."""
    ahead: Ticket | None = tx.memo.pop(("ticket", number), None)
    if ahead is not None:
        return ahead
    row = tx.one(SQL["load"], {"number": number})
    return None if row is None else from_row(tx, row)


def read_ahead(tx: Reader, due: Mapping[str, int]) -> None:
    """The tickets of so many due deadlines (`now`, `limit`) with who takes part: two statements for all of them."""
    parties: dict[int, set[str]] = {}
    for number, person in tx.all(SQL["parties_ahead"], due):
        parties.setdefault(number, set()).add(person)
    for row in tx.all(SQL["tickets_ahead"], due):
        if not row[13]:
            called = frozenset(parties.get(row[0], ()) if row[2] != "done" else ())
            tx.memo["ticket", row[0]] = _ticket(row, Matter(row[1], called=called))


def from_row(tx: Reader, row: tuple[Any, ...]) -> Ticket:
    """A ticket from a row of `load`'s columns."""
    return _ticket(row, matter(tx, row[0], row[1], row[2], bool(row[13])))


def _ticket(row: tuple[Any, ...], seen: Matter) -> Ticket:
    offer = Offer(*row[17:20]) if row[17] is not None else None
    return Ticket(*(*row[:13], bool(row[13]), *row[14:17], offer, seen))


def matter(tx: Reader, number: int, team: str, status: str, restricted: bool) -> Matter:
    """Who takes part while it is open, and who is listed where it is restricted."""
    parties = () if status == "done" else tx.all(SQL["parties"], {"number": number})
    called = frozenset(person for (person,) in parties)
    if not restricted:
        return Matter(team, called=called)
    listed = tx.all(SQL["sight"], {"number": number})
    return Matter(
        team,
        True,
        frozenset(id_ for kind, id_ in listed if kind == "person"),
        frozenset(id_ for kind, id_ in listed if kind == "team"),
        called,
    )


def insert(work: Work, ticket: Ticket, command: CreateTicket) -> None:
    """A new ticket with its texts and tags."""
    work.tx.run(SQL["insert"], {**_columns(ticket), "personal_data": int(command.personal_data)})
    customer = command.customer or Customer()
    work.tx.run(
        SQL["text_add"],
        {
            "ticket": ticket.number, "subject": command.subject, "body": command.body,
            "name": customer.name, "email": customer.email, "phone": customer.phone,
        },
    )  # fmt: skip
    save_tags(work, ticket.number, command.tags)


def save(work: Work, before: Ticket, after: Ticket) -> None:
    """Write the state of the ticket. Often only hands changed, which touches two indexes instead of five."""
    work.tx.run(SQL["save_hands" if _matters(before) == _matters(after) else "save"], _columns(after))


def _matters(ticket: Ticket) -> tuple[Any, ...]:
    """All that is saved besides whose hands it is in."""
    return (
        ticket.status, ticket.category, ticket.severity, ticket.restricted, ticket.wait_for, ticket.wait_team,
        ticket.wake_at, ticket.offer,
    )  # fmt: skip


def save_tags(work: Work, number: int, tags: tuple[str, ...]) -> None:
    """Add tags (clear them before, to replace)."""
    for tag in tags:
        work.tx.run(SQL["tag_add"], {"ticket": number, "tag": tag})


def involve(work: Work, number: int, *persons: str) -> None:
    """These persons take part: they see the ticket as long as it is open."""
    for person in persons:
        work.tx.run(SQL["involve"], {"ticket": number, "person": person})


def write_note(work: Work, number: int, kind: str, text: str) -> int | None:
    """Keep a text of people apart from the journal; its id, or None for no text."""
    if not text:
        return None
    id_ = work.tx.new_ids("note")
    work.tx.run(
        SQL["note_add"],
        {"id": id_, "ticket": number, "kind": kind, "author": work.by.person, "at": work.now, "text": text},
    )
    return id_


def move(work: Work, stream: Stream, ticket: Ticket, holder: str | None, how: How) -> None:
    """Record that responsibility moved: one event, which ends a ledger row and begins the next."""
    seq = stream.seq + 1  # whoever reacts to the event records more behind it
    work.record(stream, HolderChanged(ticket.number, holder, ticket.holder, how))
    if ticket.holder is not None:
        work.tx.run(SQL["ledger_end"], {"ticket": ticket.number, "until": work.now})
    if holder is not None:
        work.tx.run(
            SQL["ledger_begin"],
            {"ticket": ticket.number, "seq": seq, "holder": holder, "since": work.now},
        )


def _columns(ticket: Ticket) -> dict[str, Any]:
    offer = ticket.offer
    return {
        "number": ticket.number, "team": ticket.team, "status": ticket.status, "category": ticket.category,
        "severity": ticket.severity, "source": ticket.source, "created_at": ticket.created_at,
        "updated_at": ticket.updated_at, "version": ticket.version, "created_by": ticket.created_by,
        "holder": ticket.holder, "holder_since": ticket.holder_since, "last_holder": ticket.last_holder,
        "restricted": int(ticket.restricted), "wait_for": ticket.wait_for, "wait_team": ticket.wait_team,
        "wake_at": ticket.wake_at, "offer_to": offer and offer.to, "offer_by": offer and offer.by,
        "offer_at": offer and offer.at,
    }  # fmt: skip

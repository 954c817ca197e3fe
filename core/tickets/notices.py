"""Quiet notices of tickets: an offer, a mention, a wake-up. What is true no more is not sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from core.engine.catalogue import NoticeRow, Outgoing
from core.engine.ports import Message, Millis, Reader
from core.people.access import sees
from core.people.devices import reports
from core.people.notice import Wording, message
from core.people.records import people_of
from core.tickets.model import Ticket
from core.tickets.records import load
from core.words import say

STILL: dict[str, Callable[[Ticket, str], bool]] = {
    "offer": lambda ticket, person: ticket.offer is not None and ticket.offer.to == person,
    "offer_refused": lambda ticket, person: ticket.holder is not None and ticket.offer is None,
    "mention": lambda ticket, person: True,
    "wake": lambda ticket, person: ticket.holder == person and ticket.status != "done",
}
"""By kind: whether the notice is still true for this person."""


def rows(public_url: str, badge: Callable[[Reader, str], int]) -> list[NoticeRow]:
    """The part's kinds of notice."""
    telling = partial(_compose, public_url=public_url, badge=badge)
    return [NoticeRow(kind, telling, reports, information=True) for kind in STILL]


def _compose(
    tx: Reader, row: Outgoing, now: Millis, *, public_url: str, badge: Callable[[Reader, str], int]
) -> Message | None:
    people, ticket = people_of(tx), load(tx, row.stream_id)
    person = people.persons.get(row.recipient)
    if person is None or ticket is None or not sees(people, person, ticket.matter):
        return None
    if not STILL[row.kind](ticket, row.recipient):
        return None
    words = Wording(
        title=say(person.language, f"notice.{row.kind}.title", ticket=ticket.number),
        body=say(person.language, f"notice.{row.kind}.body", ticket=ticket.number),
        path=f"/desk/tickets/{ticket.number}",
        tag=f"ticket-{ticket.number}-{row.kind}",
        urgency="normal",
        ticket=ticket.number,
        badge=badge(tx, row.recipient),
    )
    return message(people, row, words, public_url)

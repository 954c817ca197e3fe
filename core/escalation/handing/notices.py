"""What a handover, or somebody who leaves while holding, tells: how many tickets, and where to see them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from core.engine.catalogue import NoticeRow, Outgoing
from core.engine.ports import Message, Millis, Reader
from core.escalation.handing.acts import is_pending
from core.escalation.handing.records import held, load
from core.escalation.shift import absent
from core.people.access import sees
from core.people.devices import reports
from core.people.model import People, Person
from core.people.notice import Wording, message
from core.people.records import people_of
from core.roster.records import roster_of
from core.tickets.records import load as load_ticket
from core.words import say

Badge = Callable[[Reader, str], int]
Count = Callable[[Reader, Outgoing, People, Person, Millis], int]
PAGE: Final = "/desk/handovers"


def rows(public_url: str, badge: Badge) -> list[NoticeRow]:
    """The kinds of notice; all of them information."""
    kinds: dict[str, Count] = {
        "handover": _offered, "handed_for_you": _offered, "handover_refused": _not_taken, "leaving": _left_behind,
    }  # fmt: skip
    return [
        NoticeRow(kind, partial(_compose, count=count, url=public_url, badge=badge), reports, information=True)
        for kind, count in kinds.items()
    ]


def _compose(
    tx: Reader, row: Outgoing, now: Millis, *, count: Count, url: str, badge: Badge
) -> Message | None:  # fmt: skip
    people = people_of(tx)
    person = people.persons.get(row.recipient)
    n = 0 if person is None else count(tx, row, people, person, now)
    if person is None or n == 0:
        return None
    own = row.kind == "leaving" and row.data == person.id
    key, values = f"notice.{'leaving_own' if own else row.kind}", dict[str, Any](n=n)
    words = Wording(
        title=say(person.language, f"{key}.title", **values),
        body=say(person.language, f"{key}.body", **values),
        path=PAGE,
        tag=f"{row.kind}-{row.stream_id}-{person.id}",
        urgency="low" if row.kind == "leaving" else "normal",
        badge=badge(tx, person.id),
    )
    return message(people, row, words, url)


def _offered(tx: Reader, row: Outgoing, people: People, person: Person, now: Millis) -> int:
    """How much of it still waits for an answer."""
    handover = load(tx, int(row.data))
    tickets = () if handover is None else (load_ticket(tx, number) for number in handover.tickets)
    return sum(1 for ticket in tickets if handover and ticket and is_pending(handover, ticket))


def _not_taken(tx: Reader, row: Outgoing, people: People, person: Person, now: Millis) -> int:
    """How much of it was not taken and stays with its holder."""
    handover = load(tx, int(row.data))
    tickets = () if handover is None else (load_ticket(tx, number) for number in handover.tickets)
    return sum(1 for ticket in tickets if handover and ticket and ticket.holder == handover.holder)


def _left_behind(tx: Reader, row: Outgoing, people: People, person: Person, now: Millis) -> int:
    """How many tickets in this reader's sight somebody holds who is absent now."""
    if not absent(people, roster_of(tx), row.data, now):
        return 0
    tickets = (load_ticket(tx, number) for number in held(tx, row.data))
    return sum(1 for ticket in tickets if ticket is not None and sees(people, person, ticket.matter))

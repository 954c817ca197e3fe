"""Many calls at once: from the fourth on, one notice speaks for all open calls of a person (1-domain, rule 14).

It is composed when a call is about to leave, so it waits for nothing.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from core.engine.catalogue import Outgoing
from core.engine.ports import Message, Millis, Reader
from core.escalation.ladder import turn_ends
from core.escalation.model import Call, Escalation
from core.escalation.records import SQL, load
from core.people.model import People, Person
from core.people.notice import Wording, message
from core.words import clock, say

TOGETHER: Final = 4


class Calls(NamedTuple):
    """The open calls of one person: of how many escalations, and when the first turn ends."""

    many: int
    due: Millis | None


def calls_of(tx: Reader, person: str) -> Calls:
    """Counted once for all notices of one claim."""
    known: Calls | None = tx.memo.get(("calls of", person))
    if known is None:
        ids = [id_ for (id_,) in tx.all(SQL["calling_person"], {"person": person})]
        dues = [due for id_ in ids for due in _dues(tx, id_, person)] if len(ids) >= TOGETHER else []
        known = tx.memo["calls of", person] = Calls(len(ids), min(dues, default=None))
    return known


def _dues(tx: Reader, id_: int, person: str) -> list[Millis]:
    escalation = load(tx, id_)
    assert escalation is not None, "a call is of an escalation"
    open_ = (call for call in escalation.calls if call.person == person and call.ended_at is None)
    return [due for call in open_ if (due := accept_by(escalation, call)) is not None]


def accept_by(escalation: Escalation, call: Call) -> Millis | None:
    """When this person's turn ends: `backup_after` for the duty under `passes`, else the rung's end."""
    if call.seat == "side":
        return escalation.side.due if escalation.side is not None else None
    return turn_ends(escalation) if call.seat == "duty" else escalation.accept_due


def bundled(people: People, person: Person, row: Outgoing, calls: Calls, iso: str | None, url: str) -> Message | None:
    """One notice for all of them, under a tag of its own; it names no single escalation."""
    due = clock(calls.due, people.settings.timezone) if calls.due is not None else ""
    words = Wording(
        title=say(person.language, "notice.bundle.title", n=calls.many),
        body=say(person.language, "notice.bundle.body" if due else "notice.bundle.body_open", time=due),
        path="/desk/calls",
        tag=f"calls-{person.id}",
        urgency="high",
        accept_by=iso,
        badge=calls.many,
        bundle=True,
    )
    return message(people, row, words, url)

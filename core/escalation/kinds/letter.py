"""The report as the customer reads it: one plain mail per approved report, in the desk's language.

The one notice that leaves the house: it goes to the customer's address, and says what somebody approved. Which mail
server takes it, and how often that is tried, is the dispatcher's; it has one row, so one Message-ID, per report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from core.engine.catalogue import NoticeRow, Outgoing
from core.engine.ports import DAY, MINUTE, Message, Millis, Reader
from core.engine.work import Notice, Work
from core.escalation.kinds.commands import ReportDelivered
from core.escalation.kinds.events import ReportApproved
from core.escalation.kinds.records import SQL
from core.escalation.records import load
from core.people.model import Settings
from core.people.records import people_of
from core.tickets.records import STREAM
from core.words import date_line, say

KIND: Final = "customer_report"
WORTH: Final = 15 * MINUTE
"""A report is worth sending until the next one is due, and at least so long."""


def _customer(ticket: int) -> str:
    """Who it is for, as far as the outbox knows (no person has such an id): the address is read when it leaves, and
    an address in trouble holds up nobody else's."""
    return f"customer:{ticket}"


def row() -> NoticeRow:
    """The kind of notice."""
    return NoticeRow(KIND, _compose, _reports)


def leave(work: Work, event: ReportApproved) -> None:
    """Approved: it is queued, once. A drill never reaches a customer."""
    approval = {"by": work.by.person, "at": work.now, "nth": event.nth}
    work.tx.run(SQL["draft_approved"], {"escalation": event.escalation, "number": event.number, **approval})
    escalation = load(work.tx, event.escalation)
    assert escalation is not None, "an event speaks of what is there"
    if not escalation.drill:
        expires = max(event.next_update or work.now + DAY, work.now + WORTH)
        data = f"{event.escalation}:{event.number}"
        notice = Notice(
            kind=KIND, recipient=_customer(escalation.ticket), channel="mail", expires_at=expires, data=data
        )
        work.notify(work.lock(STREAM, escalation.ticket), notice)


def _compose(tx: Reader, row: Outgoing, now: Millis) -> Message | None:
    """None when it was withdrawn, erased, overtaken by a newer one, or has no address any more."""
    escalation, _, number = row.data.partition(":")
    found = tx.one(SQL["letter"], {"escalation": int(escalation), "number": int(number)})
    if found is None or not found[0] or not found[7]:
        return None
    settings = people_of(tx).settings
    language = settings.language
    return Message(
        id=row.id,
        kind=KIND,
        recipient=row.recipient,
        channel="mail",
        to={"address": found[7]},
        language=language,
        subject=say(language, "letter.subject", ticket=row.stream_id, nth=found[5]),
        text=_text(settings, row.stream_id, found),
        payload=b"",
        tag=f"report-{escalation}",
        urgency="normal",
        expires=row.expires_at,
    )


def _text(settings: Settings, ticket: int, found: tuple[str | int | None, ...]) -> str:
    language = settings.language
    what, since, affects, recovery, next_update, _, name, _ = found

    def at(time: str | int | None) -> str:
        return date_line(int(time or 0), settings.timezone, language)

    parts = [
        say(language, "letter.to", name=name) if name else say(language, "letter.to_somebody"),
        say(language, "letter.greeting", desk=settings.name),
        f"{say(language, 'letter.what')}\n{what}"
        + (f"\n{say(language, 'letter.since', time=at(since))}" if since is not None else ""),
        f"{say(language, 'letter.affects')}\n{affects or say(language, 'letter.unknown')}",
        f"{say(language, 'letter.recovery')}\n{recovery or say(language, 'letter.unknown')}",
        f"{say(language, 'letter.next')}\n"
        + (
            say(language, "letter.next_at", time=at(next_update))
            if next_update is not None
            else say(language, "letter.last")
        ),
        say(language, "letter.foot", desk=settings.name, ticket=ticket),
    ]
    return "\n\n".join(parts) + "\n"


def _reports(row: Outgoing, state: str, reason: str) -> Sequence[Struct]:
    escalation, _, number = row.data.partition(":")
    match state:
        case "sent" | "failed" | "gone" | "dropped":
            return [ReportDelivered(int(escalation), int(number), state)]
    return ()

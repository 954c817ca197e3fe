"""What leaves for an escalation. Just before sending, the truth is read again; what is true no more is dropped.

Words are the receiver's; nothing names a customer, quotes a text, or says who did not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from core.engine.catalogue import NoticeRow, Outgoing
from core.engine.ports import Message, Millis, Reader
from core.escalation.bundle import TOGETHER, accept_by, bundled, calls_of
from core.escalation.commands import DeliveryReported
from core.escalation.decide.contest import CONTEST_FOR
from core.escalation.model import AT_ONCE, Call, Escalation
from core.escalation.records import SQL, load
from core.people.access import sees
from core.people.devices import reports
from core.people.model import People, Person
from core.people.notice import Action, Wording, message
from core.people.records import people_of
from core.policy.model import Kind
from core.tickets.records import load as load_ticket
from core.words import clock, knows, say

Badge = Callable[[Reader, str], int]
ACCEPT: Final[dict[Kind, str]] = {
    "takeover": "notice.action.accept",
    "consult": "notice.action.answer",
    "notify": "notice.action.check",
}
"""What accepting means, by kind."""
URGENCY: Final[dict[str, Literal["high", "normal", "low"]]] = {"ended": "low", "update_missed": "high"}


class _Facts(NamedTuple):
    people: People
    person: Person
    escalation: Escalation
    call: Call | None
    holder: str | None


def badge(tx: Reader, person: str) -> int:
    """Open calls of a person: the number on the app's icon. Counted once for all that leaves together."""
    known: int | None = tx.memo.get(("badge", person))
    if known is None:
        row = tx.one(SQL["open_calls_of"], {"person": person})
        known = tx.memo["badge", person] = row[0] if row else 0
    return known


def rows(public_url: str) -> list[NoticeRow]:
    """The part's kinds of notice."""
    telling = partial(_compose, public_url=public_url)
    return [
        NoticeRow("call", partial(_compose_call, public_url=public_url), _call_reports, tries_until=_tries_until),
        *(NoticeRow(kind, telling, reports, information=kind in INFORMS) for kind in STILL),
        NoticeRow("record", telling),
    ]


def iso(at: Millis | None, zone: str) -> str | None:
    """ISO 8601 with the desk's offset."""
    if at is None:
        return None
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _compose_call(tx: Reader, row: Outgoing, now: Millis, *, public_url: str) -> Message | None:
    found = _read(tx, row, row.about >> 16)
    call = found and next((call for call in found.escalation.calls if call.id == row.about), None)
    if found is None or call is None or call.ended_at is not None:
        return None
    escalation, person = found.escalation, found.person
    open_calls = calls_of(tx, person.id)
    if open_calls.many >= TOGETHER:
        by = iso(open_calls.due, found.people.settings.timezone)
        return bundled(found.people, person, row, open_calls, by, public_url)
    due = accept_by(escalation, call)
    zone, path = found.people.settings.timezone, f"/desk/tickets/{escalation.ticket}"
    kind = _asks(escalation, call)
    values = _values(found, zone, due)
    words = Wording(
        title=say(person.language, f"notice.{kind}.title", **values),
        body=say(person.language, f"notice.{kind}.body" if due else "notice.body_open", **values),
        path=path,
        tag=_tag(escalation, person),
        urgency="high",
        actions=(
            Action("accept", say(person.language, ACCEPT[escalation.kind]), path),
            Action(
                "reassign",
                say(person.language, "notice.action.reassign"),
                f"/desk/escalations/{escalation.id}/reassignment?call={call.id}",
            ),
        ),
        escalation=str(escalation.id),
        call=str(call.id),
        ticket=escalation.ticket,
        accept_by=iso(due, zone),
        badge=open_calls.many,
    )
    return message(found.people, row, words, public_url)


def _asks(escalation: Escalation, call: Call) -> str:
    """What the call is called in words."""
    if call.seat in ("alarm", "page"):
        return call.seat
    returning = call.seat == "side" and escalation.side is not None and escalation.side.returning
    return "return" if returning else escalation.kind


def _compose(tx: Reader, row: Outgoing, now: Millis, *, public_url: str) -> Message | None:
    id_, _, moment = row.data.partition(":")
    if row.kind == "standing" and _hidden(tx, row):
        return _restricted_alarm(tx, row, public_url)
    found = _read(tx, row, int(id_))
    if found is None or not STILL.get(row.kind, _always)(found) or _overtaken(tx, row, id_):
        return None
    escalation, person = found.escalation, found.person
    zone = found.people.settings.timezone
    values = _values(found, zone, _named(escalation, row))
    key = _key(person.language, escalation.kind, f"{row.kind}.{moment}" if moment else row.kind)
    values["at"] = clock(row.created_at, zone)
    words = Wording(
        title=say(person.language, f"{key}.title", **values),
        body=say(person.language, f"{key}.body", **values),
        path=f"/desk/tickets/{escalation.ticket}",
        tag=_tag(escalation, person),
        urgency=URGENCY.get(row.kind, "normal"),
        escalation=str(escalation.id),
        ticket=escalation.ticket,
        badge=badge(tx, person.id),
    )
    return message(found.people, row, words, public_url)


def _key(language: str, kind: Kind, moment: str) -> str:
    """Of consults and reports in their own words, where these differ."""
    own = f"notice.{kind}.{moment}"
    return own if knows(language, f"{own}.title") else f"notice.{moment}"


def _named(escalation: Escalation, row: Outgoing) -> Millis | None:
    """The time a telling speaks of."""
    if row.kind == "on_behalf":
        return row.created_at + CONTEST_FOR
    if row.kind == "still_on_it":
        return escalation.confirm_due
    return escalation.report.promised if escalation.report is not None else None


def _overtaken(tx: Reader, row: Outgoing, escalation: str) -> bool:
    """Whether a newer end of the same escalation is on its way to the same place: the newest only."""
    at = {"ticket": row.stream_id, "recipient": row.recipient, "channel": row.channel, "address": row.address}
    return row.kind == "ended" and tx.one(SQL["newer_end"], {**at, "id": row.id, "of": f"{escalation}:%"}) is not None


def _hidden(tx: Reader, row: Outgoing) -> bool:
    people, ticket = people_of(tx), load_ticket(tx, row.stream_id)
    person = people.persons.get(row.recipient)
    return ticket is not None and person is not None and not sees(people, person, ticket.matter)


def _restricted_alarm(tx: Reader, row: Outgoing, public_url: str) -> Message | None:
    """Whoever may not see a restricted ticket learns one thing: a restricted call is unanswered."""
    people = people_of(tx)
    language = people.persons[row.recipient].language
    words = Wording(
        title=say(language, "notice.standing_restricted.title"),
        body=say(language, "notice.standing_restricted.body"),
        path="/desk/",
        tag="restricted-alarm",
        badge=badge(tx, row.recipient),
    )
    return message(people, row, words, public_url)


def _read(tx: Reader, row: Outgoing, escalation: int) -> _Facts | None:
    """The facts as they are now; None when the receiver may not see the ticket (any more)."""
    people, found = people_of(tx), load(tx, escalation)
    person = people.persons.get(row.recipient)
    ticket = None if found is None else load_ticket(tx, found.ticket)
    if found is None or person is None or ticket is None:
        return None
    done_with = ticket.status == "done" and not ticket.restricted and _took_part(found, person.id)
    if not sees(people, person, ticket.matter) and not done_with:
        return None
    call = next((c for c in found.calls if c.person == person.id and c.ended_at is None), None)
    return _Facts(people, person, found, call, ticket.holder)


def _took_part(escalation: Escalation, person: str) -> bool:
    """Whoever was called hears how it ended, also when the ticket was done with it."""
    return person == escalation.raised_by or any(call.person == person for call in escalation.calls)


def _values(found: _Facts, zone: str, due: Millis | None) -> dict[str, Any]:
    people, escalation, language = found.people, found.escalation, found.person.language
    number = escalation.policy.rungs[escalation.rung].level if escalation.policy.rungs else 0
    level = people.levels.get(number)
    return {
        "ticket": escalation.ticket,
        "level": f"L{number}",
        "rank": level.names.get(language, f"L{number}") if level else f"L{number}",
        "time": clock(due, zone) if due else "",
    }


def _tag(escalation: Escalation, person: Person) -> str:
    """One per escalation and person: a newer notice takes the older one's place."""
    return f"escalation-{escalation.id}-{person.id}"


def _call_reports(row: Outgoing, state: str, reason: str) -> Sequence[Struct]:
    told: list[Struct] = list(reports(row, state, reason))
    match state:
        case "sent" | "failed" | "gone" | "dropped" | "shown" | "opened":
            told.append(DeliveryReported(row.about, row.step, state, row.address))
    return told


def _tries_until(tx: Reader, row: Outgoing) -> Millis | None:
    """The end of this channel's wait, where another channel comes after it; long past once it has come."""
    escalation = load(tx, row.about >> 16)
    call = next((call for call in escalation.calls if call.id == row.about), None) if escalation else None
    if escalation is None or call is None or call.seat in AT_ONCE or row.step < 0:
        return None
    steps = escalation.policy.rungs[call.rung].channels
    wait = steps[row.step].wait
    if wait is None or all(call.failed >> index & 1 for index in range(row.step + 1, len(steps))):
        return None
    return call.step_at + wait if call.step == row.step else call.step_at


def _promised(escalation: Escalation) -> bool:
    return escalation.ended_at is None and escalation.report is not None and escalation.report.promised is not None


def _always(_: _Facts) -> bool:
    return True


STILL: Final[dict[str, Callable[[_Facts], bool]]] = {
    "ended": lambda found: found.call is None,
    "still_on_it": lambda found: found.escalation.confirm_due is not None,
    "standing": lambda found: found.escalation.state == "standing",
    "not_taken": lambda found: found.escalation.ended_at is None,
    "answered": lambda found: found.escalation.state == "answered",
    "revised": lambda found: found.escalation.state == "answered",
    "update_soon": lambda found: _promised(found.escalation),
    "update_missed": lambda found: _promised(found.escalation),
    "report_failed": lambda found: found.escalation.state != "withdrawn",
    "on_behalf": lambda found: found.escalation.held_by == found.person.id,
    "responder": lambda found: found.escalation.ended_at is None,
    "back": lambda found: found.holder == found.person.id,
}
"""By kind of telling: whether it is still true (and nothing newer is on its way)."""
INFORMS: Final = frozenset({"ended", "answered"})
"""Of these the tellings that ask nobody for anything."""

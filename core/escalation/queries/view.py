"""An escalation and a ticket as the contract shows them, from what was loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

from core.engine.journal import SQL as ENGINE
from core.engine.journal import type_of
from core.engine.ports import Reader
from core.engine.shapes import decode
from core.escalation import events as happened
from core.escalation.agenda import announced
from core.escalation.because import in_words, ruled
from core.escalation.foretell import foretell
from core.escalation.kinds import events as of_kinds
from core.escalation.kinds.views import shown
from core.escalation.ladder import turn_ends
from core.escalation.model import Call, Escalation
from core.escalation.queries.chain import Messages, messages_of
from core.escalation.queries.trace import steps, with_delivery, with_state
from core.escalation.queries.views import CallView, EscalationView, LadderStep, NextStep, PolicyRef, TicketView
from core.escalation.seats import Scene, open_call
from core.people.model import Person
from core.policy.records import policy_of, rules_of
from core.tickets.model import Customer, Ticket
from core.tickets.records import SQL as TICKETS

EVENTS: Final[dict[str, type[Struct]]] = {
    type_of(kind): kind
    for part in (happened, of_kinds)
    for kind in vars(part).values()
    if isinstance(kind, type) and issubclass(kind, Struct)
}


def journal_of(tx: Reader, ticket: int) -> list[tuple[Any, ...]]:
    """(id, stream, stream id, seq, at, actor, type, data, head) of a ticket, oldest first."""
    return tx.all(ENGINE["journal_of_stream"], {"stream": "ticket", "stream_id": ticket})


def events_of(rows: Sequence[tuple[Any, ...]], escalation: int) -> list[Struct]:
    """The recorded events of one escalation."""
    decoded = (decode(row[7], EVENTS[row[6]]) for row in rows if row[6] in EVENTS)
    return [event for event in decoded if getattr(event, "escalation", None) == escalation]


def responders_of(recorded: Iterable[Struct]) -> tuple[str, ...]:
    """Who was asked to help, by the events of an escalation."""
    return tuple(dict.fromkeys(event.to for event in recorded if isinstance(event, happened.ResponderAdded)))


def show_escalation(
    tx: Reader, scene: Scene, esc: Escalation, reader: str | None, rows: Sequence[tuple[Any, ...]] | None = None
) -> EscalationView:
    """The escalation as it is now, with the lines behind it and the lines ahead."""
    recorded = events_of(journal_of(tx, esc.ticket) if rows is None else rows, esc.id)
    past = steps(recorded)
    messages = messages_of(tx, esc.ticket)
    ahead = steps(foretell(scene, esc)[0])
    burning = esc.state in ("calling", "standing")
    ladder = with_state(with_delivery(past, esc, messages), ahead, burning)
    mine = open_call(esc, reader)
    newest, rules = policy_of(tx, esc.policy.id), rules_of(tx)
    return EscalationView(
        id=str(esc.id),
        ticket=esc.ticket,
        kind=esc.kind,
        state=esc.state,
        level=esc.policy.rungs[esc.rung].level if esc.policy.rungs else 0,
        policy=PolicyRef(esc.policy.id, esc.policy.version, newest.version if newest else esc.policy.version),
        because=esc.because,
        holder=scene.ticket.holder,
        raised_by=esc.raised_by,
        raised_at=esc.raised_at,
        accept_by=accept_by(esc, mine),
        next=next_step(esc, ahead),
        call=str(mine.id) if mine else None,
        calls=tuple(_call(esc, call, messages) for call in esc.calls),
        ladder=ladder,
        drill=esc.drill,
        held_by=esc.held_by,
        held_since=esc.held_since,
        asked=esc.confirm_due is not None,
        responders=responders_of(recorded),
        **({} if esc.kind == "takeover" else shown(tx, esc, recorded)),
        says=in_words(esc.because, esc.policy, rules),
        guidance=next((rule.guidance for rule in rules if rule.id == ruled(esc.because)), {}),
    )


def accept_by(esc: Escalation, mine: Call | None) -> int | None:
    """When my turn ends, or for whoever only looks on, the rung's."""
    if esc.side is not None:
        return esc.side.due
    return turn_ends(esc) if mine is not None and mine.seat == "duty" else esc.accept_due


def next_step(esc: Escalation, ahead: Sequence[LadderStep]) -> NextStep | None:
    """What time will do next, and to whom."""
    due = announced(esc)
    if due is None:
        return None
    lines = [line for line in ahead if line.at == due.at and line.people]
    line = next((line for line in lines if line.note != "off_duty"), lines[0] if lines else None)
    people, via, level = (line.people, line.channel, line.level) if line else ((), None, None)
    return NextStep(due.at, due.what, people, via, level)


def _call(esc: Escalation, call: Call, messages: Messages) -> CallView:
    rung = esc.policy.rungs[call.rung]
    trail = messages.get((call.id, call.step))
    state = call.ended or (trail.state if trail else "queued")
    channel = rung.channels[call.step].via if call.step >= 0 else None
    return CallView(str(call.id), call.person, call.seat, rung.level, channel, state, call.opened_at)


def show_ticket(tx: Reader, ticket: Ticket, reader: Person | None, escalations: Sequence[int]) -> TicketView:
    """The ticket as the contract has it; who has no clearance gets no personal data, and is told so."""
    number = ticket.number
    subject, body, *customer = tx.one(TICKETS["text"], {"number": number}) or ("", "", None, None, None)
    personal = tx.one(TICKETS["personal_data"], {"number": number})
    cleared = reader is not None and "personal_data" in reader.clearance
    known = any(customer)
    return TicketView(
        number=number,
        subject=subject,
        body=body,
        status=ticket.status,
        category=ticket.category,
        severity=ticket.severity,
        source=ticket.source,
        customer=Customer(*customer) if known and cleared else None,
        tags=tuple(tag for (tag,) in tx.all(TICKETS["tags"], {"number": number})),
        personal_data=bool(personal and personal[0]),
        team=ticket.team,
        holder=ticket.holder,
        escalations=tuple(str(id_) for id_ in escalations),
        created_at=ticket.created_at,
        updated_at=ticket.updated_at,
        version=ticket.version,
        holder_since=ticket.holder_since,
        created_by=ticket.created_by,
        restricted=ticket.restricted,
        masked=known and not cleared,
        wait_for=ticket.wait_for,
        wait_team=ticket.wait_team,
        wake_at=ticket.wake_at,
        offer=ticket.offer,
    )

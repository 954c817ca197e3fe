"""What must be true after every story, read from the database itself (7-transitions.md, "Always true")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import msgspec

from core.engine.ports import DAY, Reader
from core.engine.store.sql import SqlFile
from core.escalation.agenda import earliest
from core.escalation.model import OPEN, Escalation
from core.escalation.records import due_of
from core.escalation.records import load as load_escalation
from core.escalation.turn import Turn
from core.escalation.world import scene_of
from core.people.access import may, sees
from core.people.model import Actor
from core.people.records import people_of
from core.roster.records import roster_of
from core.tickets.model import Ticket
from core.tickets.records import load as load_ticket
from tests.stories.floor import Floor
from tests.stories.fold import fold

SQL: Final = SqlFile("tests.stories", "invariants.sql")


class Happened(NamedTuple):
    """One line of a ticket's journal."""

    seq: int
    at: int
    actor: str
    type: str
    data: Mapping[str, Any]


class Held(NamedTuple):
    """One row of the ledger of holders."""

    seq: int
    holder: str
    since: int
    until: int | None


async def broken(stage: Floor) -> list[str]:
    """Every sentence of "Always true" that does not hold now, and every broken link of the journal's chain."""

    def look(tx: Reader) -> list[str]:
        lines = [line for check in (_waits, _ledger, _causes, _truth, _folds, _customers, _sight) for line in check(tx)]
        return [*lines, *_duty(tx, stage.clock.now())]

    chain = (f"chain: {link}" for link in (await stage.desk.verify()).broken)
    return [*(await stage.store.read(look)), *chain]


def _duty(tx: Reader, now: int) -> Iterator[str]:
    """Whatever calls knows the next change of duty as it is planned now, and each rota who was told to be on duty."""
    for esc, ticket in _escalations(tx):
        if esc.state == "calling" and esc.side is None and esc.opens_at is None and now - esc.base < DAY:
            planned = Turn(scene_of(tx, ticket), esc, now).next_duty_change()
            if esc.duty_due != planned:
                yield f"duty: escalation {esc.id} looks at {esc.duty_due}, duty changes at {planned}"
    roster = roster_of(tx)
    for rota in roster.rotas.values():
        row = tx.one(SQL["told_on_duty"], {"rota": rota.id})
        on = {duty.person for duty in roster.on_duty(rota.id, now)}
        if rota.replaces is None and (row is None or set(msgspec.json.decode(row[0])) != on):
            yield f"duty: {on} are on duty in {rota.id}, told were {row}"


def _waits(tx: Reader) -> Iterator[str]:
    """1: whatever is open has something pending, and the engine knows when."""
    for esc, ticket in _escalations(tx):
        due = _deadline(tx, ticket.number, "escalation", esc.id)
        if due != due_of(esc):
            yield f"1: escalation {esc.id} ({esc.state}) is due at {due_of(esc)}, the engine looks at {due}"
        if not _pending(esc, ticket):
            yield f"1: escalation {esc.id} ({esc.state}) waits for nothing"
        if esc.state not in ("calling", "standing") and any(call.ended_at is None for call in esc.calls):
            yield f"1: escalation {esc.id} ({esc.state}) still calls somebody"
    for ticket in _tickets(tx):
        if _deadline(tx, ticket.number, "wake", ticket.number) != ticket.wake_at:
            yield f"1: ticket {ticket.number} ({ticket.status}) does not wake at {ticket.wake_at}"
    for stream_id, kind in tx.all(SQL["thrown"]):
        yield f"1: the deadline {kind} of ticket {stream_id} throws"


def _pending(esc: Escalation, ticket: Ticket) -> bool:
    match esc.state:
        case "calling":
            return earliest(esc) is not None
        case "standing":
            return esc.recall_due is not None
        case "answered":
            return esc.kind != "takeover" and earliest(esc) is not None
        case "accepted":
            waits = ticket.status == "waiting" and esc.hold_left is not None
            if esc.report is not None and esc.report.rests:
                return esc.report.update_due is not None
            return esc.policy.hold is None or waits or not (esc.hold_due is None and esc.confirm_due is None)
    return esc.state not in OPEN and esc.ended_at is not None


def _ledger(tx: Reader) -> Iterator[str]:
    """2: one holder from the first claim, or raise by a person, until done; rows touch and never overlap."""
    for ticket in _tickets(tx):
        rows, moves = _rows(tx, ticket.number), _moves(tx, ticket.number)
        ends = {move.at for move in moves.values() if move.data["holder"] is None}
        for before, after in pairwise(rows):
            if before.until is None or before.until > after.since:
                yield f"2: ticket {ticket.number} has two holders, {before} and {after}"
            elif before.until < after.since and before.until not in ends:
                yield f"2: ticket {ticket.number} fell into a hole between {before} and {after}"
        now = [(row.holder, row.since) for row in rows if row.until is None]
        if now != ([(ticket.holder, ticket.holder_since)] if ticket.holder else []):
            yield f"2: ticket {ticket.number} is held by {ticket.holder}, the ledger says {now}"
        if (ticket.holder is None) != (ticket.status == "done" or not _claimed(tx, ticket, rows, ends)):
            yield f"2: ticket {ticket.number} ({ticket.status}) is held by {ticket.holder}"
        for row in rows:
            move = moves.get(row.seq)
            if move is None or (move.data["holder"], move.at) != (row.holder, row.since):
                yield f"2: {row} of ticket {ticket.number} names the event {move}"


def _claimed(tx: Reader, ticket: Ticket, rows: Sequence[Held], ends: set[int]) -> bool:
    """Whether somebody must hold it: claimed or raised by a person, unless it was done and reopened since."""
    raised = any(esc.raised_by for esc, of in _escalations(tx) if of.number == ticket.number and esc.state in OPEN)
    return raised or (bool(rows) and rows[-1].until not in ends)


def _causes(tx: Reader) -> Iterator[str]:
    """3: only what the table names moves responsibility, and each move says from whom."""
    for ticket in _tickets(tx):
        journal, before, held = _journal(tx, ticket.number), None, [None]
        for move in _moves(tx, ticket.number).values():
            if move.data["before"] != before:
                yield f"3: ticket {ticket.number} was held by {before}, but {move}"
            if move.data["how"] in ("undone", "contested") and move.data["holder"] != held[-2:][0]:
                yield f"3: ticket {ticket.number} did not go back to where it came from: {move}"
            before = move.data["holder"]
            held.append(before)
            if not _caused(move, journal):
                yield f"3: nothing moved ticket {ticket.number}: {move}"


def _caused(move: Happened, journal: Sequence[Happened]) -> bool:
    holder, how = move.data["holder"], move.data["how"]
    beside = [event for event in journal if event.at == move.at]

    def happened(kind: str, **values: Any) -> bool:
        return any(e.type == kind and values.items() <= e.data.items() for e in beside)

    match how:
        case "claimed":
            return bool(move.actor == holder and move.data["before"] is None)
        case "offer":
            offered = any(e.type == "ticket_offered" and e.data["to"] == holder for e in journal if e.seq < move.seq)
            return offered and move.actor == holder
        case "raised":
            return happened("escalation_raised") and move.actor == holder
        case "accepted":
            return happened("escalation_accepted", person=holder)
        case "reopened":
            return happened("ticket_reopened")
        case "undone" | "contested":
            return happened(f"acceptance_{how}", person=move.data["before"])
    return how == "closed" and holder is None and happened("ticket_closed")


def _truth(tx: Reader) -> Iterator[str]:
    """4: no call left for somebody whose call had ended.

    No wire of a story does anything while it sends, so a row is claimed and sent at the same time.
    """
    for id_, person in tx.all(SQL["sent_too_late"]):
        yield f"4: message {id_} told {person} of a call that had ended"


def _folds(tx: Reader) -> Iterator[str]:
    """5: kind, state and who has it are what the journal says."""
    for esc, ticket in _escalations(tx):
        said = fold(esc.id, ((event.type, event.data) for event in _journal(tx, ticket.number)))
        if said[:3] != (esc.kind, esc.state, esc.held_by):
            yield f"5: escalation {esc.id} is {(esc.kind, esc.state, esc.held_by)}, the journal says {said}"


def _customers(tx: Reader) -> Iterator[str]:
    """8, and the rules of reports: a customer gets each approved report once, and nothing else, and no drill."""
    for ticket, data, sent in tx.all(SQL["customer_mails"]):
        escalation, _, number = data.partition(":")
        about = {"escalation": int(escalation), "number": int(number)}
        approved = [
            event for event in _journal(tx, ticket)
            if event.type == "report_approved" and about.items() <= event.data.items()
        ]  # fmt: skip
        if sent > 1 or not approved:
            yield f"8: report {data} of ticket {ticket} left {sent} times, approved {len(approved)} times"
        if (esc := load_escalation(tx, int(escalation))) is None or esc.kind != "notify" or (esc.drill and sent):
            yield f"8: a mail to the customer of ticket {ticket} is about {data}"


def _sight(tx: Reader) -> Iterator[str]:
    """7: whoever is called sees the ticket and may work on it."""
    people = people_of(tx)
    for esc, ticket in _escalations(tx):
        for call in esc.calls:
            person = people.persons[call.person]
            works = may(people, Actor("person", call.person), "work", ticket.matter)
            if call.ended_at is None and not (works and sees(people, person, ticket.matter)):
                yield f"7: {call.person} is called for ticket {ticket.number} without sight of it"


def _tickets(tx: Reader) -> Iterator[Ticket]:
    for (number,) in tx.all(SQL["tickets"]):
        ticket = load_ticket(tx, number)
        assert ticket is not None
        yield ticket


def _escalations(tx: Reader) -> Iterator[tuple[Escalation, Ticket]]:
    for (id_,) in tx.all(SQL["escalations"]):
        esc = load_escalation(tx, id_)
        assert esc is not None
        ticket = load_ticket(tx, esc.ticket)
        assert ticket is not None
        yield esc, ticket


def _deadline(tx: Reader, ticket: int, kind: str, ref: int) -> int | None:
    row = tx.one(SQL["deadline"], {"ticket": ticket, "kind": kind, "ref": ref})
    return None if row is None else int(row[0])


def _rows(tx: Reader, ticket: int) -> list[Held]:
    return [Held(*row) for row in tx.all(SQL["ledger"], {"ticket": ticket})]


def _journal(tx: Reader, ticket: int) -> list[Happened]:
    rows = tx.all(SQL["journal"], {"ticket": ticket})
    return [Happened(seq, at, actor, kind, msgspec.json.decode(data)) for seq, at, actor, kind, data in rows]


def _moves(tx: Reader, ticket: int) -> dict[int, Happened]:
    """By place in the journal: every change of hands."""
    return {event.seq: event for event in _journal(tx, ticket) if event.type == "holder_changed"}

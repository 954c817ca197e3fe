"""The commands of escalations inside their transaction: load, decide, record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from core.engine.outcome import Done, Refusal
from core.engine.ports import HOUR
from core.engine.work import Notice, Stream, Work
from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    ConfirmEscalation,
    DeadlinePassed,
    DeliveryReported,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    ReportPhoneOutcome,
    ResolveEscalation,
    TakePhoneTask,
    WithdrawEscalation,
)
from core.escalation.decide import answer, finish, pass_on, phone, time
from core.escalation.decide.consult import raised_already
from core.escalation.decide.report import unfit
from core.escalation.decide.verdict import Verdict, foremost
from core.escalation.kinds.records import add_draft
from core.escalation.model import NUMBERS, Escalation
from core.escalation.raising import Proposal, begin, propose
from core.escalation.records import SQL, due_of, load, open_of, save, ticket_of
from core.escalation.seats import Scene
from core.escalation.shift import on_shift
from core.escalation.turn import Decision, Send
from core.escalation.world import book_of, facts_of, scene_of
from core.people.access import may, sees
from core.people.records import people_of
from core.people.telling import TELL_FOR, everywhere, quietly
from core.tickets import acts as tickets
from core.tickets import decide as ticket_decide
from core.tickets.decide import Change, give_back, hold
from core.tickets.model import Ticket
from core.tickets.records import STREAM, involve, write_note
from core.tickets.records import load as load_ticket

UNKNOWN: Final = Refusal("unknown", "escalation")
WORTH: Final = HOUR
"""A call without an accept-by (a standing alarm) is worth sending for an hour; the recall comes sooner."""
Choose = Callable[[Scene, Escalation], Verdict]


def raise_(work: Work, command: RaiseEscalation) -> Done | Refusal:
    """Call upward: snapshot the policy, call the first rung."""
    stream = work.lock(STREAM, command.ticket)
    ticket = load_ticket(work.tx, command.ticket)
    if ticket is None or not _may_know(work, ticket):
        return Refusal("unknown", "ticket")
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    scene = scene_of(work.tx, ticket)
    if not may(scene.people, work.by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    proposal = propose(scene, book_of(work.tx), facts_of(work.tx, ticket), work.by.person, command, work.wall)
    kind = proposal.kind if isinstance(proposal, Proposal) else command.kind or "takeover"
    taken = raised_already(open_of(work.tx, ticket.number), kind)
    if refused := foremost(taken, proposal, _unready(proposal, command, work.wall)):
        return refused
    assert isinstance(proposal, Proposal), "no refusal is left"
    id_ = work.tx.new_ids("escalation")
    note = write_note(work, ticket.number, "raise", command.reason)
    if command.report is not None:
        add_draft(work.tx, id_, 1, command.report, work.by.person, work.now)
    decision = begin(scene, proposal, id_, work.by, command, note, work.wall)
    if work.by.person is not None and decision.holder is None:
        involve(work, ticket.number, work.by.person)
    record(work, scene, stream, None, decision)
    return Done(str(id_))


def _unready(proposal: Proposal | Refusal, command: RaiseEscalation, now: int) -> Refusal | None:
    """A notify carries what the customer is to read, and nothing else does."""
    if isinstance(proposal, Refusal):
        return None
    if proposal.kind == "notify":
        return unfit(command.report, now)
    return None if command.report is None else Refusal("invalid", "no_report_here", "report")


def accept(work: Work, command: AcceptEscalation) -> Done | Refusal:
    return act(work, command.escalation, lambda scene, esc: answer.accept(scene, esc, work.by, command.call, work.wall))


def refuse(work: Work, command: RefuseEscalation) -> Done | Refusal:
    return noted(
        work, command.escalation, command.reason, "refuse",
        lambda scene, esc, note: answer.refuse(scene, esc, work.by, command.call, note, work.wall),
    )  # fmt: skip


def reassign(work: Work, command: ReassignEscalation) -> Done | Refusal:
    return noted(
        work, command.escalation, command.reason, "reassign",
        lambda scene, esc, note: pass_on.reassign(scene, esc, work.by, command.to, command.call, note, work.wall),
    )  # fmt: skip


def climb(work: Work, command: ClimbEscalation) -> Done | Refusal:
    return noted(
        work, command.escalation, command.reason, "climb",
        lambda scene, esc, note: pass_on.climb(scene, esc, work.by, command.level, note, work.wall),
    )  # fmt: skip


def withdraw(work: Work, command: WithdrawEscalation) -> Done | Refusal:
    return noted(
        work, command.escalation, command.reason, "withdraw",
        lambda scene, esc, note: finish.withdraw(scene, esc, work.by, note, work.wall),
    )  # fmt: skip


def resolve(work: Work, command: ResolveEscalation) -> Done | Refusal:
    return noted(
        work, command.escalation, command.note, "resolve",
        lambda scene, esc, note: finish.resolve(scene, esc, work.by, note, command.close, work.wall),
    )  # fmt: skip


def confirm(work: Work, command: ConfirmEscalation) -> Done | Refusal:
    return act(work, command.escalation, lambda scene, esc: answer.confirm(scene, esc, work.by, work.wall))


def take_task(work: Work, command: TakePhoneTask) -> Done | Refusal:
    def choose(scene: Scene, esc: Escalation) -> Verdict:
        ready = work.by.person in on_shift(scene, work.wall)
        return phone.take(scene, esc, work.by, command.task, ready, work.wall)

    return act(work, command.task // NUMBERS, choose, ref=str(command.task))


def report_outcome(work: Work, command: ReportPhoneOutcome) -> Done | Refusal:
    return act(
        work, command.task // NUMBERS,
        lambda scene, esc: phone.report_outcome(scene, esc, work.by, command.task, command.outcome, work.wall),
        ref=str(command.task),
    )  # fmt: skip


def pass_time(work: Work, command: DeadlinePassed) -> Done | Refusal:
    return act(work, command.escalation, lambda scene, esc: time.pass_time(scene, esc, work.wall))


def delivered(work: Work, command: DeliveryReported) -> Done | Refusal:
    """One address of several that failed proves nothing while another of them is alive."""
    watched = command.state == "sent" and _watched(work, command)
    if command.state == "sent" and not watched:
        return Done(again=True)
    if command.state in ("failed", "gone", "dropped"):
        alive = work.tx.one(SQL["alive_messages"], {"call": command.call, "step": command.step})
        if alive is not None and alive[0]:
            return Done(again=True)

    def choose(scene: Scene, esc: Escalation) -> Verdict:
        return time.delivered(scene, esc, command.call, command.step, command.state, watched, work.wall)

    return act(work, command.call // NUMBERS, choose)


def _watched(work: Work, command: DeliveryReported) -> bool:
    """Whether silence of this device would mean something: it has reported before, and no other device has of this."""
    if not command.device or work.tx.one(SQL["seen_message"], {"call": command.call, "step": command.step}):
        return False
    row = work.tx.one(SQL["call_state"], {"call": command.call})
    devices = people_of(work.tx).devices.get(row[0], ()) if row else ()
    return any(device.id == command.device and device.sends_receipts for device in devices)


def act(work: Work, id_: int, choose: Choose, *, ref: str | None = None, reaction: bool = False) -> Done | Refusal:
    """Load the escalation under its ticket's lock, decide, record. A reaction to something else needs no sight."""
    number = ticket_of(work.tx, id_)
    if number is None:
        return UNKNOWN
    stream = work.lock(STREAM, number)
    ticket, escalation = load_ticket(work.tx, number), load(work.tx, id_)
    if ticket is None or escalation is None or not (reaction or _may_know(work, ticket)):
        return UNKNOWN
    scene = scene_of(work.tx, ticket)
    verdict = choose(scene, escalation)
    if isinstance(verdict, Refusal):
        return verdict
    changed = bool(verdict.events) or verdict.escalation is not escalation
    if changed:
        record(work, scene, stream, escalation, verdict)
    elif work.by.kind == "system":
        work.deadline(stream, "escalation", id_, due_of(escalation))
    return Done(ref or str(id_), again=not changed)


def noted(
    work: Work, id_: int, text: str, kind: str, choose: Callable[[Scene, Escalation, int | None], Verdict]
) -> Done | Refusal:
    """As `act`, with a text of people that is kept only when the command is not refused."""

    def keep(scene: Scene, escalation: Escalation) -> Verdict:
        first = choose(scene, escalation, None)
        if isinstance(first, Refusal) or not text or not first.events:
            return first
        return choose(scene, escalation, write_note(work, escalation.ticket, kind, text))

    return act(work, id_, keep)


def _may_know(work: Work, ticket: Ticket) -> bool:
    if work.by.kind == "system":
        return True
    people = people_of(work.tx)
    person = people.persons.get(work.by.person or "")
    return person is not None and sees(people, person, ticket.matter)


def record(work: Work, scene: Scene, stream: Stream, before: Escalation | None, decision: Decision) -> None:
    """Everything a decision says, in this one transaction."""
    after = decision.escalation
    ticket = scene.ticket
    work.record(stream, *decision.events)
    work.deadline(stream, "escalation", after.id, save(work.tx, before, after, ticket.restricted))
    known = {*ticket.matter.called, *(call.person for call in before.calls)} if before else ticket.matter.called
    involve(work, ticket.number, *dict.fromkeys(c.person for c in after.calls if c.person not in known))
    if decision.how is not None and decision.holder != ticket.holder:
        change = Change(_in_hands(ticket, decision, work.now), moved=decision.how)
        ticket = tickets.apply(work, scene.people, stream, ticket, change)
    _send(work, scene, stream, after, decision)
    if decision.close:
        closing = ticket_decide.close(scene.people, work.by, ticket, None)
        if isinstance(closing, Change):
            tickets.apply(work, scene.people, stream, ticket, closing)


def _in_hands(ticket: Ticket, decision: Decision, now: int) -> Ticket:
    if decision.how in ("undone", "contested") or decision.holder is None:
        return give_back(ticket, decision.holder, decision.offer, now)
    return hold(ticket, decision.holder, now)


def _send(work: Work, scene: Scene, stream: Stream, after: Escalation, decision: Decision) -> None:
    for send in decision.sends:
        work.notify(stream, *_messages(scene, after, send, work.now))
    for tell in decision.tells:
        data = f"{after.id}:{tell.moment}"
        if tell.kind == "record":
            if scene.people.addresses(tell.person, "mail"):
                expires = work.now + TELL_FOR
                mail = Notice(kind="record", recipient=tell.person, channel="mail", expires_at=expires, data=data)
                work.notify(stream, mail)
        elif tell.kind == "on_behalf":
            work.notify(stream, *everywhere(scene.people, tell.person, tell.kind, work.now, data=data))
        else:
            work.notify(stream, *quietly(scene.people, tell.person, tell.kind, work.now, data=data))


def _messages(scene: Scene, after: Escalation, send: Send, now: int) -> list[Notice]:
    due = after.side.due if after.side is not None else after.accept_due
    notice = Notice(
        kind="call", recipient=send.person, channel=send.via, about=send.call, step=send.step,
        expires_at=max(due or 0, now + 60_000) if due else now + WORTH, fair=after.team,
    )  # fmt: skip
    if send.via != "push":
        return [notice]
    devices = scene.people.devices.get(send.person, ())
    return [replace(notice, address=device.id) for device in devices]

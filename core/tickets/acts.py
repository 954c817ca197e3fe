"""The commands of tickets inside their transaction: load, decide, record."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import UNSET
from msgspec.structs import replace

from core.engine.outcome import Done, Refusal
from core.engine.work import Stream, Work
from core.people.access import Matter, may, sees
from core.people.model import People
from core.people.records import people_of
from core.people.telling import quietly
from core.tickets import decide
from core.tickets.commands import (
    AddAfterReport,
    AddComment,
    ClaimTicket,
    CloseTicket,
    CreateTicket,
    EditTicket,
    PutOnWait,
    RefuseOffer,
    ReleaseTicket,
    ReopenTicket,
    RestrictTicket,
    WakeTicket,
)
from core.tickets.decide import UNKNOWN, Change
from core.tickets.events import TicketCreated, TicketEdited
from core.tickets.model import Customer, Ticket
from core.tickets.records import SQL, STREAM, insert, involve, load, move, save, save_tags, write_note


def create(work: Work, command: CreateTicket) -> Done | Refusal:
    """A new ticket in the creator's first team, or in the one named."""
    people = people_of(work.tx)
    if not may(people, work.by, "work"):
        return Refusal("not_allowed", "work")
    person = people.persons.get(work.by.person or "")
    team = command.team or (person.teams[0] if person and person.teams else None)
    if team is None or team not in people.teams:
        return Refusal("invalid", "no_such_team", "team")
    if not may(people, work.by, "work", Matter(team)):
        return Refusal("not_allowed", "work")
    number = work.tx.new_ids("ticket")
    ticket = Ticket(
        number, team, "new", command.category, command.severity, command.source, work.now, work.now, 1,
        created_by=work.by.person,
    )  # fmt: skip
    insert(work, ticket, command)
    work.record(work.lock(STREAM, number), TicketCreated(number, team, command.source))
    return Done(number)


def edit(work: Work, command: EditTicket) -> Done | Refusal:
    """Change the given fields, unless somebody changed the ticket since it was read."""
    found = _open(work, command.ticket)
    if isinstance(found, Refusal):
        return found
    people, stream, ticket = found
    if not may(people, work.by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    if ticket.version != command.expected:
        return Refusal("precondition_failed", "changed_meanwhile", values={"version": ticket.version})
    fields = tuple(f for f in command.__struct_fields__[2:] if getattr(command, f) is not UNSET)
    if not fields:
        return Done(ticket.number)
    _edit_texts(work, command)
    plain = {f: getattr(command, f) for f in fields if f in ("category", "severity")}
    work.record(stream, TicketEdited(ticket.number, fields))
    save(work, ticket, _newer(work, replace(ticket, **plain)))
    return Done(ticket.number)


def _edit_texts(work: Work, command: EditTicket) -> None:
    number = command.ticket
    if command.subject is not UNSET:
        work.tx.run(SQL["text_subject"], {"number": number, "subject": command.subject})
    if command.customer is not UNSET:
        customer = command.customer or Customer()
        work.tx.run(
            SQL["text_customer"],
            {"number": number, "name": customer.name, "email": customer.email, "phone": customer.phone},
        )
    if command.tags is not UNSET:
        work.tx.run(SQL["tags_clear"], {"number": number})
        save_tags(work, number, command.tags)
    if command.personal_data is not UNSET:
        work.tx.run(SQL["save_personal"], {"number": number, "personal_data": int(command.personal_data)})


def claim(work: Work, command: ClaimTicket) -> Done | Refusal:
    return _act(work, command.ticket, lambda people, ticket: decide.claim(people, work.by, ticket, work.now))


def release(work: Work, command: ReleaseTicket) -> Done | Refusal:
    return _act(work, command.ticket, lambda p, ticket: decide.release(p, work.by, ticket, command.to, work.now))


def refuse(work: Work, command: RefuseOffer) -> Done | Refusal:
    return _act(work, command.ticket, lambda _, ticket: decide.refuse_offer(work.by, ticket))


def comment(work: Work, command: AddComment) -> Done | Refusal:
    def choose(people: People, ticket: Ticket) -> Change | Refusal:
        refused = decide.comment(people, work.by, ticket, command.text, 0)
        if isinstance(refused, Refusal):
            return refused
        note = write_note(work, ticket.number, "comment", command.text)
        return decide.comment(people, work.by, ticket, command.text, note or 0)

    return _act(work, command.ticket, choose)


def after_report(work: Work, command: AddAfterReport) -> Done | Refusal:
    def choose(people: People, ticket: Ticket) -> Change | Refusal:
        first = decide.after_report(people, work.by, ticket, command.text, 0)
        if isinstance(first, Refusal):
            return first
        note = write_note(work, ticket.number, "after_report", command.text)
        return decide.after_report(people, work.by, ticket, command.text, note or 0)

    return _act(work, command.ticket, choose)


def wait(work: Work, command: PutOnWait) -> Done | Refusal:
    return _noted(
        work, command.ticket, command.note, "wait",
        lambda people, ticket, note: decide.wait(people, work.by, ticket, command, note, work.now),
    )  # fmt: skip


def close(work: Work, command: CloseTicket) -> Done | Refusal:
    return _noted(
        work, command.ticket, command.note, "close",
        lambda people, ticket, note: decide.close(people, work.by, ticket, note),
    )  # fmt: skip


def reopen(work: Work, command: ReopenTicket) -> Done | Refusal:
    return _noted(
        work, command.ticket, command.note, "reopen",
        lambda people, ticket, note: decide.reopen(people, work.by, ticket, note, work.now),
    )  # fmt: skip


def wake(work: Work, command: WakeTicket) -> Done | Refusal:
    """Time's own. A wake-up that was moved meanwhile does nothing."""

    def choose(_: People, ticket: Ticket) -> Change:
        due = ticket.wake_at is not None and ticket.wake_at <= command.due
        return decide.wake(ticket, by_time=True) if due else Change(ticket)

    return _act(work, command.ticket, choose)


def restrict(work: Work, command: RestrictTicket) -> Done | Refusal:
    def choose(people: People, ticket: Ticket) -> Change | Refusal:
        change = decide.restrict(people, work.by, ticket, command)
        if isinstance(change, Change):
            work.tx.run(SQL["sight_clear"], {"number": ticket.number})
            for kind, ids in (("person", change.ticket.matter.persons), ("team", change.ticket.matter.teams)):
                for id_ in sorted(ids):
                    work.tx.run(SQL["sight_add"], {"ticket": ticket.number, "kind": kind, "id": id_})
        return change

    return _act(work, command.ticket, choose)


def _open(work: Work, number: int) -> tuple[People, Stream, Ticket] | Refusal:
    """The locked ticket, if it exists for this actor; a guess answers as for an unknown number."""
    stream = work.lock(STREAM, number)
    ticket = load(work.tx, number)
    people = people_of(work.tx)
    if ticket is None:
        return UNKNOWN
    person = people.persons.get(work.by.person or "")
    if work.by.kind != "system" and (person is None or not sees(people, person, ticket.matter)):
        return UNKNOWN
    return people, stream, ticket


def _act(work: Work, number: int, choose: Callable[[People, Ticket], Change | Refusal]) -> Done | Refusal:
    found = _open(work, number)
    if isinstance(found, Refusal):
        return found
    people, stream, ticket = found
    change = choose(people, ticket)
    if isinstance(change, Refusal):
        return change
    if not change.events and change.moved is None:
        return Done(number, again=True)
    apply(work, people, stream, ticket, change)
    return Done(number)


def _noted(
    work: Work, number: int, text: str, kind: str, choose: Callable[[People, Ticket, int | None], Change | Refusal]
) -> Done | Refusal:
    """As `_act`, with a text of people that is kept only when the command is not refused."""

    def keep(people: People, ticket: Ticket) -> Change | Refusal:
        first = choose(people, ticket, None)
        if isinstance(first, Refusal) or not text:
            return first
        return choose(people, ticket, write_note(work, ticket.number, kind, text))

    return _act(work, number, keep)


def apply(work: Work, people: People, stream: Stream, before: Ticket, change: Change) -> Ticket:
    """Write a decided change: state, ledger, events, wake-up, tellings; the ticket as saved."""
    after = _newer(work, change.ticket)
    save(work, before, after)
    if change.moved is not None:
        move(work, stream, before, after.holder, change.moved)
        if after.holder is not None and after.holder not in before.matter.called:
            involve(work, after.number, after.holder)
    if before.wake_at != after.wake_at:
        work.deadline(stream, "wake", after.number, after.wake_at)
    for told in change.tell:
        work.notify(stream, *quietly(people, told.person, told.kind, work.now))
    work.record(stream, *change.events)
    return after


def _newer(work: Work, ticket: Ticket) -> Ticket:
    return replace(ticket, updated_at=work.now, version=ticket.version + 1)

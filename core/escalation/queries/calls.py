"""The Calls screen, phone tasks, and single escalations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.escalation.agenda import agenda
from core.escalation.because import in_words
from core.escalation.bundle import accept_by
from core.escalation.model import NUMBERS, Escalation, Task
from core.escalation.queries.cards import AlarmCard, AnsweredCard, CallCard, HeldCard, MyCallsView, TaskPage, TaskView
from core.escalation.queries.questions import Escalations, GetEscalation, GetTask, MyCalls, PhoneTasks
from core.escalation.queries.reader import SQL, asker, seen_ticket
from core.escalation.queries.view import show_escalation
from core.escalation.queries.views import EscalationPage, EscalationView
from core.escalation.records import load
from core.escalation.seats import Scene
from core.escalation.shift import on_shift
from core.escalation.together import SEVERAL
from core.escalation.world import scene_of
from core.people.access import sees
from core.people.model import People, Person
from core.policy.records import rules_of
from core.tickets.model import Ticket
from core.tickets.records import load as load_ticket

UNKNOWN: Final = Refusal("unknown", "escalation")
NEWEST: Final = 1 << 60


def get_escalation(ask: Ask, query: GetEscalation) -> EscalationView | Refusal:
    """One escalation as the contract has it."""
    esc = load(ask.tx, query.escalation)
    found = UNKNOWN if esc is None else seen_ticket(ask, esc.ticket)
    if esc is None or isinstance(found, Refusal):
        return UNKNOWN
    return show_escalation(ask.tx, scene_of(ask.tx, found[2]), esc, found[1].id)


def escalations(ask: Ask, query: Escalations) -> EscalationPage | Refusal:
    """Escalations in my sight, newest first; open ones unless a state is asked for."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    if query.cursor is not None and not query.cursor.isdigit():
        return Refusal("invalid", "cursor", "cursor")
    before = NEWEST if query.cursor is None else int(query.cursor)
    views: list[EscalationView] = []
    for esc, ticket in _listed(ask, people, person, query, before):
        if len(views) == query.limit:
            return EscalationPage(tuple(views), views[-1].id)
        views.append(show_escalation(ask.tx, scene_of(ask.tx, ticket), esc, person.id))
    return EscalationPage(tuple(views))


def _listed(
    ask: Ask, people: People, person: Person, query: Escalations, before: int
) -> Iterator[tuple[Escalation, Ticket]]:
    name = "escalations_mine" if query.for_me else "escalations_state" if query.state else "escalations_open"
    while rows := ask.tx.all(SQL[name], {"before": before, "limit": 200, "state": query.state, "me": person.id}):
        for id_, _ in rows:
            before = id_
            esc = load(ask.tx, id_)
            ticket = None if esc is None else load_ticket(ask.tx, esc.ticket)
            if esc and ticket and sees(people, person, ticket.matter) and query.state in (None, esc.state):
                yield esc, ticket


def my_calls(ask: Ask, _: MyCalls) -> MyCallsView | Refusal:
    """Who calls me, what I hold, which alarms stand."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    cards = tuple(_cards(ask, people, person))
    return MyCallsView(
        cards,
        tuple(_held(ask, people, person)),
        tuple(_alarms(ask, people, person)),
        tuple(_answered(ask, people, person)),
        tuple(card.call for card in cards) if len(cards) >= SEVERAL else (),
    )


def _cards(ask: Ask, people: People, person: Person) -> Iterator[CallCard]:
    for call_id, seat, opened_at, id_, number in ask.tx.all(SQL["my_calls"], {"me": person.id}):
        esc, ticket = load(ask.tx, id_), load_ticket(ask.tx, number)
        if esc is None or ticket is None or not sees(people, person, ticket.matter):
            continue
        call = next(call for call in esc.calls if call.id == call_id)
        returning = esc.side is not None and esc.side.returning and seat == "side"
        yield CallCard(
            escalation=str(id_),
            call=str(call_id),
            ticket=number,
            subject=_subject(ask, number),
            severity=ticket.severity,
            kind=esc.kind,
            level=esc.policy.rungs[call.rung].level,
            seat=seat,
            because=esc.because,
            raised_by=esc.raised_by,
            called_at=opened_at,
            accept_by=accept_by(esc, call),
            holder=ticket.holder,
            drill=esc.drill,
            returning=returning,
            instructions=_instructions(ask, number) if returning else None,
            says=in_words(esc.because, esc.policy, rules_of(ask.tx)),
        )


def _instructions(ask: Ask, number: int) -> str | None:
    row = ask.tx.one(SQL["instructions"], {"number": number})
    return None if row is None else row[0]


def _held(ask: Ask, people: People, person: Person) -> Iterator[HeldCard]:
    for number, since, id_, hold_due, confirm_due, kind in ask.tx.all(SQL["held"], {"me": person.id}):
        asked, next_at = confirm_due is not None, confirm_due or hold_due
        yield HeldCard(number, _subject(ask, number), since, str(id_), next_at, asked=asked, kind=kind)
    for number, at in ask.tx.all(SQL["offered"], {"me": person.id}):
        ticket = load_ticket(ask.tx, number)
        if ticket is not None and sees(people, person, ticket.matter):
            yield HeldCard(number, _subject(ask, number), at, offered_to_me=True)


def _alarms(ask: Ask, people: People, person: Person) -> Iterator[AlarmCard]:
    for id_, number, recall_due in ask.tx.all(SQL["standing"]):
        ticket = load_ticket(ask.tx, number)
        if ticket is not None and sees(people, person, ticket.matter):
            esc = load(ask.tx, id_)
            since = esc.raised_at if esc else 0
            yield AlarmCard(str(id_), number, _subject(ask, number), since, recall_due)


def _answered(ask: Ask, people: People, person: Person) -> Iterator[AnsweredCard]:
    for id_, number in ask.tx.all(SQL["answered"], {"me": person.id}):
        esc, ticket = load(ask.tx, id_), load_ticket(ask.tx, number)
        if esc and esc.answer and ticket and sees(people, person, ticket.matter):
            answer = esc.answer
            yield AnsweredCard(str(id_), number, _subject(ask, number), esc.kind, answer.by, answer.at)


def _subject(ask: Ask, number: int) -> str:
    row = ask.tx.one(SQL["subject"], {"number": number})
    return row[0] if row else ""


def phone_tasks(ask: Ask, _: PhoneTasks) -> TaskPage | Refusal:
    """Tasks that I may take or have taken."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    shown = (_task(ask, found, id_) for id_, _ in ask.tx.all(SQL["open_tasks"]))
    return TaskPage(tuple(task for task in shown if task is not None and task.state in ("offered", "taken")))


def get_task(ask: Ask, query: GetTask) -> TaskView | Refusal:
    """One task, also when it is over, for who may see the ticket."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    return _task(ask, found, query.task, over=True) or Refusal("unknown", "task")


def _task(ask: Ask, who: tuple[People, Person], id_: int, *, over: bool = False) -> TaskView | None:
    people, person = who
    esc = load(ask.tx, id_ // NUMBERS)
    ticket = None if esc is None else load_ticket(ask.tx, esc.ticket)
    if esc is None or ticket is None or not sees(people, person, ticket.matter):
        return None
    task = next((task for task in esc.tasks if task.id == id_), None)
    if task is None:
        return None
    scene = Scene(people, scene_of(ask.tx, ticket).roster, ticket)
    takes = task.person != person.id and person.id in on_shift(scene, ask.now)
    return _show(people, esc, task, person.id) if over or takes or task.taken_by == person.id else None


def _show(people: People, esc: Escalation, task: Task, reader: str) -> TaskView:
    call = next(call for call in esc.calls if call.id == task.call)
    due = next((due.at for due in agenda(esc) if due.what != "untaken"), None)
    phone = people.persons[task.person].phone or ""
    return TaskView(
        id=str(task.id),
        escalation=str(esc.id),
        ticket=esc.ticket,
        person=task.person,
        phone=phone if task.taken_by == reader else masked(phone),
        state=task.state,
        offered_at=task.offered_at,
        level=esc.policy.rungs[call.rung].level,
        taken_by=task.taken_by,
        due=due,
    )


def masked(phone: str) -> str:
    """All digits but the first three and the last four as stars: `+81-*-****-7788`."""
    digits = [index for index, sign in enumerate(phone) if sign.isdigit()]
    hidden = set(digits[3:-4]) if len(digits) > 7 else set(digits)
    return "".join("*" if index in hidden else sign for index, sign in enumerate(phone))

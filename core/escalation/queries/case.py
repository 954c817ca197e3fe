"""A ticket screen in one consistent read: ticket, ladders, timeline, and what the reader may do now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.escalation.acts import book_of, facts_of, scene_of
from core.escalation.commands import RaiseEscalation
from core.escalation.decide import answer, finish, pass_on
from core.escalation.model import Escalation
from core.escalation.queries.reader import seen_ticket
from core.escalation.queries.view import journal_of, show_escalation, show_ticket
from core.escalation.queries.views import Case, Entry, GetCase, GetTicket, May, TicketView
from core.escalation.raising import propose, rule_of
from core.escalation.records import SQL, load, open_of
from core.escalation.seats import Scene
from core.people.access import may, scopes
from core.people.model import Actor, People, Person
from core.tickets import decide as tickets
from core.tickets.commands import PutOnWait, RestrictTicket
from core.tickets.records import SQL as TICKETS

PEOPLE_FIELDS: Final = ("person", "to", "by", "holder", "before", "recorder")
PEOPLE_LISTS: Final = ("people", "off", "persons")
HIDDEN: Final = frozenset({"ticket", "escalation", "note", "call", "task", "version"})
SOON: Final = 3_600_000


def get_ticket(ask: Ask, query: GetTicket) -> TicketView | Refusal:
    """One ticket as the contract has it."""
    found = seen_ticket(ask, query.ticket)
    if isinstance(found, Refusal):
        return found
    _, person, ticket = found
    return show_ticket(ask.tx, ticket, person, [esc.id for esc in open_of(ask.tx, ticket.number)])


def get_case(ask: Ask, query: GetCase) -> Case | Refusal:
    """Everything a ticket screen shows."""
    found = seen_ticket(ask, query.ticket)
    if isinstance(found, Refusal):
        return found
    people, person, ticket = found
    tx, scene = ask.tx, scene_of(ask.tx, ticket)
    rows = journal_of(tx, ticket.number)
    all_ = [load(tx, id_) for (id_,) in tx.all(SQL["of_ticket"], {"ticket": ticket.number})]
    escalations = [esc for esc in all_ if esc is not None]
    open_ = [esc for esc in escalations if esc.ended_at is None]
    rule = rule_of(scene, book_of(tx), facts_of(tx, ticket), ask.now)
    return Case(
        ticket=show_ticket(tx, ticket, person, [esc.id for esc in reversed(open_)]),
        escalations=tuple(show_escalation(tx, scene, esc, person.id, rows) for esc in escalations),
        timeline=tuple(_timeline(ask, people, person, rows)),
        may=tuple(_mays(ask, scene, Actor("person", person.id), open_[0] if open_ else None)),
        rule=rule.id if rule else None,
        says=rule.says if rule else {},
        guidance=rule.guidance if rule else {},
    )


def _timeline(ask: Ask, people: People, person: Person, rows: Sequence[tuple[Any, ...]]) -> Iterator[Entry]:
    number = rows[0][2] if rows else 0
    texts = dict(ask.tx.all(TICKETS["notes"], {"number": number}))
    roles_only = "team" not in scopes(person, "see_ticket") and "auditor" in person.roles
    for _, _, _, _, at, actor, kind, data, _ in rows:
        values = msgspec.json.decode(data)
        text = texts.get(values.get("note"))
        if roles_only:
            actor, values = _roles(people, actor), _with_roles(people, values)
        shown = {name: value for name, value in values.items() if name not in HIDDEN}
        yield Entry(at, kind, actor, shown, text)


def _with_roles(people: People, values: Mapping[str, Any]) -> dict[str, Any]:
    """Roles instead of names, for whoever reads without working here."""
    shown = dict(values)
    for name in PEOPLE_FIELDS:
        if isinstance(shown.get(name), str):
            shown[name] = _roles(people, shown[name])
    for name in PEOPLE_LISTS:
        if name in shown:
            shown[name] = tuple(_roles(people, person) for person in shown[name])
    return shown


def _roles(people: People, id_: str) -> str:
    known = people.persons.get(id_)
    return f"L{known.level}" if known else id_


def _mays(ask: Ask, scene: Scene, by: Actor, open_: Escalation | None) -> Iterator[May]:
    """Each act tried on the values as they are: the screens never guess a rule."""
    for act, attempt in (*_ticket_acts(ask, scene, by), *_escalation_acts(ask, scene, by, open_)):
        outcome = attempt()
        if isinstance(outcome, Refusal):
            yield May(act, False, f"refusal.{outcome.detail}")
        else:
            yield May(act, bool(outcome))


def _ticket_acts(ask: Ask, scene: Scene, by: Actor) -> Iterator[tuple[str, Callable[[], Any]]]:
    people, ticket, now = scene.people, scene.ticket, ask.now
    wait = PutOnWait(ticket.number, now + SOON)
    restrict = RestrictTicket(ticket.number, (by.person or "",))
    yield "claim", lambda: _changes(tickets.claim(people, by, ticket, now))
    yield "release", lambda: tickets.may_release(by, ticket) or True
    yield "comment", lambda: _changes(tickets.comment(people, by, ticket, "-", 0))
    yield "wait", lambda: _changes(tickets.wait(people, by, ticket, wait, None, now))
    yield "close", lambda: _changes(tickets.close(people, by, ticket, None))
    yield "reopen", lambda: _changes(tickets.reopen(people, by, ticket, None, now))
    yield "restrict", lambda: _changes(tickets.restrict(people, by, ticket, restrict))
    yield "edit", lambda: may(people, by, "work", ticket.matter) or Refusal("not_allowed", "work")


def _changes(outcome: tickets.Change | Refusal) -> bool | Refusal:
    return outcome if isinstance(outcome, Refusal) else bool(outcome.events) or outcome.moved is not None


def _escalation_acts(
    ask: Ask, scene: Scene, by: Actor, open_: Escalation | None
) -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "raise", lambda: _may_raise(ask, scene, by, open_)
    if open_ is None:
        return
    esc, now = open_, ask.now
    yield "accept", lambda: _acts(answer.accept(scene, esc, by, None, now))
    yield "refuse", lambda: _acts(answer.refuse(scene, esc, by, None, None, now))
    yield "reassign", lambda: pass_on.may_reassign(scene, esc, by) or True
    yield "climb", lambda: _acts(pass_on.climb(scene, esc, by, None, None, now))
    yield "withdraw", lambda: _acts(finish.withdraw(scene, esc, by, None, now))
    yield "resolve", lambda: _acts(finish.resolve(scene, esc, by, None, False, now))
    yield "confirm", lambda: _acts(answer.confirm(scene, esc, by, now))


def _acts(outcome: Any) -> bool | Refusal:
    return outcome if isinstance(outcome, Refusal) else bool(outcome.events)


def _may_raise(ask: Ask, scene: Scene, by: Actor, open_: Escalation | None) -> bool | Refusal:
    ticket = scene.ticket
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    if not may(scene.people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    facts, command = facts_of(ask.tx, ticket), RaiseEscalation(ticket.number)
    proposal = propose(scene, book_of(ask.tx), facts, by.person, command, ask.now)
    if isinstance(proposal, Refusal):
        return proposal
    taken = open_ is not None and open_.kind == proposal.kind
    return Refusal("conflict", "already_raised", values={"id": str(open_.id)}) if taken and open_ else True

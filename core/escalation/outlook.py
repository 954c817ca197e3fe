"""What would happen: each act tried on the values as they are, and a raise walked ahead. Pure.

Screens never guess a rule: they show what these functions, which are the deciding ones, answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.because import in_words
from core.escalation.commands import RaiseEscalation
from core.escalation.decide import answer, finish, pass_on
from core.escalation.foretell import foretell
from core.escalation.model import Escalation
from core.escalation.queries.questions import Preview
from core.escalation.queries.trace import steps
from core.escalation.queries.views import May, PolicyRef, PreviewView
from core.escalation.raising import Book, begin, propose
from core.escalation.seats import Scene
from core.people.access import may
from core.people.model import Actor
from core.policy.rules import Facts
from core.tickets import decide as tickets
from core.tickets.commands import PutOnWait, RestrictTicket

SOON: Final = 3_600_000


def mays(scene: Scene, by: Actor, open_: Escalation | None, book: Book, facts: Facts, now: int) -> Iterator[May]:
    """Each act tried on the values as they are: the screens never guess a rule."""
    for act, attempt in (*_ticket_acts(scene, by, open_, now), *_escalation_acts(scene, by, open_, book, facts, now)):
        outcome = attempt()
        if isinstance(outcome, Refusal):
            yield May(act, False, f"refusal.{outcome.detail}")
        else:
            yield May(act, bool(outcome))


def _ticket_acts(
    scene: Scene, by: Actor, open_: Escalation | None, now: int
) -> Iterator[tuple[str, Callable[[], Any]]]:
    people, ticket = scene.people, scene.ticket
    wait = PutOnWait(ticket.number, now + SOON)
    restrict = RestrictTicket(ticket.number, (by.person or "",))
    yield "claim", lambda: _changes(tickets.claim(people, by, ticket, now))
    yield "release", lambda: tickets.may_release(by, ticket) or True
    yield "comment", lambda: _changes(tickets.comment(people, by, ticket, "-", 0))
    yield "wait", lambda: _changes(tickets.wait(people, by, ticket, wait, None, now))
    yield (
        "close",
        lambda: finish.keeps_open(people, ticket, by, open_) or _changes(tickets.close(people, by, ticket, None)),
    )
    yield "reopen", lambda: _changes(tickets.reopen(people, by, ticket, None, now))
    yield "restrict", lambda: _changes(tickets.restrict(people, by, ticket, restrict))
    yield "edit", lambda: may(people, by, "work", ticket.matter) or Refusal("not_allowed", "work")


def _changes(outcome: tickets.Change | Refusal) -> bool | Refusal:
    return outcome if isinstance(outcome, Refusal) else bool(outcome.events) or outcome.moved is not None


def _escalation_acts(
    scene: Scene, by: Actor, open_: Escalation | None, book: Book, facts: Facts, now: int
) -> Iterator[tuple[str, Callable[[], Any]]]:
    yield "raise", lambda: _may_raise(scene, by, open_, book, facts, now)
    if open_ is None:
        return
    esc = open_
    yield "accept", lambda: _acts(answer.accept(scene, esc, by, None, now))
    yield "refuse", lambda: _acts(answer.refuse(scene, esc, by, None, None, now))
    yield "reassign", lambda: pass_on.may_reassign(scene, esc, by) or True
    yield "climb", lambda: _acts(pass_on.climb(scene, esc, by, None, None, now))
    yield "withdraw", lambda: _acts(finish.withdraw(scene, esc, by, None, now))
    yield "resolve", lambda: _acts(finish.resolve(scene, esc, by, None, False, now))
    yield "confirm", lambda: _acts(answer.confirm(scene, esc, by, now))


def _acts(outcome: Any) -> bool | Refusal:
    return outcome if isinstance(outcome, Refusal) else bool(outcome.events)


def _may_raise(scene: Scene, by: Actor, open_: Escalation | None, book: Book, facts: Facts, now: int) -> bool | Refusal:
    ticket = scene.ticket
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    if not may(scene.people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    proposal = propose(scene, book, facts, by.person, RaiseEscalation(ticket.number), now)
    if isinstance(proposal, Refusal):
        return proposal
    taken = open_ is not None and open_.kind == proposal.kind
    return Refusal("conflict", "already_raised", values={"id": str(open_.id)}) if taken and open_ else True


def foretold(scene: Scene, book: Book, facts: Facts, by: str, query: Preview, at: int) -> PreviewView | Refusal:
    """The ladder of a raise that has not happened."""
    command = RaiseEscalation(scene.ticket.number, query.kind, query.policy, query.level, query.to)
    proposal = propose(scene, book, facts, by, command, at)
    if isinstance(proposal, Refusal):
        return proposal
    begun = begin(scene, proposal, 1, Actor("person", by), command, None, at)
    if begun.holder is not None:
        scene = replace(scene, ticket=replace(scene.ticket, holder=begun.holder))
    ahead, last = foretell(scene, begun.escalation)
    ladder = tuple(steps((*begun.events, *ahead)))
    policy = proposal.policy
    return PreviewView(
        ladder,
        PolicyRef(policy.id, policy.version, policy.version),
        proposal.because,
        proposal.kind,
        policy.rungs[proposal.rung].level if policy.rungs else 0,
        ladder[-1].at if ladder and last.state == "standing" else None,
        in_words(proposal.because, policy, book.rules),
        proposal.rule.id if proposal.rule else None,
        proposal.rule.guidance if proposal.rule else {},
    )

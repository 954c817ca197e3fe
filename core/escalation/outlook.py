"""What would happen: each act tried on the values as they are, and a raise walked ahead. Pure.

Screens never guess a rule: they show what these functions, which are the deciding ones, answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.because import in_words
from core.escalation.commands import RaiseEscalation
from core.escalation.decide import answer, back, consult, finish, page, pass_on, report, responder
from core.escalation.decide.asking import asker
from core.escalation.decide.consult import raised_already
from core.escalation.decide.report import authors
from core.escalation.foretell import foretell
from core.escalation.handing import decide as handing
from core.escalation.kinds.model import Draft
from core.escalation.model import Escalation
from core.escalation.queries.questions import Preview
from core.escalation.queries.trace import steps
from core.escalation.queries.views import May, PolicyRef, PreviewView
from core.escalation.raising import Book, begin, propose
from core.escalation.seats import Scene, open_call
from core.escalation.shift import absent
from core.people.access import may
from core.people.model import Actor
from core.policy.model import Kind
from core.policy.rules import Facts
from core.tickets import decide as tickets
from core.tickets.commands import PutOnWait, RestrictTicket

SOON: Final = 3_600_000


Attempts = Iterator[tuple[str, Callable[[], Any]]]


def foremost_first(scene: Scene, escalations: Iterable[Escalation], me: str) -> list[Escalation]:
    """The open ones; first what calls this reader, then what came back to them, what they have in hand, a takeover."""

    def place(esc: Escalation) -> tuple[bool, bool, bool, bool, int]:
        returned = esc.state == "answered" and me in (asker(scene, esc), *authors(scene, esc))
        return open_call(esc, me) is None, not returned, esc.held_by != me, esc.kind != "takeover", -esc.id

    return sorted((esc for esc in escalations if esc.ended_at is None), key=place)


def mays(scene: Scene, by: Actor, open_: Sequence[Escalation], book: Book, facts: Facts, now: int) -> Iterator[May]:
    """Each act tried on the values as they are: the screens never guess a rule. `open_`: what they mean first."""
    takeover = next((esc for esc in open_ if esc.kind == "takeover"), open_[0] if open_ else None)
    yield from _tried(_ticket_acts(scene, by, takeover, now))
    yield from _tried(_raises(scene, by, open_, book, facts, now))
    for esc in open_:
        other = takeover if takeover is not None and takeover.kind == "takeover" and takeover is not esc else None
        yield from _tried(_escalation_acts(scene, by, esc, now), str(esc.id))
        yield from _tried(_kind_acts(scene, by, esc, other, now), str(esc.id))
        yield from _tried(_beside_acts(scene, by, esc, now), str(esc.id))


def _tried(attempts: Iterable[tuple[str, Callable[[], Any]]], escalation: str | None = None) -> Iterator[May]:
    for act, attempt in attempts:
        outcome = attempt()
        if isinstance(outcome, Refusal):
            yield May(act, False, f"refusal.{outcome.detail}", escalation, values=outcome.values)
        else:
            yield May(act, bool(outcome), None, escalation)


def _ticket_acts(
    scene: Scene, by: Actor, open_: Escalation | None, now: int
) -> Iterator[tuple[str, Callable[[], Any]]]:
    people, ticket = scene.people, scene.ticket
    wait = PutOnWait(ticket.number, now + SOON)
    restrict = RestrictTicket(ticket.number, (by.person or "",))
    yield "claim", lambda: _changes(tickets.claim(people, by, ticket, now))
    yield "release", lambda: tickets.may_release(by, ticket) or True
    yield "handover", lambda: _may_hand_over(scene, by, now)
    yield "refuse_offer", lambda: _changes(tickets.refuse_offer(by, ticket))
    yield "comment", lambda: _changes(tickets.comment(people, by, ticket, "-", 0))
    yield "wait", lambda: _changes(tickets.wait(people, by, ticket, wait, None, now))
    yield (
        "close",
        lambda: finish.keeps_open(people, ticket, by, open_) or _changes(tickets.close(people, by, ticket, None)),
    )
    yield "reopen", lambda: _changes(tickets.reopen(people, by, ticket, None, now))
    yield "restrict", lambda: _changes(tickets.restrict(people, by, ticket, restrict))
    yield "edit", lambda: may(people, by, "work", ticket.matter) or Refusal("not_allowed", "work")


def _may_hand_over(scene: Scene, by: Actor, now: int) -> bool | Refusal:
    people, ticket = scene.people, scene.ticket
    if ticket.holder is None:
        return False
    away = absent(people, scene.roster, ticket.holder, now)
    return handing.allowed(people, by, ticket.holder, (ticket,), away) or True


def _changes(outcome: tickets.Change | Refusal) -> bool | Refusal:
    return outcome if isinstance(outcome, Refusal) else bool(outcome.events) or outcome.moved is not None


def _raises(scene: Scene, by: Actor, open_: Sequence[Escalation], book: Book, facts: Facts, now: int) -> Attempts:
    number = scene.ticket.number
    kinds: tuple[Kind, ...] = ("consult", "notify")
    yield "raise", lambda: _may_raise(scene, by, open_, book, facts, RaiseEscalation(number), now)
    for kind in kinds:
        command = RaiseEscalation(number, kind)
        yield kind, partial(_may_raise, scene, by, open_, book, facts, command, now)


def _kind_acts(scene: Scene, by: Actor, esc: Escalation, other: Escalation | None, now: int) -> Attempts:
    """What only a consult, or only a report, knows."""
    if esc.kind == "consult":
        yield "answer", lambda: _acts(consult.answer(scene, esc, by, "-", None, None, now))
        yield "question", lambda: _acts(consult.ask_again(scene, esc, by, "-", None, None, now))
        yield "takeover", lambda: _acts(consult.take_over(scene, esc, by, other, now))
    if esc.kind == "notify":
        draft = report.Forward(Draft("-"), None, "")
        yield "approve", lambda: _acts(report.approve(scene, esc, by, True, now))
        yield "revise", lambda: _acts(report.revise(scene, esc, by, "-", None, None, now))
        yield "update", lambda: _acts(report.put_forward(scene, esc, by, draft, None, now))


def _escalation_acts(scene: Scene, by: Actor, esc: Escalation, now: int) -> Attempts:
    yield "accept", lambda: _acts(answer.accept(scene, esc, by, None, now))
    yield "refuse", lambda: _acts(answer.refuse(scene, esc, by, None, None, now))
    yield "reassign", lambda: pass_on.may_reassign(scene, esc, by) or True
    yield "climb", lambda: _acts(pass_on.climb(scene, esc, by, None, None, now))
    yield "withdraw", lambda: _acts(finish.withdraw(scene, esc, by, None, now))
    yield "resolve", lambda: _acts(finish.resolve(scene, esc, by, None, False, now))
    yield "confirm", lambda: _acts(answer.confirm(scene, esc, by, now))


def _beside_acts(scene: Scene, by: Actor, esc: Escalation, now: int) -> Attempts:
    yield "return", lambda: back.may_return(scene, esc, by) or True
    yield "responders", lambda: responder.may_add(scene, esc, by) or True
    yield "page_all", lambda: _acts(page.page_all(scene, esc, by, None, now))


def _acts(outcome: Any) -> bool | Refusal:
    return outcome if isinstance(outcome, Refusal) else bool(outcome.events)


def _may_raise(
    scene: Scene, by: Actor, open_: Sequence[Escalation], book: Book, facts: Facts, command: RaiseEscalation, now: int
) -> bool | Refusal:
    ticket = scene.ticket
    if ticket.status == "done":
        return Refusal("closed", "ticket_done")
    if not may(scene.people, by, "work", ticket.matter):
        return Refusal("not_allowed", "work")
    proposal = propose(scene, book, facts, by.person, command, now)
    if isinstance(proposal, Refusal):
        return proposal
    return raised_already(open_, proposal.kind) or True


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

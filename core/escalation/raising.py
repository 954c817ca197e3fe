"""Raising: what the rules say, and the first call. Raise and preview both start here. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.commands import RaiseEscalation
from core.escalation.decide.pass_on import side_call, target_refused
from core.escalation.decide.report import drafted
from core.escalation.events import EscalationRaised
from core.escalation.ladder import enter
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from core.escalation.turn import Decision, Turn
from core.people.model import Actor
from core.policy.model import Kind, Policy, Rule, Then
from core.policy.rules import Facts, match
from core.tickets.decide import hold


class Book(Struct, frozen=True):
    """The written rules at one revision."""

    policies: Mapping[str, Policy]
    rules: Sequence[Rule]
    holidays: frozenset[date] = frozenset()


class Proposal(Struct, frozen=True):
    """What a raise would do, and because of what."""

    kind: Kind
    policy: Policy
    rung: int
    because: str
    """`rule:ID`, `policy:ID`, `chosen`, or `chosen:ID`: otherwise than that rule says."""
    rule: Rule | None = None
    """The rule that speaks for the ticket now, followed or not."""


def rule_of(scene: Scene, book: Book, facts: Facts, at: int) -> Rule | None:
    """The rule that speaks for this ticket now."""
    return match(book.rules, facts, scene.people.settings, at, book.holidays)


def propose(
    scene: Scene, book: Book, facts: Facts, by: str | None, command: RaiseEscalation, at: int
) -> Proposal | Refusal:
    """Nothing given: the first matching rule, else the team's policy one level above the raiser.

    Refused when there is nothing to follow, or when whoever is named cannot be called.
    """
    rule = rule_of(scene, book, facts, at)
    proposal = _aimed(scene, book, rule, by, command)
    if isinstance(proposal, Refusal):
        return proposal
    if rule is not None and (command.kind or command.policy or command.level):
        proposed = _aimed(scene, book, rule, by, RaiseEscalation(command.ticket))
        if not (isinstance(proposed, Proposal) and _same(proposal, proposed)):
            proposal = replace(proposal, because=f"chosen:{rule.id}")
    rung = proposal.policy.rungs[proposal.rung]
    refused = None if command.to is None else target_refused(scene, rung, command.to, at)
    if proposal.kind != "takeover" and command.to is not None and command.to == by:
        refused = refused or Refusal("conflict", "own_question", "to")
    return refused or proposal


def _aimed(scene: Scene, book: Book, rule: Rule | None, by: str | None, command: RaiseEscalation) -> Proposal | Refusal:
    """What is said wins over the rule; a policy that is named brings its own beginning."""
    follows = rule.then if rule and not command.policy else Then()
    kind = command.kind or follows.kind
    policy_id = command.policy or follows.policy or _default_policy(scene)
    if policy_id is None or policy_id not in book.policies:
        return Refusal("invalid", "no_such_policy", "policy", {"id": policy_id})
    policy = book.policies[policy_id]
    level = command.level or follows.level
    rung = _rung(policy, level, _level_of(scene, by))
    if rung is None:
        return Refusal("invalid", "no_such_rung", "level", {"level": level})
    if rule is not None:
        return Proposal(kind, policy, rung, f"rule:{rule.id}", rule)
    chosen = command.policy or command.level or command.to
    return Proposal(kind, policy, rung, "chosen" if chosen else f"policy:{policy_id}")


def _same(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals call alike."""
    return (one.kind, one.policy.id, one.rung) == (other.kind, other.policy.id, other.rung)


def begin(
    scene: Scene, proposal: Proposal, id_: int, by: Actor, command: RaiseEscalation, note: int | None, now: int
) -> Decision:
    """The escalation as raised. What nobody held is held by the person who raises."""
    ticket = scene.ticket
    moves = by.person is not None and ticket.holder is None
    if moves and by.person is not None:
        scene = replace(scene, ticket=hold(ticket, by.person, now))
    policy, rung = proposal.policy, proposal.rung
    escalation = Escalation(
        id_, ticket.number, ticket.team, proposal.kind, "calling", policy, proposal.because, now, by.person,
        start=rung, rung=rung, base=now,
    )  # fmt: skip
    turn = Turn(scene, escalation, now)
    level = policy.rungs[rung].level if policy.rungs else 0
    turn.say(EscalationRaised(id_, proposal.kind, policy.id, policy.version, level, proposal.because, command.to, note))
    if proposal.kind == "notify" and command.report is not None:
        drafted(turn, command.report, by)
    if moves:
        turn.holder, turn.how = by.person, "raised"
    if command.to is not None:
        side_call(turn, command.to, by, None)
    else:
        enter(turn, rung)
    turn.record("raised")
    return turn.decision()


def _default_policy(scene: Scene) -> str | None:
    """The team's, or the nearest above it that names one."""
    for team in scene.people.line(scene.ticket.team):
        if policy := scene.people.teams[team].default_policy:
            return policy
    return None


def _level_of(scene: Scene, by: str | None) -> int:
    person = scene.people.persons.get(by or "")
    return person.level if person else 0


def _rung(policy: Policy, level: int | None, raiser: int) -> int | None:
    """The first rung at or above the level; by default the first one above the raiser, at the top the last."""
    at_least = raiser + 1 if level is None else level
    for index, rung in enumerate(policy.rungs):
        if rung.level >= at_least:
            return index
    return len(policy.rungs) - 1 if level is None and policy.rungs else None

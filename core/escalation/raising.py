"""Raising: what the rules say, and the first call. Raise and preview both start here. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.commands import RaiseEscalation
from core.escalation.decide.pass_on import side_call, target_refused
from core.escalation.events import EscalationRaised
from core.escalation.ladder import enter
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from core.escalation.turn import Decision, Turn
from core.people.model import Actor
from core.policy.model import Kind, Policy, Rule
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
    """`rule:ID`, `policy:ID` or `chosen`."""


def rule_of(scene: Scene, book: Book, facts: Facts, at: int) -> Rule | None:
    """The rule that speaks for this ticket now."""
    return match(book.rules, facts, scene.people.settings, at, book.holidays)


def propose(
    scene: Scene, book: Book, facts: Facts, by: str | None, command: RaiseEscalation, at: int
) -> Proposal | Refusal:
    """Nothing given: the first matching rule, else the team's policy one level above the raiser.

    Refused when there is nothing to follow, or when whoever is named cannot be called.
    """
    rule = None if command.policy else rule_of(scene, book, facts, at)
    kind = command.kind or (rule.then.kind if rule and not command.policy else "takeover")
    policy_id = command.policy or (rule.then.policy if rule else None) or _default_policy(scene)
    if kind != "takeover":
        return Refusal("invalid", "kind_not_here", "kind")
    if policy_id is None or policy_id not in book.policies:
        return Refusal("invalid", "no_such_policy", "policy", {"id": policy_id})
    policy = book.policies[policy_id]
    level = command.level or (rule.then.level if rule else None)
    rung = _rung(policy, level, _level_of(scene, by))
    if rung is None:
        return Refusal("invalid", "no_such_rung", "level", {"level": level})
    chosen = command.policy or command.level or command.to
    because = "chosen" if chosen else f"rule:{rule.id}" if rule else f"policy:{policy_id}"
    proposal = Proposal(kind, policy, rung, because)
    refused = None if command.to is None else target_refused(scene, policy.rungs[rung], command.to, at)
    return refused or proposal


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

"""Who sits where: whom a rung calls at a time, and why others are not called. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from core.escalation.events import Reason
from core.escalation.model import Call, Escalation
from core.people.access import may_be_called
from core.people.model import People
from core.policy.model import Rung, Target, Via
from core.roster.duty import Roster
from core.tickets.model import Ticket

DESK_CHANNELS: Final[tuple[Via, ...]] = ("push", "mail", "chat")


class Scene(Struct, frozen=True):
    """What a decision about an escalation looks at, as recorded now."""

    people: People
    roster: Roster
    ticket: Ticket


class Seated(Struct, frozen=True):
    """Whom a seat calls now, in order, and who is left out for which reason."""

    persons: tuple[str, ...]
    left_out: tuple[tuple[str, Reason], ...] = ()


def named(scene: Scene, targets: Iterable[Target], at: int) -> tuple[str, ...]:
    """The persons these targets mean at a time, in order, each once; reachable or not."""
    found: dict[str, None] = {}
    for target in targets:
        found.update(dict.fromkeys(_one(scene, target, at)))
    return tuple(found)


def _one(scene: Scene, target: Target, at: int) -> Iterable[str]:
    match target.kind:
        case "rota":
            return (duty.person for duty in scene.roster.on_duty(target.id, at))
        case "person":
            return (target.id,)
        case "team":
            return tuple(p.id for p in scene.people.persons.values() if p.active and target.id in p.teams)
        case "level":
            return _level(scene, int(target.id))


def _level(scene: Scene, level: int) -> tuple[str, ...]:
    """`level:N`: the nearest team upward that has anybody of this level."""
    for team in scene.people.line(scene.ticket.team):
        found = tuple(p.id for p in scene.people.persons.values() if p.active and p.level == level and team in p.teams)
        if found:
            return found
    return ()


def refusers(escalation: Escalation) -> frozenset[str]:
    """Who refused and is not called again, unless everybody did."""
    return frozenset(
        call.person for call in escalation.calls if call.ended == "refused" and call.id > escalation.amnesty
    )


def unfit(scene: Scene, escalation: Escalation, person: str, channels: Iterable[str], at: int) -> Reason | None:
    """Why this person cannot be called by the ladder at a time, or None."""
    if person == escalation.raised_by or (escalation.report is not None and person == escalation.report.author):
        return "raised"
    if person in (scene.ticket.holder, escalation.held_by):
        return "holds"
    return unreachable(scene, person, channels, at)


def unreachable(scene: Scene, person: str, channels: Iterable[str], at: int) -> Reason | None:
    """Why this person cannot be reached for this ticket at all at a time, or None."""
    known = scene.people.persons.get(person)
    if known is None or not known.active:
        return "inactive"
    if scene.people.away(person, at):
        return "away"
    if not may_be_called(known, scene.ticket.matter):
        return "no_sight"
    if scene.people.means(person).isdisjoint(channels):
        return "no_channel"
    return None


def seat(
    scene: Scene, escalation: Escalation, rung: Rung, targets: Iterable[Target], at: int, *, forgive: bool = False
) -> Seated:
    """Whom one seat of a rung calls at a time. `forgive`: refusals do not count."""
    persons: list[str] = []
    left_out: list[tuple[str, Reason]] = []
    refused = frozenset[str]() if forgive else refusers(escalation)
    channels = tuple(step.via for step in rung.channels)
    for person in named(scene, targets, at):
        reason = unfit(scene, escalation, person, channels, at) or ("refused" if person in refused else None)
        if reason is None:
            persons.append(person)
        else:
            left_out.append((person, reason))
    if not persons and scene.roster.leaves:
        left_out += _on_leave(scene, targets, at)
    return Seated(tuple(persons), tuple(left_out))


def _on_leave(scene: Scene, targets: Iterable[Target], at: int) -> Iterable[tuple[str, Reason]]:
    """Whom a rota would have on duty, were they not away: no roster shows them, and the timeline says why."""
    gone = (scene.roster.away(target.id, at) for target in targets if target.kind == "rota")
    return ((person, "away") for persons in gone for person in dict.fromkeys(persons))


def everybody(scene: Scene, escalation: Escalation, rung: Rung, at: int, *, forgive: bool = False) -> tuple[str, ...]:
    """Both seats of a rung."""
    return seat(scene, escalation, rung, (*rung.call, *rung.backup), at, forgive=forgive).persons


def supervisors(scene: Scene, escalation: Escalation, at: int) -> tuple[str, ...]:
    """Every supervisor of the team, else of the desk, who can be reached."""

    def fit(person: str) -> bool:
        return unfit(scene, escalation, person, DESK_CHANNELS, at) is None

    all_ = [p for p in scene.people.persons.values() if "supervisor" in p.roles]
    line = frozenset(scene.people.line(scene.ticket.team))
    near = tuple(p.id for p in all_ if line & set(p.teams) and fit(p.id))
    return near or tuple(p.id for p in all_ if fit(p.id))


def rotas(rung: Rung) -> tuple[str, ...]:
    """The rotas of both seats."""
    return tuple(target.id for target in (*rung.call, *rung.backup) if target.kind == "rota")


def shift_on(scene: Scene, rung: Rung, at: int) -> bool:
    """Whether anybody is on duty in any rota of the rung, reachable or not."""
    return any(scene.roster.on_duty(rota, at) for rota in rotas(rung))


def current(escalation: Escalation) -> tuple[Call, ...]:
    """Open calls of the rung being called (not those of earlier rungs, which `joint` leaves open)."""
    return tuple(
        call
        for call in escalation.calls
        if call.ended_at is None
        and call.seat in ("duty", "backup")
        and call.rung == escalation.rung
        and call.round == escalation.round
        and call.opened_at >= escalation.base
    )


def paged(escalation: Escalation) -> tuple[Call, ...]:
    """The calls of everyone who is paged in this turn of the ladder, open or ended; empty when nobody is."""
    return tuple(
        call
        for call in escalation.calls
        if call.seat == "page"
        and call.round == escalation.round
        and call.step_at >= escalation.base
        and call.ended not in ("accepted", "overtaken")
    )


def open_call(escalation: Escalation, person: str | None) -> Call | None:
    """The person's open call, newest first."""
    for call in reversed(escalation.calls):
        if call.person == person and call.ended_at is None:
            return call
    return None


def passed_from(escalation: Escalation) -> dict[str, int]:
    """Under `passes`: from whom authority passed in this rung, and when."""
    return {
        call.person: call.ended_at or 0
        for call in escalation.calls
        if call.ended == "passed"
        and call.rung == escalation.rung
        and call.round == escalation.round
        and call.opened_at >= escalation.base
    }

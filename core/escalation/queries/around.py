"""What stands around a call: whom it may be passed to, previews, names, my own duty, the engine's pulse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from core.engine.desk import STOPPED_AFTER
from core.engine.journal import SQL as ENGINE
from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.escalation.notices import badge
from core.escalation.outlook import foretold
from core.escalation.queries.cards import (
    Candidate,
    Candidates,
    DirectoryView,
    DutyView,
    MeView,
    PersonName,
    PolicyName,
    PulseView,
)
from core.escalation.queries.questions import Directory, Me, Preview, Pulse, Reachable
from core.escalation.queries.reader import asker, seen_ticket
from core.escalation.queries.views import PreviewView
from core.escalation.records import load
from core.escalation.seats import Scene, unreachable
from core.escalation.world import book_of, facts_of, scene_of
from core.people.access import Matter
from core.people.model import People, Person
from core.policy.records import policies_of
from core.policy.rules import Facts
from core.roster.duty import Roster
from core.roster.model import Duty
from core.roster.records import roster_of
from core.tickets.model import Ticket

UNKNOWN: Final = Refusal("unknown", "escalation")
KNOWN: Final = (946_684_800_000, 4_102_444_800_000)
"""2000 until 2100: the years of which public holidays are known."""


def reachable(ask: Ask, query: Reachable) -> Candidates | Refusal:
    """Whom this escalation may be passed to now: on duty first, then the nearest level, then by name."""
    esc = load(ask.tx, query.escalation)
    found = UNKNOWN if esc is None else seen_ticket(ask, esc.ticket)
    if esc is None or isinstance(found, Refusal):
        return UNKNOWN
    people, person, ticket = found
    scene = scene_of(ask.tx, ticket)
    rung = esc.policy.rungs[esc.rung]
    channels = tuple(step.via for step in rung.channels)
    fit = (
        _candidate(scene, known, channels, ask.now)
        for known in people.persons.values()
        if known.id not in (person.id, ticket.holder) and unreachable(scene, known.id, channels, ask.now) is None
    )

    def nearness(candidate: Candidate) -> tuple[bool, int, int, str]:
        return not candidate.on_duty, abs(candidate.level - rung.level), -candidate.level, candidate.person

    return Candidates(tuple(sorted(fit, key=nearness)))


def _candidate(scene: Scene, person: Person, channels: tuple[str, ...], at: int) -> Candidate:
    duty = next((duty for _, duty in _duties(scene.roster, person.id, at)), None)
    return Candidate(
        person.id,
        person.level,
        duty is not None,
        (duty and duty.place) or scene.roster.usual_place(person, at),
        duty.end if duty else None,
        tuple(dict.fromkeys(via for via in channels if scene.people.addresses(person.id, via))),
    )


def _duties(roster: Roster, person: str, at: int) -> Iterator[tuple[str, Duty]]:
    for rota in roster.rotas:
        for duty in roster.on_duty(rota, at):
            if duty.person == person:
                yield rota, duty


def preview(ask: Ask, query: Preview) -> PreviewView | Refusal:
    """Who would be called when, if nobody answers: the raise itself, walked ahead."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    at = ask.now if query.at is None else query.at
    if not KNOWN[0] <= at < KNOWN[1]:
        return Refusal("invalid", "bad_moment", "at")
    raiser = people.persons.get(query.by or person.id)
    if raiser is None or not raiser.active:
        return Refusal("invalid", "no_such_person", "by", {"id": query.by})
    if query.ticket is not None:
        seen = seen_ticket(ask, query.ticket)
        if isinstance(seen, Refusal):
            return seen
        ticket, facts = seen[2], facts_of(ask.tx, seen[2])
    else:
        ticket, facts = _no_ticket(people, raiser), Facts()
    scene = scene_of(ask.tx, ticket)
    if query.mode is not None:
        scene = replace(scene, roster=replace(scene.roster, mode=query.mode))
    return foretold(scene, book_of(ask.tx), facts, raiser.id, query, at)


def _no_ticket(people: People, person: Person) -> Ticket:
    """A preview of a policy alone: a ticket is of its creator's first team."""
    team = person.teams[0] if person.teams else next(iter(people.teams), "")
    return Ticket(0, team, "new", "", "normal", "", 0, 0, 1, matter=Matter(team))


def directory(ask: Ask, _: Directory) -> DirectoryView | Refusal:
    """Names for ids."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people = found[0]
    settings = people.settings
    return DirectoryView(
        settings.name,
        settings.timezone,
        settings.language,
        tuple(sorted(people.levels.values(), key=lambda level: level.number)),
        tuple(people.teams.values()),
        tuple(PersonName(p.id, p.name, p.level, p.teams, p.active) for p in people.persons.values()),
        tuple(
            PolicyName(policy.id, policy.name, policy.version, tuple(rung.level for rung in policy.rungs))
            for policy in policies_of(ask.tx)
        ),
        settings.mode,
    )


def me(ask: Ask, _: Me) -> MeView | Refusal:
    """Who I am here, and my duty now."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    person = found[1]
    roster = roster_of(ask.tx)
    duty = tuple(_duties(roster, person.id, ask.now))
    return MeView(
        person.id,
        person.name,
        person.level,
        person.teams,
        tuple(sorted(person.roles)),
        person.language,
        next((d.place for _, d in duty if d.place), roster.usual_place(person, ask.now)),
        tuple(DutyView(rota, person.level, d.end) for rota, d in duty),
        badge(ask.tx, person.id),
    )


def pulse(ask: Ask, _: Pulse) -> PulseView:
    """Whether an engine runs. Everybody may know, also who is not signed in."""
    row = ask.tx.one(ENGINE["heartbeat_newest"])
    beat = row[0] if row else None
    running = beat is not None and ask.now - beat <= STOPPED_AFTER
    return PulseView("running" if running else "stopped", beat)

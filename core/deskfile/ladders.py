"""Walks every policy over the coming year: who could be called when, and which waits can never be reached. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Final, TypeAlias

from msgspec import Struct

from core.deskfile.findings import Finding, Severity
from core.escalation.seats import Scene, named, rotas, unreachable
from core.people.access import scopes
from core.people.model import ChannelSetting, Mode, People
from core.policy.model import Policy, Rule, Rung, Target
from core.roster.duty import AHEAD, DAY, Roster
from core.tickets.model import Ticket

YEAR: Final = 365 * DAY
Gaps: TypeAlias = tuple[tuple[int, int], ...]
"""Spans in which nobody can be called, ascending, apart from each other."""


class Subject(Struct, frozen=True):
    """A desk as the checker looks at it, with a roster for every mode that changes who is on duty."""

    people: People
    rosters: Mapping[Mode, Roster]
    policies: Sequence[Policy]
    rules: Sequence[Rule]
    channels: Sequence[ChannelSetting]
    now: int

    def found(self, severity: Severity, where: str, key: str, **values: object) -> Finding:
        """A finding whose times are told in the desk's zone."""
        return Finding(severity, where, f"finding.{key}", values, self.people.settings.timezone)


def ladder_findings(subject: Subject, policy: Policy) -> Iterator[Finding]:
    """Everything there is to say about one policy."""
    for mode in subject.rosters:
        for team in _teams(subject, policy):
            yield from _coverage(subject, policy, mode, team)
    for number, rung in enumerate(policy.rungs, 1):
        where = f"policy:{policy.id} rung {number}"
        yield from _backup(subject, where, rung)
        yield from _waits(subject, where, rung, policy.authority)
    longest = sum(rung.accept_within for rung in policy.rungs[:-1])
    if longest and policy.hours == "always":
        yield subject.found("note", f"policy:{policy.id}", "longest", longest_for=longest)


def members(subject: Subject, target: Target) -> frozenset[str]:
    """Everybody whom a target can ever mean; of a level or a team, those who take calls."""
    persons = [person for person in subject.people.persons.values() if scopes(person, "work")]
    match target.kind:
        case "person":
            return frozenset({target.id})
        case "team":
            return frozenset(person.id for person in persons if target.id in person.teams)
        case "level":
            return frozenset(person.id for person in persons if person.level == int(target.id))
        case "rota":
            roster = subject.rosters["normal"]
            mine = (rota.id for rota in roster.rotas.values() if target.id in (rota.id, rota.replaces))
            return frozenset[str]().union(*(roster.members(rota) for rota in mine)) & subject.people.persons.keys()


def _teams(subject: Subject, policy: Policy) -> tuple[str, ...]:
    """The teams whose tickets may run under this policy, where it matters: `level:N` looks in the ticket's team."""
    teams = subject.people.teams
    if not any(target.kind == "level" for rung in policy.rungs for target in (*rung.call, *rung.backup)):
        return ("",)
    own = tuple(team.id for team in teams.values() if team.default_policy == policy.id)
    by_rule = any(rule.then.policy == policy.id for rule in subject.rules)
    return tuple(teams) if by_rule or not own else own


def _coverage(subject: Subject, policy: Policy, mode: Mode, team: str) -> Iterator[Finding]:
    scene = Scene(subject.people, subject.rosters[mode], Ticket(0, team, "new", "", "normal", "", 0, 0, 0))
    all_gaps = [_gaps(scene, rung, subject.now) for rung in policy.rungs]
    aside = "".join(f" {part}" for part in (f"team:{team}" if team else "", mode if mode != "normal" else "") if part)
    for number, (rung, gaps) in enumerate(zip(policy.rungs, all_gaps, strict=True), 1):
        where = f"policy:{policy.id} rung {number}{aside}"
        if gaps == ((subject.now, subject.now + YEAR),):
            yield subject.found("warning", where, "rung_never", level=rung.level)
        elif gaps and policy.hours == "always":
            yield subject.found("warning", where, "gap", level=rung.level, **_measures(gaps))
    dead = reduce(_both, all_gaps)
    if dead == ((subject.now, subject.now + YEAR),):
        yield subject.found("error", f"policy:{policy.id}{aside}", "dead_always")
    elif dead and policy.hours == "always":
        yield subject.found("error", f"policy:{policy.id}{aside}", "dead_end", **_measures(dead))


def _measures(gaps: Gaps) -> dict[str, int]:
    first, until = gaps[0]
    return {"first_at": first, "until_at": until, "n": len(gaps), "all_for": sum(end - start for start, end in gaps)}


def _gaps(scene: Scene, rung: Rung, now: int) -> Gaps:
    """When in the coming year nobody of either seat can be called."""
    targets, channels, watched = (*rung.call, *rung.backup), [step.via for step in rung.channels], rotas(rung)
    found: list[tuple[int, int]] = []
    at, end = now, now + YEAR
    while at < end:
        persons = named(scene, targets, at)
        changes = scene.roster.next_change(watched, at), scene.people.next_absence(persons, at)
        until = min((end, at + AHEAD, *(change for change in changes if change is not None)))
        if all(unreachable(scene, person, channels, at) for person in persons):
            start = found.pop()[0] if found and found[-1][1] == at else at
            found.append((start, until))
        at = until
    return tuple(found)


def _both(one: Gaps, other: Gaps) -> Gaps:
    """Where two lists of gaps overlap."""
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other if a[0] < b[1] and b[0] < a[1])
    return tuple(sorted(pairs))


def _backup(subject: Subject, where: str, rung: Rung) -> Iterable[Finding]:
    if rung.backup and rung.backup_after is None:
        yield subject.found("warning", where, "backup_without_time")
    if rung.backup_after is not None and not rung.backup:
        yield subject.found("warning", where, "time_without_backup")
    if rung.backup and rung.backup_after is not None and rung.backup_after >= rung.accept_within:
        yield subject.found(
            "warning", where, "backup_too_late", after_for=rung.backup_after, within_for=rung.accept_within
        )


def _waits(subject: Subject, where: str, rung: Rung, authority: str) -> Iterator[Finding]:
    backup_after = rung.backup_after if rung.backup and rung.backup_after is not None else None
    passes = authority == "passes" and backup_after is not None
    turn = min(rung.accept_within, backup_after or 0) if passes else rung.accept_within
    yield from _unreached(subject, where, rung, "wait_never_duty", turn)
    if backup_after is not None and rung.accept_within - backup_after > 0:
        yield from _unreached(subject, where, rung, "wait_never_backup", rung.accept_within - backup_after)


def _unreached(subject: Subject, where: str, rung: Rung, key: str, turn: int) -> Iterator[Finding]:
    begins = 0
    for step in rung.channels:
        if begins >= turn:
            yield subject.found("warning", where, key, via=step.via, begins_for=begins, turn_for=turn)
            return
        begins += step.wait or 0

"""Walks every policy over the coming year: who could be called when. Pure, and asked of the ladder's own functions."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Final, NamedTuple, TypeAlias

from core.deskfile.check_waits import waits
from core.deskfile.findings import Finding
from core.deskfile.subject import Subject
from core.escalation.seats import Scene, named, rotas, unreachable
from core.people.model import Mode
from core.policy.model import Policy, Rung
from core.roster.duty import AHEAD, DAY
from core.tickets.model import Ticket

YEAR: Final = 365 * DAY
Spans: TypeAlias = tuple[tuple[int, int], ...]
"""Ascending, apart from each other."""


class Gaps(NamedTuple):
    """When in the coming year nobody of a rung can be called, and whether that is for want of sight alone."""

    spans: Spans
    blind: bool = False


class _Walker:
    """Walks each pair of seats once, however many policies call it."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self._known: dict[object, Gaps] = {}

    def gaps(self, rung: Rung, mode: Mode, team: str) -> Gaps:
        """The gaps of a rung for tickets of a team, in a mode."""
        targets, channels = (*rung.call, *rung.backup), frozenset(step.via for step in rung.channels)
        ticket = Ticket(0, team, "new", "", "normal", "", 0, 0, 0)
        scene = Scene(self.subject.people, self.subject.rosters[mode], ticket)
        # Whom a level means depends on the team and not on the time: teams for which it means the same share a walk.
        levels = tuple(named(scene, (target,), 0) for target in targets if target.kind == "level")
        key = (targets, channels, mode, levels)
        if key not in self._known:
            self._known[key] = _walk(scene, rung, self.subject.now)
        return self._known[key]


def ladders(subject: Subject) -> Iterator[Finding]:
    """Everything there is to say about policies as ladders."""
    walker = _Walker(subject)
    for policy in subject.policies:
        gaps = {(mode, team): [walker.gaps(rung, mode, team) for rung in policy.rungs]
                for mode in subject.rosters for team in _teams(subject, policy)}  # fmt: skip
        for (mode, team), found in gaps.items():
            yield from _coverage(subject, policy, mode, team, found)
        for number, rung in enumerate(policy.rungs, 1):
            yield from waits(subject, f"policy:{policy.id} rung {number}", policy, rung)
        yield from _longest(subject, policy, [found for (mode, _), found in gaps.items() if mode == "normal"])


def _teams(subject: Subject, policy: Policy) -> tuple[str, ...]:
    """The teams whose tickets may run under this policy, where it matters: `level:N` looks in the ticket's team."""
    teams = subject.people.teams
    if not any(target.kind == "level" for rung in policy.rungs for target in (*rung.call, *rung.backup)):
        return ("",)
    own = tuple(team.id for team in teams.values() if team.default_policy == policy.id)
    by_rule = any(rule.then.policy == policy.id for rule in subject.rules)
    return tuple(teams) if by_rule or not own else own


def _coverage(subject: Subject, policy: Policy, mode: Mode, team: str, all_gaps: list[Gaps]) -> Iterator[Finding]:
    """Gaps of each rung, and where all of them fall together."""
    never: Spans = ((subject.now, subject.now + YEAR),)
    aside = "".join(f" {part}" for part in (f"team:{team}" if team else "", mode if mode != "normal" else "") if part)
    for number, (rung, gaps) in enumerate(zip(policy.rungs, all_gaps, strict=True), 1):
        where = f"policy:{policy.id} rung {number}{aside}"
        if gaps.spans == never:
            yield subject.found("warning", where, "rung_blind" if gaps.blind else "rung_never", level=rung.level)
        elif gaps.spans and policy.hours == "always":
            yield subject.found("warning", where, "gap", level=rung.level, **_measures(gaps.spans))
    dead = reduce(_both, (gaps.spans for gaps in all_gaps), never)
    if dead == never:
        yield subject.found("error", f"policy:{policy.id}{aside}", "dead_always")
    elif dead and policy.hours == "always":
        yield subject.found("error", f"policy:{policy.id}{aside}", "dead_end", **_measures(dead))


def _longest(subject: Subject, policy: Policy, found: list[list[Gaps]]) -> Iterator[Finding]:
    """How late the last level may be called; under `duty` each rung may have to wait for its shift first."""
    longest = sum(max(rung.accept_within, rung.backup_after or 0) for rung in policy.rungs[:-1])
    if not longest:
        return
    if policy.hours == "always":
        yield subject.found("note", f"policy:{policy.id}", "longest", longest_for=longest)
    else:
        waiting = max((sum(_longest_of(gaps.spans) for gaps in rungs) for rungs in found), default=0)
        yield subject.found("note", f"policy:{policy.id}", "longest_duty", longest_for=longest + waiting)


def _longest_of(spans: Spans) -> int:
    return max((end - start for start, end in spans), default=0)


def _measures(gaps: Spans) -> dict[str, int]:
    first, until = gaps[0]
    return {"first_at": first, "until_at": until, "n": len(gaps), "all_for": sum(end - start for start, end in gaps)}


def _walk(scene: Scene, rung: Rung, now: int) -> Gaps:
    """Both seats, from one change of duty or leave to the next."""
    targets, channels, watched = (*rung.call, *rung.backup), [step.via for step in rung.channels], rotas(rung)
    found: list[tuple[int, int]] = []
    seen, blind = False, True
    at, end = now, now + YEAR
    while at < end:
        persons = named(scene, targets, at)
        changes = scene.roster.next_change(watched, at), scene.people.next_absence(persons, at)
        until = min((end, at + AHEAD, *(change for change in changes if change is not None)))
        reasons = [unreachable(scene, person, channels, at) for person in persons]
        seen, blind = seen or bool(persons), blind and all(reason == "no_sight" for reason in reasons)
        if all(reasons):
            start = found.pop()[0] if found and found[-1][1] == at else at
            found.append((start, until))
        at = until
    return Gaps(tuple(found), seen and blind)


def _both(one: Spans, other: Spans) -> Spans:
    """Where two lists of gaps overlap."""
    pairs = ((max(a[0], b[0]), min(a[1], b[1])) for a in one for b in other if a[0] < b[1] and b[0] < a[1])
    return tuple(sorted(pairs))

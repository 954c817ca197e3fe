"""What may be changed in a roster, and what becomes of it. Pure.

7-transitions, "roster: own shift / change": operators their own, supervisors their team's, admins all.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Final

from core.engine.outcome import Refusal
from core.engine.ports import DAY
from core.people.access import Matter, may, scopes
from core.people.model import Actor, People
from core.roster.changes import clipped
from core.roster.commands import AddOverride, MakePlan, OfferShift, TakeShift
from core.roster.duty import AHEAD, Roster
from core.roster.model import Override, Plan

YEAR: Final = 366 * DAY
NO_ROTA: Final = Refusal("unknown", "rota")
NOT_MINE: Final = Refusal("not_allowed", "roster")


def may_change(people: People, by: Actor, roster: Roster, rota: str, persons: Collection[str | None]) -> bool:
    """Whether the actor plans this rota, and everybody concerned: a supervisor whose team they are of, an admin all."""
    if by.kind != "person" or may(people, by, "administer"):
        return may(people, by, "roster")

    def mine(person: str) -> bool:
        known = people.persons.get(person)
        return known is not None and any(may(people, by, "roster", Matter(team)) for team in known.teams)

    planned = roster.planned(rota)
    return (not planned or any(map(mine, planned))) and all(mine(person) for person in persons if person is not None)


def override(people: People, roster: Roster, by: Actor, command: AddOverride, id_: int, now: int) -> Override | Refusal:
    """One change for one span; refused where it changes nothing, or says again what another one says."""
    if command.rota not in roster.rotas:
        return NO_ROTA
    if not may_change(people, by, roster, command.rota, (command.add, command.remove)):
        return NOT_MINE
    since = max(command.since or now, now)
    made = Override(id_, command.rota, since, command.until, command.add, command.remove, command.place)
    if refused := _misfit(people, made, now):
        return refused
    return _cannot_stand(people, made.adds, since, made.until) or clash(roster, made) or made


def _misfit(people: People, made: Override, now: int) -> Refusal | None:
    for field, person in (("add", made.adds), ("remove", made.removes)):
        if person is not None and person not in people.persons:
            return Refusal("invalid", "no_such_person", field, {"id": person})
    if made.adds == made.removes:
        return Refusal("invalid", "override_empty", "add")
    return None if made.since < made.until <= now + YEAR else Refusal("invalid", "until_future", "until")


def clash(roster: Roster, made: Override) -> Refusal | None:
    """Nobody is put on duty, or taken off, twice for the same time: of two at once the second learns of the first."""
    for other in roster.changes.get(made.rota, ()):
        if isinstance(other, Override) and _says_it_already(roster, made, other):
            return Refusal("conflict", "override_exists", values={"id": str(other.id), "since": other.since})
    leaves = on_rota(roster, made.rota, made.removes, made.since, made.until) if made.removes else ()
    if made.removes and not leaves:
        return Refusal("conflict", "not_on_duty", values={"person": made.removes})
    if made.adds:
        there = on_rota(roster, made.rota, made.adds, made.since, made.until)
        wanted = leaves or ((made.since, made.until),)
        if there and (_touch(there, leaves) if leaves else _covers(there, wanted[0])):
            return Refusal("conflict", "already_on_duty", values={"person": made.adds})
    return None


def _says_it_already(roster: Roster, made: Override, other: Override) -> bool:
    since, until = max(made.since, other.since), min(made.until, other.until)
    if since >= until:
        return False
    if made.removes is not None and made.removes == other.removes:
        return not on_rota(roster, made.rota, made.removes, since, until)
    if made.adds is None or made.adds != other.adds or made.removes != other.removes:
        return False
    return bool(on_rota(roster, made.rota, made.adds, since, until))


def on_rota(roster: Roster, rota: str, person: str, since: int, until: int) -> tuple[tuple[int, int], ...]:
    """When the person is planned in [since, until), on leave or not: ascending, touching spans made one."""
    there, away = roster.spans(rota, since, until)
    found = (clipped(span, since, until) for span in (*there, *(gone for gone, _ in away)) if span.person == person)
    merged: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in found if span):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def plan(people: People, roster: Roster, by: Actor, command: MakePlan, id_: int, now: int) -> Plan | Refusal:
    """A rota of its own for one span; one at a time."""
    if command.rota not in roster.rotas:
        return NO_ROTA
    persons = {shift.person for shift in command.shifts}
    if not may_change(people, by, roster, command.rota, persons & people.persons.keys()):
        return NOT_MINE
    for other in roster.changes.get(command.rota, ()):
        if isinstance(other, Plan) and other.since < command.until and command.since < other.until:
            return Refusal("conflict", "plan_exists", values={"id": str(other.id), "since": other.since})
    if stranger := next(iter(sorted(persons - people.persons.keys())), None):
        return Refusal("invalid", "no_such_person", "shifts", {"id": stranger})
    if not now < command.until <= now + YEAR or not command.until - YEAR <= command.since < command.until:
        return Refusal("invalid", "until_future", "until")
    made = Plan(id_, command.rota, command.name.strip(), command.since, command.until, command.shifts)
    refused = (_cannot_stand(people, person) for person in sorted(persons))
    return next((one for one in refused if one), None) or _plan_misfit(made) or made


def _plan_misfit(made: Plan) -> Refusal | None:
    """Each shift lies in the plan's span, and nobody's shifts overlap."""
    if not made.name:
        return Refusal("invalid", "empty", "name")
    if any(not made.since <= shift.since < shift.until <= made.until for shift in made.shifts):
        return Refusal("invalid", "plan_shift_outside", "shifts")
    ordered = sorted((shift.person, shift.since, shift.until) for shift in made.shifts)
    if any(one[0] == next_[0] and next_[1] < one[2] for one, next_ in pairwise(ordered)):
        return Refusal("invalid", "plan_shifts_overlap", "shifts")
    return None


def taking(people: People, roster: Roster, by: Actor, command: TakeShift, id_: int, now: int) -> Override | Refusal:
    """I am on duty now. Whoever stands on the rota at times may do so, and who plans it."""
    me, rota = by.person, command.rota
    if rota not in roster.rotas:
        return NO_ROTA
    if me is None or not may(people, by, "own_shift"):
        return NOT_MINE
    there, away = roster.spans(rota, now, now + 1)
    found = {span.person: span for span in (*(gone for gone, _ in away), *there)}
    if me in found and me != command.person:
        return Refusal("conflict", "already_on_duty", values={"person": me})
    whom = command.person or next(iter(found), None)
    if me not in roster.members(rota) and not may_change(people, by, roster, rota, (me, whom)):
        return NOT_MINE
    if whom is not None and whom not in found:
        return Refusal("conflict", "not_on_duty", values={"person": whom})
    if command.person is None and len(found) > 1:
        return Refusal("invalid", "take_from_whom", "person")
    ends = _ends(roster, rota, whom, now)
    until = ends if command.until is None else min(command.until, ends)
    made = Override(id_, rota, now, until, me, whom)
    return _misfit(people, made, now) or _cannot_stand(people, me, now, until) or clash(roster, made) or made


def _ends(roster: Roster, rota: str, person: str | None, now: int) -> int:
    """When the duty that is taken ends: of nobody's, when the next one begins."""
    if person is None:
        return roster.next_start((rota,), now) or now + DAY
    return on_rota(roster, rota, person, now, now + AHEAD)[0][1]


def offered(people: People, roster: Roster, by: Actor, command: OfferShift, now: int) -> tuple[int, int] | Refusal:
    """The span of my duty that is offered."""
    if command.rota not in roster.rotas:
        return NO_ROTA
    if by.person is None or not may(people, by, "own_shift"):
        return NOT_MINE
    since = max(command.since or now, now)
    if not since <= (command.until or since) <= now + YEAR:
        return Refusal("invalid", "until_future", "until")
    mine = on_rota(roster, command.rota, by.person, since, command.until or since + YEAR)
    if not mine:
        return Refusal("conflict", "not_on_duty", values={"person": by.person})
    start, end = mine[0] if command.until is None else (since, command.until)
    made = Override(0, command.rota, start, end, command.to, by.person)
    refused = _misfit(people, made, now) or _cannot_stand(people, command.to, start, end) or clash(roster, made)
    return refused or (start, end)


def _cannot_stand(people: People, person: str | None, since: int = 0, until: int = 0) -> Refusal | None:
    """Why somebody cannot be put on duty: they take no calls, have left, or are away at some time of it."""
    if person is None:
        return None
    if "team" not in scopes(people.persons[person], "work"):
        return Refusal("not_allowed", "takes_no_duty", values={"person": person})
    for leave in people.leaves.get(person, ()):
        if leave.since < until and (leave.until is None or leave.until > since):
            return Refusal("not_allowed", "target_away", values={"person": person})
    return None


def cannot_take(people: People, roster: Roster, made: Override) -> Refusal | None:
    """What stands against an offered duty by the time it is accepted."""
    return _cannot_stand(people, made.adds, made.since, made.until) or clash(roster, made)


def _touch(one: Collection[tuple[int, int]], other: Collection[tuple[int, int]]) -> bool:
    return any(a[0] < b[1] and b[0] < a[1] for a in one for b in other)


def _covers(there: Collection[tuple[int, int]], wanted: tuple[int, int]) -> bool:
    return any(start <= wanted[0] and wanted[1] <= end for start, end in there)

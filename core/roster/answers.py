"""Answers to the questions about the roster."""

from __future__ import annotations

from typing import Final

from core.engine.outcome import Refusal
from core.engine.ports import DAY, Millis
from core.engine.work import Ask
from core.people.access import may
from core.people.model import People
from core.people.records import people_of
from core.roster.duty import Roster
from core.roster.gaps import gaps, holidays_in
from core.roster.model import Duty, Override, Plan, Swap
from core.roster.queries import (
    CalendarEntry,
    CalendarOf,
    CalendarView,
    DutyLine,
    DutyPage,
    GetOverride,
    GetPlan,
    GetSwap,
    HolidayView,
    MyCalendar,
    MySwaps,
    OnDuty,
    OverrideView,
    PlanView,
    RosterPlan,
    RosterView,
    RotaView,
    Segment,
    SwapPage,
    SwapView,
)
from core.roster.records import CALENDAR, CHANGES, override_from, plan_from, roster_of
from core.roster.spans import Span, side_by_side
from core.roster.swaps import open_of, swap_of

LONGEST: Final = 62 * DAY
USUAL: Final = 14 * DAY
FARTHEST: Final = 3_660 * DAY
"""Ten years back or ahead: no roster says more."""
BACK: Final = 28 * DAY
AHEAD: Final = 183 * DAY
NOT_ME: Final = Refusal("not_allowed", "self")


def roster_plan(ask: Ask, query: RosterPlan) -> RosterView | Refusal:
    """Every rota, segment by segment, with what interrupts it. Whoever works here may know who is on duty."""
    people, roster = people_of(ask.tx), roster_of(ask.tx)
    if not may(people, ask.by, "self") and ask.by.kind == "person":
        return NOT_ME
    since = ask.now if query.since is None else query.since
    until = since + USUAL if query.until is None else query.until
    if not abs(since - ask.now) < FARTHEST or not since < until <= since + LONGEST:
        return Refusal("invalid", "roster_span", "until", {"n": LONGEST // DAY})
    person = people.persons.get(ask.by.person or "")
    language = person.language if person else people.settings.language
    holidays = holidays_in(people.settings, since, until, language)
    mode = query.mode or roster.mode
    rotas = _rotas(people, roster, query.team)
    return RosterView(
        since,
        until,
        roster.timezone,
        mode,
        tuple(HolidayView(day.isoformat(), name) for day, name in sorted(holidays.items())),
        tuple(
            RotaView(
                rota,
                teams_of(people, roster, rota),
                segments(people, roster.spans(rota, since, until, mode)[0], since, until),
                gaps(roster, rota, since, until, mode, holidays),
                _overrides(roster, rota, since, until),
                _plans(roster, rota, since, until),
                roster.rotas[rota].replaces,
                roster.rotas[rota].mode,
            )
            for rota in rotas
        ),
    )


def on_duty(ask: Ask, query: OnDuty) -> DutyPage | Refusal:
    """Who is on duty, rota by rota; a stand-in that does not hold has nobody."""
    people, roster = people_of(ask.tx), roster_of(ask.tx)
    if not may(people, ask.by, "self") and ask.by.kind == "person":
        return NOT_ME
    at = ask.now if query.at is None else query.at
    found = ((rota, duty) for rota in _rotas(people, roster, query.team) for duty in roster.on_duty(rota, at))
    standing = (one for one in found if roster.rotas[one[0]].replaces is None)
    return DutyPage(at, tuple(_line(people, rota, duty) for rota, duty in standing))


def segments(people: People, found: list[Span], since: Millis, until: Millis) -> tuple[Segment, ...]:
    """One line per person and stretch, cut to [since, until), by time and then as written."""
    return tuple(
        Segment(
            span.person,
            max(span.start, since),
            min(span.end, until),
            span.place or people.persons[span.person].place,
            span.source,
            str(span.ref) if span.ref else None,
        )
        for span in side_by_side(found)
        if span.person in people.persons and span.end > since and span.start < until
    )


def teams_of(people: People, roster: Roster, rota: str) -> tuple[str, ...]:
    """The teams of the people it names, in order."""
    known = (people.persons[person] for person in sorted(roster.planned(rota)) if person in people.persons)
    return tuple(dict.fromkeys(team for person in known for team in person.teams))


def _rotas(people: People, roster: Roster, team: str | None) -> tuple[str, ...]:
    names = tuple(sorted(roster.rotas))
    if team is None:
        return names
    return tuple(rota for rota in names if any(team in people.line(own) for own in teams_of(people, roster, rota)))


def _line(people: People, rota: str, duty: Duty) -> DutyLine:
    place = duty.place or people.persons[duty.person].place
    change = str(duty.ref) if duty.ref else None
    return DutyLine(rota, duty.person, place, duty.start, duty.end, duty.source, change)


def _overrides(roster: Roster, rota: str, since: Millis, until: Millis) -> tuple[OverrideView, ...]:
    found = (change for change in roster.changes.get(rota, ()) if isinstance(change, Override))
    return tuple(_override(change, None) for change in found if change.since < until and change.until > since)


def _plans(roster: Roster, rota: str, since: Millis, until: Millis) -> tuple[PlanView, ...]:
    found = (change for change in roster.changes.get(rota, ()) if isinstance(change, Plan))
    return tuple(_plan(change) for change in found if change.since < until and change.until > since)


def _override(change: Override, ended_at: Millis | None) -> OverrideView:
    return OverrideView(
        str(change.id), change.rota, change.since, change.until, change.adds, change.removes, change.place, ended_at
    )


def _plan(change: Plan) -> PlanView:
    return PlanView(str(change.id), change.rota, change.name, change.since, change.until, change.shifts)


def get_override(ask: Ask, query: GetOverride) -> OverrideView | Refusal:
    """One override, also when it is over."""
    row = ask.tx.one(CHANGES["override"], {"id": query.override})
    if row is None or not may(people_of(ask.tx), ask.by, "self"):
        return Refusal("unknown", "override")
    return _override(override_from(row), row[8])


def get_plan(ask: Ask, query: GetPlan) -> PlanView | Refusal:
    """One temporary plan, also when it is over."""
    row = ask.tx.one(CHANGES["plan"], {"id": query.plan})
    if row is None or not may(people_of(ask.tx), ask.by, "self"):
        return Refusal("unknown", "plan")
    return _plan(plan_from(row))


def my_swaps(ask: Ask, query: MySwaps) -> SwapPage | Refusal:
    """What I offer, and what is offered to me."""
    if ask.by.person is None:
        return NOT_ME
    return SwapPage(tuple(_swap(swap) for swap in open_of(ask.tx, ask.by.person, ask.now)))


def get_swap(ask: Ask, query: GetSwap) -> SwapView | Refusal:
    """To others than the two it does not exist."""
    swap = swap_of(ask.tx, query.swap)
    if swap is None or ask.by.person not in (swap.giver, swap.taker):
        return Refusal("unknown", "swap")
    return _swap(swap)


def _swap(swap: Swap) -> SwapView:
    return SwapView(str(swap.id), swap.rota, swap.giver, swap.taker, swap.since, swap.until, swap.state)


def calendar_of(ask: Ask, query: CalendarOf) -> CalendarView | Refusal:
    """Unknown, revoked, and those of somebody who left answer alike."""
    row = ask.tx.one(CALENDAR["feed_of"], {"hash": query.hash})
    return Refusal("unknown", "calendar") if row is None else _calendar(ask, row[0])


def my_calendar(ask: Ask, query: MyCalendar) -> CalendarView | Refusal:
    """Mine."""
    return NOT_ME if ask.by.person is None else _calendar(ask, ask.by.person)


def _calendar(ask: Ask, id_: str) -> CalendarView | Refusal:
    people, roster = people_of(ask.tx), roster_of(ask.tx)
    person = people.persons.get(id_)
    if person is None or not person.active:
        return Refusal("unknown", "calendar")
    since, until = ask.now - BACK, ask.now + AHEAD
    entries = [
        CalendarEntry(rota, span.start, span.end, span.place or person.place)
        for rota in sorted(roster.rotas)
        if roster.rotas[rota].replaces is None
        for span in side_by_side([span for span in roster.spans(rota, since, until)[0] if span.person == id_])
    ]
    entries.sort(key=lambda entry: (entry.since, entry.rota))
    return CalendarView(id_, people.settings.name, person.language, people.settings.timezone, ask.now, tuple(entries))

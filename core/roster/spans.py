"""Which spans of duty a rota writes down, and how they lie side by side. Pure; times in milliseconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.people.model import Place
from core.roster.model import Duty, Rota, Rotation, Shift, Source
from core.roster.wall import every, handover, instant, local, minutes, weekdays

_DAY: Final = timedelta(days=1)


class Span(NamedTuple):
    """One person in one occurrence of a shift or one turn of a rotation; `order` as written in the rota."""

    start: int
    end: int
    order: tuple[int, int]
    person: str
    place: Place | None
    source: Source = "shift"
    ref: int = 0
    """The override or plan it comes from."""


class Calendar(NamedTuple):
    """The desk's time zone, and its public holidays as local days."""

    zone: ZoneInfo
    holidays: frozenset[date]


def spans(rota: Rota, calendar: Calendar, low: int, high: int, ahead: int = 0) -> Iterator[Span]:
    """Every span that touches [low, high), uncut, in no order.

    A shift belongs to the day it starts on: `on_holidays = false` drops those of public holidays. Of a
    rotation's turn it drops the local days themselves. `ahead`: how many places the rotation has moved on, so
    that who was on duty when its list changed still is.
    """
    holidays = frozenset[date]() if rota.on_holidays else calendar.holidays
    first, last = local(calendar.zone, low).date() - _DAY, local(calendar.zone, high).date()
    found = _turns(rota.rotation, calendar.zone, first, last, ahead) if rota.rotation else iter(())
    if holidays:
        found = _without(found, Calendar(calendar.zone, holidays))
    yield from (span for span in found if span.end > low and span.start < high)
    for index, shift in enumerate(rota.shifts):
        for start, end in _occurrences(shift, calendar.zone, first, last, holidays):
            if start < end and end > low and start < high:
                for seat, person in enumerate(shift.people):
                    yield Span(start, end, (index, seat), person, shift.place)


def segments(found: Iterable[Span]) -> tuple[list[int], list[tuple[Duty, ...]]]:
    """Times at which the duties change, ascending, and the duties that hold from each of them on.

    Everybody stands in once, in the order written; a Duty runs as long as the person stays without a break.
    """
    known = sorted(set(found), key=lambda span: span[:4])
    runs = _runs(known)
    edges: dict[int, list[Span]] = {}
    for span in known:
        edges.setdefault(span.start, []).append(span)
        edges.setdefault(span.end, []).append(span)
    times, duties, active = [], [], set[Span]()
    for at in sorted(edges):
        active.symmetric_difference_update(set(edges[at]))
        times.append(at)
        duties.append(_side_by_side(active, runs, at))
    return times, duties


def side_by_side(found: Iterable[Span]) -> list[Span]:
    """The same, person by person, as screens show it: one span as long as nothing about it changes, by time.

    Where two spans of one person overlap, the one written first holds, as in `segments`.
    """
    times, duties = segments(found)
    kept: list[Span] = []
    last: dict[tuple[str, Place | None, Source, int], int] = {}
    for (start, end), here in zip(pairwise(times), duties, strict=False):
        for seat, duty in enumerate(here):
            says = (duty.person, duty.place, duty.source, duty.ref)
            at = last.get(says)
            if at is not None and kept[at].end == start:
                kept[at] = kept[at]._replace(end=end)
            else:
                last[says] = len(kept)
                kept.append(Span(start, end, (0, seat), *says))
    return kept


def _occurrences(
    shift: Shift, zone: ZoneInfo, first: date, last: date, holidays: frozenset[date]
) -> Iterator[tuple[int, int]]:
    days, begin, end = weekdays(shift.days), minutes(shift.start), minutes(shift.end)
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        if day.weekday() in days and day not in holidays:
            yield instant(zone, day, begin), instant(zone, day if end > begin else day + _DAY, end)


def _turns(rotation: Rotation, zone: ZoneInfo, first: date, last: date, ahead: int) -> Iterator[Span]:
    if not rotation.people:
        return
    origin, length, clock = _beginning(rotation)
    for turn in range(max(0, (first - origin).days // length - 1), (last - origin).days // length + 1):
        begins, ends = (origin + _DAY * (length * at) for at in (turn, turn + 1))
        seat = (turn + ahead) % len(rotation.people)
        start, end = instant(zone, begins, clock), instant(zone, ends, clock)
        yield Span(start, end, (0, seat), rotation.people[seat], None, "rotation")


def _beginning(rotation: Rotation) -> tuple[date, int, int]:
    """The day of the first handover, the days of a turn, the minute of the day."""
    weekday, clock = handover(rotation.handover)
    origin = date.fromisoformat(rotation.starts)
    if weekday is not None:
        origin += _DAY * ((weekday - origin.weekday()) % 7)
    return origin, every(rotation.every), clock


def turn_of(rotation: Rotation, zone: ZoneInfo, at: int) -> int:
    """The number of the turn that runs at a time; negative before the first."""
    origin, length, clock = _beginning(rotation)
    turn = (local(zone, at).date() - origin).days // length
    return turn if instant(zone, origin + _DAY * (length * turn), clock) <= at else turn - 1


def kept_ahead(old: Rotation | None, ahead: int, new: Rotation, zone: ZoneInfo, at: int) -> int:
    """How far ahead the new rotation runs so that whoever is on duty by the old one stays on duty.

    Where that person is no longer in it, the next one of the old order who still is comes on. A new first day begins
    the order anew.
    """
    turn = turn_of(new, zone, at)
    if old is None or old.starts != new.starts or not old.people or not new.people or turn < 0:
        return 0
    running = turn_of(old, zone, at) + ahead
    for step in range(len(old.people)):
        seat = (running + step) % len(old.people)
        places = [place for place, person in enumerate(new.people) if person == old.people[seat]]
        if places:  # of somebody who stands in it several times, the same time as before
            earlier = old.people[:seat].count(old.people[seat])
            return (places[min(earlier, len(places) - 1)] - turn) % len(new.people)
    return 0


def _without(found: Iterable[Span], calendar: Calendar) -> Iterator[Span]:
    for span in found:
        first, last = (local(calendar.zone, at).date() for at in (span.start, span.end))
        start = span.start
        for day in sorted(day for day in calendar.holidays if first <= day <= last):
            midnight = instant(calendar.zone, day, 0)
            if start < midnight:
                yield span._replace(start=start, end=min(midnight, span.end))
            start = max(start, instant(calendar.zone, day + _DAY, 0))
        if start < span.end:
            yield span._replace(start=start)


def _runs(known: list[Span]) -> dict[str, list[list[int]]]:
    runs: dict[str, list[list[int]]] = {}
    for span in known:
        mine = runs.setdefault(span.person, [])
        if mine and span.start <= mine[-1][1]:
            mine[-1][1] = max(mine[-1][1], span.end)
        else:
            mine.append([span.start, span.end])
    return runs


def _side_by_side(active: set[Span], runs: dict[str, list[list[int]]], at: int) -> tuple[Duty, ...]:
    first: dict[str, Span] = {}
    for span in sorted(active, key=lambda span: span.order):
        first.setdefault(span.person, span)
    return tuple(
        Duty(person, *_run(runs[person], at), span.place, span.source, span.ref) for person, span in first.items()
    )


def _run(runs: list[list[int]], at: int) -> tuple[int, int]:
    start, end = runs[bisect_right(runs, at, key=lambda run: run[0]) - 1]
    return start, end


def changes(times: list[int], duties: list[tuple[Duty, ...]]) -> tuple[list[int], list[int]]:
    """Of the segments' times: when anybody starts or ends, and when anybody starts."""
    who = [frozenset(), *(frozenset(duty.person for duty in segment) for segment in duties)]
    steps = list(zip(times, pairwise(who), strict=True))
    return [at for at, (old, new) in steps if old != new], [at for at, (old, new) in steps if new - old]

"""Which spans of duty a rota writes down, and how they lie side by side. Pure; times in milliseconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from core.people.model import Place
from core.roster.model import Duty, Rota, Rotation, Shift
from core.roster.wall import every, handover, instant, local, minutes, weekdays

_DAY: Final = timedelta(days=1)


class Span(NamedTuple):
    """One person in one occurrence of a shift or one turn of a rotation; `order` as written in the rota."""

    start: int
    end: int
    order: tuple[int, int]
    person: str
    place: Place | None


class Calendar(NamedTuple):
    """The desk's time zone, and its public holidays as local days."""

    zone: ZoneInfo
    holidays: frozenset[date]


def spans(rota: Rota, calendar: Calendar, low: int, high: int) -> Iterator[Span]:
    """Every span that touches [low, high), uncut, in no order.

    A shift belongs to the day it starts on: `on_holidays = false` drops those of public holidays. Of a
    rotation's turn it drops the local days themselves.
    """
    holidays = frozenset[date]() if rota.on_holidays else calendar.holidays
    first, last = local(calendar.zone, low).date() - _DAY, local(calendar.zone, high).date()
    found = _turns(rota.rotation, calendar.zone, first, last) if rota.rotation else iter(())
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
    known = sorted(found)
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


def _occurrences(
    shift: Shift, zone: ZoneInfo, first: date, last: date, holidays: frozenset[date]
) -> Iterator[tuple[int, int]]:
    days, begin, end = weekdays(shift.days), minutes(shift.start), minutes(shift.end)
    for number in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(number)
        if day.weekday() in days and day not in holidays:
            yield instant(zone, day, begin), instant(zone, day if end > begin else day + _DAY, end)


def _turns(rotation: Rotation, zone: ZoneInfo, first: date, last: date) -> Iterator[Span]:
    if not rotation.people:
        return
    weekday, clock = handover(rotation.handover)
    origin = date.fromisoformat(rotation.starts)
    if weekday is not None:
        origin += _DAY * ((weekday - origin.weekday()) % 7)
    length = every(rotation.every)
    for turn in range(max(0, (first - origin).days // length - 1), (last - origin).days // length + 1):
        begins, ends = (origin + _DAY * (length * at) for at in (turn, turn + 1))
        seat = turn % len(rotation.people)
        yield Span(instant(zone, begins, clock), instant(zone, ends, clock), (0, seat), rotation.people[seat], None)


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
    return tuple(Duty(person, *_run(runs[person], at), span.place) for person, span in first.items())


def _run(runs: list[list[int]], at: int) -> tuple[int, int]:
    start, end = runs[bisect_right(runs, at, key=lambda run: run[0]) - 1]
    return start, end


def changes(times: list[int], duties: list[tuple[Duty, ...]]) -> tuple[list[int], list[int]]:
    """Of the segments' times: when anybody starts or ends, and when anybody starts."""
    who = [frozenset(), *(frozenset(duty.person for duty in segment) for segment in duties)]
    steps = list(zip(times, pairwise(who), strict=True))
    return [at for at, (old, new) in steps if old != new], [at for at, (old, new) in steps if new - old]

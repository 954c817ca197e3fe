"""What becomes of planned spans: overrides and temporary plans, leave, home days. Pure; times in milliseconds.

Changes hold in the order they were made, each over what the earlier ones left. Leave takes people out of whatever
they were planned for; home days only say where.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.people.model import Leave
from core.roster.model import Change, Override, Plan
from core.roster.spans import Span
from core.roster.wall import instant, local

LAST: Final = 1 << 62
"""After everything."""
ONE_SHIFT: Final = 25 * 3_600_000
"""Longer than any shift, also on the day clocks are set back: what is longer is a turn over several days."""
_DAY: Final = timedelta(days=1)


def changed(found: Iterable[Span], changes: Sequence[Change]) -> list[Span]:
    """The spans as the changes leave them."""
    spans = list(found)
    for change in changes:
        if isinstance(change, Plan):
            spans = [*_cut(spans, change.since, change.until), *_planned(change)]
        elif change.removes is not None:
            spans = [piece for span in spans for piece in _overridden(span, change)]
        elif change.adds is not None:
            spans.append(
                Span(change.since, change.until, (change.id, 0), change.adds, change.place, "override", change.id)
            )
    return spans


def without_leave(
    found: Iterable[Span], leaves: Mapping[str, Sequence[Leave]]
) -> tuple[list[Span], list[tuple[Span, Leave]]]:
    """Who is there, and what falls out because somebody is away."""
    there: list[Span] = []
    away: list[tuple[Span, Leave]] = []
    for span in found:
        pieces = [span]
        for leave in leaves.get(span.person, ()):
            until = LAST if leave.until is None else leave.until
            away += [(gone, leave) for piece in pieces if (gone := clipped(piece, leave.since, until))]
            pieces = [*_cut(pieces, leave.since, until)]
        there += pieces
    return there, away


def at_home(found: Iterable[Span], zone: ZoneInfo, days: Mapping[str, frozenset[date]]) -> Iterator[Span]:
    """A shift that begins on somebody's home day is worked at home, and so is that day of a longer turn."""
    for span in found:
        mine = days.get(span.person)
        if not mine:
            yield span
        elif span.end - span.start <= ONE_SHIFT and local(zone, span.start).date() in mine:
            yield span._replace(place="home")
        else:
            yield from _by_days(span, zone, mine)


def clipped(span: Span, since: int, until: int) -> Span | None:
    """The part of a span inside [since, until); None where there is none."""
    start, end = max(span.start, since), min(span.end, until)
    return span._replace(start=start, end=end) if start < end else None


def _cut(found: Iterable[Span], since: int, until: int) -> Iterator[Span]:
    """What lies outside [since, until)."""
    for span in found:
        if span.end <= since or span.start >= until:
            yield span
            continue
        if span.start < since:
            yield span._replace(end=since)
        if span.end > until:
            yield span._replace(start=until)


def _planned(plan: Plan) -> Iterator[Span]:
    for seat, shift in enumerate(plan.shifts):
        span = Span(shift.since, shift.until, (plan.id, seat), shift.person, shift.place, "plan", plan.id)
        if inside := clipped(span, plan.since, plan.until):
            yield inside


def _overridden(span: Span, change: Override) -> Iterator[Span]:
    if span.person != change.removes:
        yield span
        return
    yield from _cut([span], change.since, change.until)
    if change.adds is not None and (inside := clipped(span, change.since, change.until)):
        place = change.place or span.place
        yield inside._replace(person=change.adds, place=place, source="override", ref=change.id)


def _by_days(span: Span, zone: ZoneInfo, days: frozenset[date]) -> Iterator[Span]:
    first, last = local(zone, span.start).date(), local(zone, span.end).date()
    start = span.start
    for day in sorted(day for day in days if first <= day <= last):
        midnight, next_ = instant(zone, day, 0), instant(zone, day + _DAY, 0)
        if start < midnight:
            yield span._replace(start=start, end=min(midnight, span.end))
        if today := clipped(span, max(start, midnight), next_):
            yield today._replace(place="home")
        start = max(start, next_)
    if start < span.end:
        yield span._replace(start=start)

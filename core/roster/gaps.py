"""When nobody is on duty in a rota, and why: the gaps are named. Pure; times in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from core.people.model import Leave, Mode, Settings
from core.roster.duty import Roster
from core.roster.holidays import holiday_names
from core.roster.queries import Gap
from core.roster.spans import Span
from core.roster.wall import local


def gaps(
    roster: Roster, rota: str, since: int, until: int, mode: Mode, holidays: Mapping[date, str]
) -> tuple[Gap, ...]:
    """Every stretch of [since, until) without anybody, cut where its reason changes, ascending."""
    there, away = roster.spans(rota, since, until, mode)
    empty = list(_between(there, since, until))
    if not empty:
        return ()
    planned = roster.as_written(rota, since, until, mode)
    working = roster.as_written(rota, since, until, mode, on_holidays=True)
    zone = ZoneInfo(roster.timezone)
    lines = {at for span in (*planned, *working, *(gone for gone, _ in away)) for at in (span.start, span.end)}
    found: list[Gap] = []
    for start, end in empty:
        for low, high in pairwise(sorted({start, end, *(at for at in lines if start < at < end)})):
            gap = replace(_named(low, away, planned, working, holidays, zone), since=low, until=high)
            if (
                found
                and found[-1].until == low
                and replace(found[-1], until=high) == replace(gap, since=found[-1].since)
            ):
                gap = replace(found.pop(), until=high)
            found.append(gap)
    return tuple(found)


def _named(
    at: int,
    away: Iterable[tuple[Span, Leave]],
    planned: Iterable[Span],
    working: Iterable[Span],
    holidays: Mapping[date, str],
    zone: ZoneInfo,
) -> Gap:
    gone = tuple(dict.fromkeys(span.person for span, _ in away if span.start <= at < span.end))
    if gone:
        return Gap(0, 0, "leave", gone)
    if any(span.start <= at < span.end for span in planned):
        return Gap(0, 0, "override")
    for span in working:
        if span.start <= at < span.end:
            days = (local(zone, at).date(), local(zone, span.start).date())
            return Gap(0, 0, "holiday", (), next((holidays[day] for day in days if day in holidays), None))
    return Gap(0, 0, "unplanned")


def _between(found: Iterable[Span], since: int, until: int) -> Iterator[tuple[int, int]]:
    at = since
    for span in sorted(found, key=lambda span: span.start):
        if span.start > at:
            yield at, min(span.start, until)
        at = max(at, span.end)
        if at >= until:
            return
    if at < until:
        yield at, until


def holidays_in(settings: Settings, since: int, until: int, language: str) -> dict[date, str]:
    """The public holidays of the local days that [since, until) touches, with the day before it: by day, named."""
    zone = ZoneInfo(settings.timezone)
    first, last = local(zone, since).date() - timedelta(1), local(zone, until).date()
    years = range(first.year, last.year + 1)
    names = {day: name for year in years for day, name in holiday_names(settings.holidays, year, language).items()}
    return {day: name for day, name in sorted(names.items()) if first <= day <= last}

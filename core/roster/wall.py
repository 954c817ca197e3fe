"""Wall-clock words of the week (`mon-fri`, `09:00`, `2w`), and the instants they name in a time zone.

Rule for the two odd hours of a year: a local time that does not exist is the first instant after the gap, a
local time that exists twice is the first of the two. So a later wall-clock time is never an earlier instant.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_EVERY: Final = re.compile(r"([1-9]\d{0,2})([dw])")


@lru_cache(maxsize=512)
def weekdays(text: str) -> frozenset[int]:
    """`mon-fri`, `sat,sun`, `fri-mon`, `daily` as weekdays, Monday 0. ValueError for anything else."""
    if text.strip().lower() == "daily":
        return frozenset(range(7))
    found: set[int] = set()
    for part in text.lower().split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        begin, end = DAYS.index(first), DAYS.index(last) if dash else DAYS.index(first)
        found.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(found)


@lru_cache(maxsize=2_048)
def minutes(text: str) -> int:
    """`09:30` as minutes of the day. ValueError for anything else."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * 60 + int(match[2])


def every(text: str) -> int:
    """`3d` or `2w` as days, at most a year. ValueError for anything else."""
    match = _EVERY.fullmatch(text)
    days = int(match[1]) * (7 if match[2] == "w" else 1) if match else 0
    if not 1 <= days <= 366:
        raise ValueError(text)
    return days


def handover(text: str) -> tuple[int | None, int]:
    """`mon 09:00` or `09:00` as (weekday or None, minutes of the day). ValueError for anything else."""
    day, space, clock = text.rpartition(" ")
    return (DAYS.index(day.strip().lower()) if space else None), minutes(clock)


@lru_cache(maxsize=65_536)
def instant(zone: ZoneInfo, day: date, minute: int) -> int:
    """The instant, ms, at which clocks in the zone first show that minute of that day (or have passed it)."""
    wall = datetime.combine(day, time(minute // 60, minute % 60), zone)
    at = (wall - EPOCH) // timedelta(milliseconds=1)
    gap = (local(zone, at).replace(tzinfo=None) - wall.replace(tzinfo=None)) // timedelta(milliseconds=1)
    return _first_after_gap(zone, at - gap, at) if gap else at


def local(zone: ZoneInfo, at: int) -> datetime:
    """What clocks in the zone show at an instant."""
    return (EPOCH + timedelta(milliseconds=at)).astimezone(zone)


def _first_after_gap(zone: ZoneInfo, before: int, after: int) -> int:
    new = local(zone, after).utcoffset()
    while after - before > 1_000:
        middle = (before + after) // 2_000 * 1_000
        if local(zone, middle).utcoffset() == new:
            after = middle
        else:
            before = middle
    return after

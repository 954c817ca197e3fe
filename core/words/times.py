"""Times and numbers as people read them. Times are milliseconds since the epoch (UTC), zones IANA names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache, lru_cache
from types import ModuleType
from zoneinfo import ZoneInfo

from core.words.speech import say

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def clock(ms: int, zone: str) -> str:
    """The time of day: `14:32`."""
    return _minute(ms // MINUTE, zone)


@lru_cache(maxsize=4_096)
def _minute(minute: int, zone: str) -> str:
    return f"{_local(minute * MINUTE, zone):%H:%M}"


def countdown(ms_left: int, language: str) -> str:
    """What is left: `1:42` below an hour, then `2時間5分`, then `3日2時間`. Negative when overdue: `-0:05`."""
    sign, left = ("-", -ms_left) if ms_left < 0 else ("", ms_left)
    if left < HOUR:
        minutes, rest = divmod(left, MINUTE)
        return f"{sign}{minutes}:{rest // SECOND:02}"
    return sign + span(left, language)


def span(ms: int, language: str) -> str:
    """A length of time in its two largest units: `45秒`, `30分`, `2時間5分`, `3日2時間`."""
    if ms < MINUTE:
        return say(language, "span.seconds", n=ms // SECOND)
    if ms < HOUR:
        return say(language, "span.minutes", n=ms // MINUTE)
    if ms < DAY:
        return _two(language, "span.hours", ms // HOUR, "span.minutes", ms % HOUR // MINUTE)
    return _two(language, "span.days", ms // DAY, "span.hours", ms % DAY // HOUR)


def date_line(ms: int, zone: str, language: str) -> str:
    """Date, weekday and time: `3月5日(木) 14:32`, `Thu, Mar 5, 14:32`."""
    return say(language, "date.line", day=day_line(ms, zone, language), time=clock(ms, zone))


def day_line(ms: int, zone: str, language: str) -> str:
    """Date and weekday: `3月5日(木)`, `Thu, Mar 5`."""
    words: str = _dates().format_skeleton("MMMEd", _local(ms, zone), locale=language)
    return words


def date_words(iso: str, language: str) -> str:
    """A date with its year: `2027年3月31日`, `March 31, 2027`. `iso`: 2027-03-31."""
    words: str = _dates().format_date(date.fromisoformat(iso), format="long", locale=language)
    return words


def count(number: int) -> str:
    """A number with its thousands parted: `12,345` (alike in both languages)."""
    return f"{number:,}"


def _two(language: str, large: str, n: int, small: str, m: int) -> str:
    first = say(language, large, n=n)
    return say(language, "span.two", first=first, second=say(language, small, n=m)) if m else first


def _local(ms: int, zone: str) -> datetime:
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=ms)).astimezone(ZoneInfo(zone))


@cache
def _dates() -> ModuleType:
    # Babel takes longer to import than a terminal may take to appear; only dates need it.
    from babel import dates  # noqa: PLC0415

    return dates

"""Quiet hours on the wall clock."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from core.people.model import Quiet
from core.roster.wall import instant, local, minutes


def quiet_until(hours: Quiet, zone: ZoneInfo, at: int) -> int | None:
    """The end of the quiet hours that `at` (ms) lies in; None outside. The same time twice means never."""
    begin, end = minutes(hours.start), minutes(hours.end)
    if begin == end:
        return None
    today = local(zone, at).date()
    for day in (today - timedelta(days=1), today):  # a night begins on the day before
        until = instant(zone, day + timedelta(days=end < begin), end)
        if instant(zone, day, begin) <= at < until:
            return until
    return None

"""Clocks are changed twice a year: rotations hand over, and shifts end, when the clock on the wall says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.roster.duty import Roster
from core.roster.model import Rota, Rotation, Shift
from core.roster.wall import instant, local

CHANGING = (
    "Africa/Cairo", "America/Asuncion", "America/Chicago", "America/Denver", "America/Havana", "America/Los_Angeles",
    "America/New_York", "America/Santiago", "America/St_Johns", "Asia/Beirut", "Asia/Jerusalem",
    "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Sydney", "Europe/Dublin",
    "Europe/Lisbon", "Pacific/Auckland", "Pacific/Chatham", "Europe/Berlin", "Africa/Casablanca",
)  # fmt: skip
HOUR = 3_600_000
DAY = timedelta(days=1)
CLOCKS = ("00:00", "00:30", "01:00", "01:30", "02:00", "02:15", "02:30", "03:00", "03:30", "09:00", "23:30")


@cache
def odd_days(name: str) -> tuple[date, ...]:
    """The local days of 2023 that do not have 24 hours."""
    zone = ZoneInfo(name)
    year = (date(2023, 1, 1) + DAY * number for number in range(365))
    return tuple(day for day in year if instant(zone, day + DAY, 0) - instant(zone, day, 0) != 24 * HOUR)


def shown(zone: ZoneInfo, at: int) -> str:
    return f"{local(zone, at):%Y-%m-%d %H:%M}"


def as_written(zone: ZoneInfo, day: date, clock: str) -> bool:
    """Whether clocks show this time on this day at all."""
    wall = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), zone)
    return wall.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall.replace(tzinfo=None)


@pytest.mark.parametrize("name", CHANGING)
def test_each_zone_changes_its_clocks_twice(name: str) -> None:
    """The year has both changes, one shorter and one longer day (or their like), so that both are looked at below."""
    zone = ZoneInfo(name)
    lengths = {instant(zone, day + DAY, 0) - instant(zone, day, 0) > 24 * HOUR for day in odd_days(name)}
    assert lengths == {True, False}


@pytest.mark.parametrize("name", CHANGING)
@pytest.mark.parametrize("clock", CLOCKS)
def test_a_rotation_hands_over_on_the_wall_clock_over_both_changes(name: str, clock: str) -> None:
    """From three days before until three days after: once a day, at its time, or at the end of the gap without it."""
    zone, hour, minute = ZoneInfo(name), *map(int, clock.split(":"))
    for odd in odd_days(name):
        roster = Roster({"r": Rota("r", rotation=Rotation(("a", "b", "c"), "1d", clock, "2022-12-20"))}, name)
        at = instant(zone, odd - 3 * DAY, 0) - 1
        handovers = []
        while (at := roster.next_change(["r"], at) or 0) < instant(zone, odd + 3 * DAY, 0):
            handovers.append(at)
            before, after = roster.on_duty("r", at - 1), roster.on_duty("r", at)
            assert (len(before), len(after)) == (1, 1)
            assert "abca".index(after[0].person, "abc".index(before[0].person)) - "abc".index(before[0].person) == 1
        days = [odd + DAY * number for number in range(-3, 3)]
        assert handovers == [instant(zone, day, hour * 60 + minute) for day in days]
        for moment in handovers:
            day = local(zone, moment).date()
            if as_written(zone, day, clock):
                assert shown(zone, moment) == f"{day} {clock}"
            else:
                assert local(zone, moment - 1).replace(tzinfo=None) < local(zone, moment).replace(tzinfo=None)
                assert local(zone, moment).utcoffset() != local(zone, moment - 1).utcoffset()


@pytest.mark.parametrize("name", CHANGING)
def test_a_shift_over_the_change_keeps_its_wall_clock_and_changes_its_length(name: str) -> None:
    """22:00 to 06:00 over the night of the change: nobody leaves early or stays long by the clock on the wall."""
    zone = ZoneInfo(name)
    roster = Roster({"r": Rota("r", (Shift("daily", "22:00", "06:00", ("a",)),))}, name)
    lengths = set()
    for odd in odd_days(name):
        for day in (odd - DAY, odd):
            duty = roster.on_duty("r", instant(zone, day, 22 * 60 + 30))[0]
            assert (shown(zone, duty.start), shown(zone, duty.end)) == (f"{day} 22:00", f"{day + DAY} 06:00")
            clocks = local(zone, duty.end).utcoffset(), local(zone, duty.start).utcoffset()
            assert clocks[0] is not None
            assert clocks[1] is not None
            assert duty.end - duty.start == 8 * HOUR - (clocks[0] - clocks[1]) // timedelta(milliseconds=1)
            lengths.add(duty.end - duty.start)
    assert len(lengths) == 3, "one shorter, one longer, and those of ordinary nights"


@pytest.mark.parametrize("name", CHANGING)
def test_a_weekly_rotation_does_not_drift(name: str) -> None:
    """A year of Mondays 09:00, over both changes: never an hour early or late."""
    zone = ZoneInfo(name)
    roster = Roster({"r": Rota("r", rotation=Rotation(("a", "b"), "1w", "mon 09:00", "2022-12-05"))}, name)
    at, seen = instant(zone, date(2023, 1, 3), 0), 0
    while (at := roster.next_change(["r"], at) or 0) < instant(zone, date(2023, 12, 31), 0):
        assert f"{local(zone, at):%a %H:%M}" == "Mon 09:00"
        seen += 1
    assert seen == 51


@given(
    zone=st.sampled_from(CHANGING), day=st.dates(date(2000, 1, 1), date(2036, 12, 31)), minute=st.integers(0, 1439),
    length=st.integers(1, 1439),
)  # fmt: skip
def test_a_later_clock_is_never_an_earlier_instant(zone: str, day: date, minute: int, length: int) -> None:
    """Any span of any day of four decades begins before it ends, or has no length inside a gap."""
    here = ZoneInfo(zone)
    end = minute + length
    begins, ends = instant(here, day, minute), instant(here, day + DAY * (end // 1440), end % 1440)
    assert begins <= ends
    assert shown(here, begins) >= f"{day} {minute // 60:02}:{minute % 60:02}"

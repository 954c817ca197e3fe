"""What holds for every roster: random shifts and rotations, in twenty time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.roster.duty import DAY, Roster
from core.roster.model import Rota, Rotation, Shift
from core.roster.wall import DAYS, instant, local

ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "America/Asuncion", "America/Havana", "America/New_York",
    "America/Nuuk", "America/Santiago", "America/Sao_Paulo", "America/St_Johns", "Asia/Beirut",
    "Asia/Gaza", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe",
    "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham",
)  # fmt: skip
YEAR = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1_000

names = st.lists(st.sampled_from("abcd"), min_size=1, max_size=3, unique=True).map(tuple)
clocks = st.builds(lambda hour, minute: f"{hour:02}:{minute:02}", st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
days = st.one_of(
    st.just("daily"),
    st.builds(lambda first, last: f"{first}-{last}", st.sampled_from(DAYS), st.sampled_from(DAYS)),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=3).map(",".join),
)
shifts = st.builds(Shift, days, clocks, clocks, names, st.sampled_from((None, "site", "home")))
rotations = st.one_of(
    st.builds(Rotation, names, st.sampled_from(("1d", "3d")), clocks, st.just("2025-12-20")),
    st.builds(
        Rotation, names, st.sampled_from(("1w", "2w")), st.builds("{} {}".format, st.sampled_from(DAYS), clocks),
        st.just("2025-12-20"),
    ),
)  # fmt: skip
rotas = st.one_of(
    st.builds(
        lambda some, holidays: Rota("r", tuple(some), None, holidays), st.lists(shifts, max_size=4), st.booleans()
    ),
    st.builds(lambda rotation, holidays: Rota("r", (), rotation, holidays), rotations, st.booleans()),
)
rosters = st.builds(
    lambda rota, zone, off: Roster({"r": rota}, zone, frozenset(off)),
    rotas,
    st.sampled_from(ZONES),
    st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20),
)
moments = st.integers(YEAR, YEAR + 365 * DAY)


def who(roster: Roster, when: int) -> set[str]:
    return {duty.person for duty in roster.on_duty("r", when)}


@given(roster=rosters, start=moments)
@settings(max_examples=150)
def test_duty_flips_exactly_at_the_next_change(roster: Roster, start: int) -> None:
    """Between two changes the same persons are on duty; at a change others are; a start brings somebody new."""
    at = start
    for _ in range(8):
        change = roster.next_change(["r"], at)
        until = change if change is not None else at + 14 * DAY
        probes = {at, at + (until - at) // 3, at + (until - at) // 2, until - 1}
        assert all(who(roster, probe) == who(roster, at) for probe in probes)
        begins = roster.next_start(["r"], at)
        if change is None:
            return
        assert change > at
        assert who(roster, change) != who(roster, at)
        assert (begins == change) == bool(who(roster, change) - who(roster, at))
        at = change


@given(roster=rosters, start=moments, others=st.lists(moments, min_size=1, max_size=6))
@settings(max_examples=150)
def test_spans_do_not_depend_on_the_time_of_the_question(roster: Roster, start: int, others: list[int]) -> None:
    """A duty is the same whenever it is asked about, and whatever was asked before."""
    first = roster.on_duty("r", start)
    for other in others:
        roster.on_duty("r", other)
    afresh = Roster(roster.rotas, roster.timezone, roster.holidays)
    assert afresh.on_duty("r", start) == first
    for duty in first:
        assert duty.start <= start < duty.end
        if duty.end - duty.start < 28 * DAY:
            ends = {(same.start, same.end) for when in (duty.start, duty.end - 1) for same in roster.on_duty("r", when)
                    if same.person == duty.person}  # fmt: skip
            assert ends == {(duty.start, duty.end)}
            assert duty.person not in who(roster, duty.end)
            assert duty.person not in who(roster, duty.start - 1)


@given(roster=rosters, start=moments, mode=st.sampled_from((None, "normal", "remote")))
def test_nobody_stands_twice(roster: Roster, start: int, mode: None) -> None:
    """One person has one place in a rota at a time."""
    found = [duty.person for duty in roster.on_duty("r", start, mode)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("name", ZONES)
def test_wall_clock_holds_on_every_day_of_the_year(name: str) -> None:
    """A shift begins and ends when the clock on the wall says so, also when clocks are changed."""
    zone = ZoneInfo(name)
    roster = Roster({"r": Rota("r", (Shift("daily", "09:00", "18:00", ("a",)),))}, name)
    for number in range(date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()):
        day = date.fromordinal(number)
        duty = roster.on_duty("r", instant(zone, day, 540))[0]
        assert f"{local(zone, duty.start):%Y-%m-%d %H:%M}" == f"{day} 09:00"
        assert f"{local(zone, duty.end):%Y-%m-%d %H:%M}" == f"{day} 18:00"
        assert who(roster, duty.start - 1) == set()
        assert who(roster, duty.end) == set()


@pytest.mark.parametrize("name", ZONES)
def test_a_handover_at_any_minute_falls_on_the_wall_clock(name: str) -> None:
    """A local time that does not exist is the first instant after the gap, one that exists twice is the first."""
    zone = ZoneInfo(name)
    year = [date(2026, 1, 1) + timedelta(days) for days in range(365)]
    odd = [day for day in year if instant(zone, day + timedelta(1), 0) - instant(zone, day, 0) != DAY]
    for day in odd + year[::30]:
        previous = instant(zone, day, 0)
        for minute in range(0, 1440, 15):
            at = instant(zone, day, minute)
            wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
            shown = local(zone, at).replace(tzinfo=None)
            assert at >= previous
            assert shown >= wall
            assert shown == wall or local(zone, at - 1).replace(tzinfo=None) < wall
            assert local(zone, at).fold == 0
            previous = at


def test_a_day_that_a_country_skipped() -> None:
    """Samoa had no 30 December 2011: a shift of that day has no length, and its neighbours are whole."""
    zone = ZoneInfo("Pacific/Apia")
    roster = Roster({"r": Rota("r", (Shift("daily", "09:00", "17:00", ("a",)),))}, "Pacific/Apia")
    before = instant(zone, date(2011, 12, 29), 17 * 60)
    after = instant(zone, date(2011, 12, 31), 9 * 60)
    assert after - before == 16 * 3_600_000
    assert roster.next_start(["r"], before) == after
    assert roster.next_change(["r"], before) == after

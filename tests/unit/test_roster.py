"""The roster: wall-clock shifts, rotations, holidays, stand-ins, and the flips of duty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.roster.duty import DAY, Roster
from core.roster.holidays import holiday_names, public_holidays
from core.roster.model import Override, Plan, PlannedShift, Rota, Rotation, Shift
from core.roster.wall import every, handover, minutes, weekdays

TOKYO = ZoneInfo("Asia/Tokyo")


def at(text: str, zone: ZoneInfo = TOKYO) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()) * 1_000


def roster(*rotas: Rota, timezone: str = "Asia/Tokyo", holidays: tuple[date, ...] = ()) -> Roster:
    return Roster({rota.id: rota for rota in rotas}, timezone, frozenset(holidays))


def people(desk: Roster, rota: str, when: str, zone: ZoneInfo = TOKYO) -> list[str]:
    return [duty.person for duty in desk.on_duty(rota, at(when, zone))]


WEEK = Rota("l2", (Shift("mon-fri", "09:00", "18:00", ("suzuki",), "site"),))


def test_a_shift_holds_its_start_and_not_its_end() -> None:
    """Somebody is on duty from the first instant of the shift until just before its end."""
    desk = roster(WEEK)
    assert people(desk, "l2", "2026-11-20T08:59:59") == []
    assert people(desk, "l2", "2026-11-20T09:00") == ["suzuki"]
    assert people(desk, "l2", "2026-11-20T17:59:59") == ["suzuki"]
    assert people(desk, "l2", "2026-11-20T18:00") == []
    duty = desk.on_duty("l2", at("2026-11-20T12:00"))[0]
    assert (duty.start, duty.end, duty.place) == (at("2026-11-20T09:00"), at("2026-11-20T18:00"), "site")


def test_an_overnight_shift_ends_the_next_day() -> None:
    """A shift whose end is not after its start belongs to the day it starts on and runs into the next."""
    desk = roster(Rota("night", (Shift("fri", "22:00", "06:00", ("hayashi",)),)))
    assert people(desk, "night", "2026-11-20T21:59") == []
    assert people(desk, "night", "2026-11-21T05:59") == ["hayashi"]
    assert people(desk, "night", "2026-11-21T22:30") == []


def test_midnight_to_midnight_is_a_whole_day() -> None:
    """`00:00` to `00:00` covers the day, and day after day it is one duty that goes on."""
    desk = roster(Rota("all", (Shift("daily", "00:00", "00:00", ("mori",)),)))
    now = at("2026-11-20T00:00")
    assert desk.on_duty("all", now)[0].end >= now + 28 * DAY
    assert desk.next_change(["all"], now) is None
    assert desk.next_start(["all"], now) is None


def test_people_stand_in_the_order_written() -> None:
    """Overlapping shifts and shifts of several persons keep the file's order; nobody appears twice."""
    early = Shift("daily", "08:00", "13:00", ("b", "a"))
    late = Shift("daily", "12:00", "20:00", ("c", "a"), "home")
    desk = roster(Rota("r", (early, late)))
    assert people(desk, "r", "2026-11-20T12:30") == ["b", "a", "c"]
    duty = next(duty for duty in desk.on_duty("r", at("2026-11-20T12:30")) if duty.person == "a")
    assert (duty.start, duty.end) == (at("2026-11-20T08:00"), at("2026-11-20T20:00"))
    assert duty.place is None
    assert desk.on_duty("r", at("2026-11-20T13:00"))[1].place == "home"


def test_several_spans_a_day() -> None:
    """A person may have a break: duty ends and begins again."""
    desk = roster(Rota("r", (Shift("fri", "09:00", "12:00", ("a",)), Shift("fri", "13:00", "18:00", ("a",)))))
    assert people(desk, "r", "2026-11-20T12:30") == []
    assert desk.next_change(["r"], at("2026-11-20T10:00")) == at("2026-11-20T12:00")
    assert desk.next_start(["r"], at("2026-11-20T10:00")) == at("2026-11-20T13:00")


def test_a_change_is_somebody_and_not_the_next_shift_of_the_same_person() -> None:
    """Two shifts that touch are one duty: nothing changes between them."""
    desk = roster(Rota("r", (Shift("fri", "09:00", "12:00", ("a",)), Shift("fri", "12:00", "18:00", ("a", "b")))))
    assert desk.on_duty("r", at("2026-11-20T10:00"))[0].end == at("2026-11-20T18:00")
    assert desk.next_change(["r"], at("2026-11-20T10:00")) == at("2026-11-20T12:00")
    assert desk.next_change(["r"], at("2026-11-20T12:00")) == at("2026-11-20T18:00")


def test_a_weekly_rotation_hands_over_at_its_hour() -> None:
    """One after the other, from the first handover day on or after `starts`; before that nobody."""
    rotation = Rotation(("suzuki", "takahashi"), "1w", "mon 09:00", "2026-01-05")
    desk = roster(Rota("w", rotation=rotation))
    assert people(desk, "w", "2026-01-05T08:59") == []
    assert people(desk, "w", "2026-01-05T09:00") == ["suzuki"]
    assert people(desk, "w", "2026-01-12T08:59") == ["suzuki"]
    assert people(desk, "w", "2026-01-12T09:00") == ["takahashi"]
    assert people(desk, "w", "2026-01-19T09:00") == ["suzuki"]
    midweek = roster(Rota("w", rotation=Rotation(("a",), "2w", "fri 17:00", "2026-01-05")))
    assert people(midweek, "w", "2026-01-09T16:59") == []
    assert people(midweek, "w", "2026-01-09T17:00") == ["a"]


def test_a_rotation_by_days() -> None:
    """Turns of N days hand over at the wall-clock time, and a long turn is told to its end."""
    desk = roster(Rota("d", rotation=Rotation(("a", "b", "c"), "2d", "09:00", "2026-03-01")))
    assert people(desk, "d", "2026-03-03T08:59") == ["a"]
    assert people(desk, "d", "2026-03-03T09:00") == ["b"]
    assert people(desk, "d", "2026-03-07T10:00") == ["a"]
    long = roster(Rota("y", rotation=Rotation(("a", "b"), "52w", "mon 09:00", "2026-01-05")))
    assert long.on_duty("y", at("2026-06-01T12:00"))[0].end == at("2027-01-04T09:00")


def test_shifts_skip_public_holidays() -> None:
    """With on_holidays = false a shift that starts on a holiday falls out; one from the day before runs on."""
    holiday = date(2026, 11, 23)
    day = Rota("day", (Shift("mon-fri", "09:00", "18:00", ("a",)),), on_holidays=False)
    night = Rota("night", (Shift("daily", "22:00", "06:00", ("b",)),), on_holidays=False)
    desk = roster(day, night, WEEK, holidays=(holiday,))
    assert people(desk, "day", "2026-11-23T10:00") == []
    assert people(desk, "day", "2026-11-24T10:00") == ["a"]
    assert people(desk, "l2", "2026-11-23T10:00") == ["suzuki"]
    assert people(desk, "night", "2026-11-23T05:00") == ["b"]
    assert people(desk, "night", "2026-11-23T23:00") == []


def test_a_rotation_leaves_out_the_holidays_themselves() -> None:
    """With on_holidays = false the local day of a holiday is cut out of a turn, and the turn goes on after it."""
    rotation = Rotation(("a", "b"), "1w", "mon 09:00", "2026-11-16")
    desk = roster(Rota("w", rotation=rotation, on_holidays=False), holidays=(date(2026, 11, 23), date(2026, 11, 18)))
    assert people(desk, "w", "2026-11-17T23:59") == ["a"]
    assert people(desk, "w", "2026-11-18T00:00") == []
    assert people(desk, "w", "2026-11-19T00:00") == ["a"]
    assert people(desk, "w", "2026-11-22T23:59") == ["a"]
    assert people(desk, "w", "2026-11-23T12:00") == []
    assert people(desk, "w", "2026-11-24T00:00") == ["b"]


def test_a_stand_in_rota_holds_in_its_mode() -> None:
    """In a typhoon another rota stands in under the same name; on other days it has nobody on duty at all."""
    home = Rota("l2-home", (Shift("daily", "09:00", "18:00", ("ito",), "home"),), replaces="l2", mode="remote")
    desk = roster(WEEK, home)
    when = at("2026-11-20T10:00")
    assert [duty.person for duty in desk.on_duty("l2", when)] == ["suzuki"]
    assert [duty.person for duty in desk.on_duty("l2", when, "remote")] == ["ito"]
    assert [duty.person for duty in desk.on_duty("l2", when, "advisory")] == ["suzuki"]
    assert desk.on_duty("l2-home", when) == ()
    assert [duty.person for duty in desk.on_duty("l2-home", when, "remote")] == ["ito"]
    remote = Roster(desk.rotas, desk.timezone, desk.holidays, "remote")
    assert [duty.person for duty in remote.on_duty("l2", when)] == ["ito"]
    assert [duty.person for duty in remote.on_duty("l2", when, "normal")] == ["suzuki"]
    saturday = at("2026-11-20T18:00")
    assert desk.next_start(["l2"], saturday) == at("2026-11-23T09:00")
    assert desk.next_start(["l2"], saturday, "remote") == at("2026-11-21T09:00")


def test_looking_ahead_has_its_limits() -> None:
    """A change is looked for within 14 days, the next start within a year; an unknown rota has neither."""
    later = Rotation(("a",), "1d", "09:00", "2026-12-24")
    desk = roster(Rota("later", rotation=later), Rota("empty"))
    now = at("2026-11-20T10:00")
    assert desk.next_change(["later"], now) is None
    assert desk.next_start(["later", "empty", "unknown"], now) == at("2026-12-24T09:00")
    assert desk.next_start(["empty", "unknown"], now) is None
    assert desk.on_duty("unknown", now) == ()
    assert desk.next_start(["later"], now - 400 * DAY) is None


@pytest.mark.parametrize("when", [-(10**15), 0, 10**16])
def test_times_beyond_any_roster_have_nobody(when: int) -> None:
    """A time that no calendar knows is answered, not crashed on."""
    desk = roster(WEEK)
    assert desk.on_duty("l2", when) == ()
    assert desk.next_change(["l2"], when) is None


def test_days_and_times_as_people_write_them() -> None:
    """Ranges may wrap around the weekend; what is not a day or a time is a ValueError."""
    assert weekdays("mon-fri") == frozenset(range(5))
    assert weekdays("Fri-Mon, wed") == {4, 5, 6, 0, 2}
    assert weekdays("daily") == frozenset(range(7))
    assert (minutes("09:30"), every("2w"), handover("mon 09:00"), handover("08:15")) == (570, 14, (0, 540), (None, 495))
    slips: list[tuple[Callable[[str], object], str]] = [
        (weekdays, "monday"), (weekdays, ""), (weekdays, "mon-"), (minutes, "24:00"), (minutes, "9:00"),
        (every, "0d"), (every, "2h"), (every, "60w"), (handover, "mon"), (handover, "xxx 09:00"),
    ]  # fmt: skip
    for call, wrong in slips:
        with pytest.raises(ValueError, match=r"."):
            call(wrong)


def test_japanese_holidays_with_their_substitutes() -> None:
    """A holiday on a Sunday moves to the next day that is none; a day between two holidays is one: each by its name."""
    known = public_holidays("JP")
    assert {date(2026, 5, 3), date(2026, 5, 6), date(2026, 9, 22), date(2027, 3, 22)} <= known
    assert date(2026, 5, 7) not in known
    names = holiday_names("JP", 2026, "ja")
    assert (names[date(2026, 5, 6)], names[date(2026, 9, 22)]) == ("振替休日", "国民の休日")
    assert holiday_names("JP", 2026, "en")[date(2026, 11, 23)] == "Labor Thanksgiving Day"
    assert holiday_names("JP", 1999, "ja") == holiday_names(None, 2026, "ja") == {}


def test_a_stand_in_takes_overrides_along_and_plans_not() -> None:
    """In a typhoon the home rota holds in place of rota and plan; who was replaced by name is replaced there too."""
    home = Rota("l2-home", (Shift("daily", "09:00", "18:00", ("suzuki", "ito"), "home"),), replaces="l2", mode="remote")
    day = at("2026-11-20T00:00"), at("2026-11-21T00:00")
    changes = {
        "l2": (
            Plan(1, "l2", "stocktaking", *day, (PlannedShift("mori", *day),)),
            Override(3, "l2", *day, adds="takahashi", removes="suzuki"),
        ),
        "l2-home": (Override(2, "l2-home", *day, removes="ito"),),
    }
    desk = Roster({"l2": WEEK, "l2-home": home}, changes=changes)
    when = at("2026-11-20T10:00")
    assert [duty.person for duty in desk.on_duty("l2", when)] == ["mori"]
    assert [(duty.person, duty.place) for duty in desk.on_duty("l2", when, "remote")] == [("takahashi", "home")]
    assert [duty.person for duty in desk.on_duty("l2-home", when, "remote")] == ["suzuki"]

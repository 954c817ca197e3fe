"""Overrides, plans, leave and home days over random rosters: the fast answer is the plain one, instant by instant."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.people.model import Leave, People, Person
from core.roster.answers import segments
from core.roster.duty import DAY, Roster
from core.roster.gaps import gaps
from core.roster.model import Change, Override, Plan, PlannedShift, Rota, Rotation
from core.roster.spans import kept_ahead, turn_of
from core.roster.wall import local
from tests.unit.test_roster_always import YEAR, ZONES, rotas, rotations

HOUR = 3_600_000
WINTER = YEAR + 20 * DAY
persons = st.sampled_from("abcdx")
times = st.integers(-72, 24 * 40).map(lambda hours: WINTER + hours * HOUR)
lengths = st.integers(1, 24 * 12).map(lambda hours: hours * HOUR)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Change, ...]:
    """Up to six, in any order of their times, each as the roster's rules would admit it or not."""
    found: list[Change] = []
    for id_ in range(1, draw(st.integers(0, 6)) + 1):
        since, length = draw(times), draw(lengths)
        if draw(st.integers(0, 3)) == 0:
            begins = st.integers(0, length // HOUR)
            shifts = draw(st.lists(st.builds(_planned, persons, st.just(since), begins, lengths), max_size=3))
            found.append(Plan(id_, "r", "plan", since, since + length, tuple(shifts)))
        else:
            adds, removes = draw(st.sampled_from((("a", None), (None, "b"), ("x", "a"), ("c", "d"), ("b", "x"))))
            found.append(
                Override(id_, "r", since, since + length, adds, removes, draw(st.sampled_from((None, "home"))))
            )
    return tuple(found)


def _planned(person: str, since: int, begins: int, length: int) -> PlannedShift:
    return PlannedShift(person, since + begins * HOUR, since + begins * HOUR + length)


@st.composite
def leaves(draw: st.DrawFn) -> dict[str, tuple[Leave, ...]]:
    """Some people away for a while, or until further notice."""
    found: dict[str, tuple[Leave, ...]] = {}
    for id_, person in enumerate(draw(st.lists(persons, max_size=3, unique=True)), 1):
        since, length = draw(times), draw(st.one_of(st.none(), lengths))
        found[person] = (Leave(id_, person, since, None if length is None else since + length),)
    return found


rosters = st.builds(
    lambda rota, zone, off, some, away, home: Roster(
        {"r": rota}, zone, frozenset(off), changes={"r": some}, leaves=away, home_days=home
    ),
    rotas,
    st.sampled_from(ZONES),
    st.lists(st.dates(date(2026, 1, 15), date(2026, 3, 5)), max_size=8),
    changes(),
    leaves(),
    st.dictionaries(persons, st.frozensets(st.dates(date(2026, 1, 15), date(2026, 3, 5)), max_size=5), max_size=2),
)


def plainly(roster: Roster, at: int) -> set[str]:
    """Who is on duty, said as one would say it: what is written, then each change in its order, then leave."""
    there = {span.person for span in roster.as_written("r", at, at + 1)}
    for change in roster.changes["r"]:
        if not change.since <= at < change.until:
            continue
        if isinstance(change, Plan):
            there = {shift.person for shift in change.shifts if shift.since <= at < shift.until}
        elif change.removes is None:
            there |= {change.adds or ""}
        elif change.removes in there:
            there -= {change.removes}
            there |= {change.adds} if change.adds else set()
    return {person for person in there if not any(leave.holds(at) for leave in roster.leaves.get(person, ()))}


def who(roster: Roster, at: int) -> set[str]:
    return {duty.person for duty in roster.on_duty("r", at)}


@given(roster=rosters, start=times)
@settings(max_examples=200, deadline=None)
def test_the_roster_says_what_the_changes_say(roster: Roster, start: int) -> None:
    """At any time and just before and after each change of duty, it is whom the plain reading names."""
    at = start
    for _ in range(12):
        change = roster.next_change(["r"], at)
        until = change or at + 14 * DAY
        for probe in (at, (at + until) // 2, until - 1):
            assert who(roster, probe) == plainly(roster, probe)
        if change is None:
            return
        assert who(roster, change) != who(roster, change - 1)
        at = change


@given(roster=rosters, start=times, others=st.lists(times, min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_duties_do_not_depend_on_what_was_asked_before(roster: Roster, start: int, others: list[int]) -> None:
    """Each duty is the same from wherever it is looked at, with its beginning, end, place and reason."""
    first = roster.on_duty("r", start)
    for other in others:
        roster.on_duty("r", other)
    assert replace(roster, mode="normal").on_duty("r", start) == first
    for duty in first:
        assert duty.start <= start < duty.end
        assert not any(leave.holds(start) for leave in roster.leaves.get(duty.person, ()))


@given(roster=rosters, since=times)
@settings(max_examples=100, deadline=None)
def test_what_screens_show_is_who_is_on_duty(roster: Roster, since: int) -> None:
    """Segments and gaps together fill the asked span: at every edge they name exactly who is on duty then."""
    until = since + 14 * DAY
    people = People(persons={name: Person(name, name) for name in "abcdx"})
    shown = segments(people, roster.spans("r", since, until)[0], since, until)
    empty = gaps(roster, "r", since, until, "normal", {})
    spans = [*((one.since, one.until) for one in shown), *((gap.since, gap.until) for gap in empty)]
    edges = {since, *(edge for span in spans for edge in span)}
    for at in sorted(edge for edge in edges if edge < until):
        named = [one.person for one in shown if one.since <= at < one.until]
        assert len(named) == len(set(named))
        assert set(named) == who(roster, at)
        assert any(gap.since <= at < gap.until for gap in empty) == (not named)
        places = {duty.person: duty.place for duty in roster.on_duty("r", at)}
        assert all(one.place == (places[one.person] or "site") for one in shown if one.since <= at < one.until)


@given(roster=rosters, start=times)
@settings(max_examples=100, deadline=None)
def test_a_home_day_is_worked_at_home(roster: Roster, start: int) -> None:
    """Whoever is on duty on their home day is at home, whatever the shift says."""
    zone = ZoneInfo(roster.timezone)
    for duty in roster.on_duty("r", start):
        if local(zone, start).date() in roster.home_days.get(duty.person, frozenset()):
            assert duty.place == "home"


@given(
    old=rotations,
    people=st.lists(st.sampled_from("abcde"), min_size=1, max_size=5, unique=True),
    ahead=st.integers(0, 4),
    at=st.integers(YEAR, YEAR + 365 * DAY),
    zone=st.sampled_from(ZONES),
)
def test_who_is_on_duty_stays_when_the_list_changes(
    old: Rotation, people: list[str], ahead: int, at: int, zone: str
) -> None:
    """If the person of the turn is still in the rotation, it is their turn; if not, the next one's who still is."""
    new = replace(old, people=tuple(people))
    was = turn_person(old, zone, ahead, at)
    order = old.people[old.people.index(was) :] + old.people[: old.people.index(was)]
    expected = next((person for person in order if person in people), None)
    by = kept_ahead(old, ahead, new, ZoneInfo(zone), at)
    assert expected is None or turn_person(new, zone, by, at) == expected


def turn_person(rotation: Rotation, zone: str, ahead: int, at: int) -> str:
    roster = Roster({"r": Rota("r", rotation=rotation)}, zone, ahead={"r": ahead})
    return roster.on_duty("r", at)[0].person


@given(rotation=rotations, at=st.integers(YEAR, YEAR + 365 * DAY), zone=st.sampled_from(ZONES))
def test_the_number_of_a_turn_goes_up_with_its_handover(rotation: Rotation, at: int, zone: str) -> None:
    """The turn that runs changes exactly when the person on duty does, also over a change of clocks."""
    roster = Roster({"r": Rota("r", rotation=replace(rotation, people=("a", "b", "c")))}, zone)
    change = roster.next_change(["r"], at) or at + timedelta(days=14) // timedelta(milliseconds=1)
    here = ZoneInfo(zone)
    assert turn_of(rotation, here, at) == turn_of(rotation, here, change - 1)
    if roster.next_change(["r"], at):
        assert turn_of(rotation, here, change) == turn_of(rotation, here, at) + 1

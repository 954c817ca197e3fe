"""Home days: on an ordinary day one person works from home, as they say themself ("home today")."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.engine.catalogue import Catalogue, CommandRow, QueryRow, Route
from core.engine.outcome import Done, Refusal
from core.engine.ports import Millis
from core.engine.work import Ask, Work
from core.people.access import may
from core.people.commands import RemoveHomeDay, SetHomeDay
from core.people.events import HomeDayRemoved, HomeDaySet
from core.people.model import People
from core.people.queries import HomeDaysView, MyHomeDays
from core.people.records import LEAVE, changed, number_of, people_of
from core.people.signing import STREAM

AHEAD: Final = timedelta(days=366)
KEPT: Final = timedelta(days=400)


def set_home_day(work: Work, command: SetHomeDay) -> Done | Refusal:
    """Mine: today, or a day of the coming year. The same day twice is one."""
    people, person = people_of(work.tx), work.by.person
    if person is None or not may(people, work.by, "own_shift"):
        return Refusal("not_allowed", "self")
    today = _today(people, work.now)
    day = _date(command.day) if command.day else today
    if day is None or not today <= day <= today + AHEAD:
        return Refusal("invalid", "home_day", "day")
    if day in people.home_days.get(person, frozenset()):
        return Done(day.isoformat(), again=True)
    work.tx.run(LEAVE["home_days_forget"], {"before": (today - KEPT).isoformat()})
    work.tx.run(LEAVE["home_day_add"], {"person": person, "day": day.isoformat()})
    changed(work.tx, "home_day", person, day)
    work.record(work.lock(STREAM, number_of(work.tx, person)), HomeDaySet(person, day.isoformat()))
    return Done(day.isoformat())


def remove_home_day(work: Work, command: RemoveHomeDay) -> Done | Refusal:
    """One of mine, from today on."""
    people, person = people_of(work.tx), work.by.person
    day = _date(command.day)
    if person is None or day is None or day not in people.home_days.get(person, frozenset()):
        return Refusal("unknown", "home_day_unknown")
    if day < _today(people, work.now):
        return Refusal("closed", "home_day_over")
    work.tx.run(LEAVE["home_day_remove"], {"person": person, "day": day.isoformat()})
    changed(work.tx, "home_day_removed", person, day)
    work.record(work.lock(STREAM, number_of(work.tx, person)), HomeDayRemoved(person, day.isoformat()))
    return Done(day.isoformat())


def my_home_days(ask: Ask, query: MyHomeDays) -> HomeDaysView | Refusal:
    """Mine, from today on."""
    people, person = people_of(ask.tx), ask.by.person
    if person is None:
        return Refusal("not_allowed", "self")
    today = _today(people, ask.now)
    return HomeDaysView(tuple(day.isoformat() for day in sorted(people.home_days.get(person, ())) if day >= today))


def register(catalogue: Catalogue) -> None:
    """The rows of home days."""
    catalogue.add(
        CommandRow(SetHomeDay, set_home_day, Route("POST", "/me/home-days", 200, lambda _, done: MyHomeDays())),
        CommandRow(RemoveHomeDay, remove_home_day, Route("DELETE", "/me/home-days/{day}", 204)),
        QueryRow(MyHomeDays, my_home_days, HomeDaysView, Route("GET", "/me/home-days")),
    )


def _today(people: People, now: Millis) -> date:
    at = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=now)
    return at.astimezone(ZoneInfo(people.settings.timezone)).date()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-21") else None
    except ValueError:
        return None

"""The secret address of one's own calendar: one at a time, revocable, stored as a hash."""

from __future__ import annotations

from core.engine.outcome import Done, Refusal
from core.engine.work import Work
from core.people.access import may
from core.people.events import PersonDeactivated
from core.people.records import number_of, people_of
from core.people.signing import STREAM
from core.roster.commands import CloseCalendar, OpenCalendar
from core.roster.events import CalendarClosed, CalendarOpened
from core.roster.records import CALENDAR


def open_calendar(work: Work, command: OpenCalendar) -> Done | Refusal:
    """A new address; the one before it is void."""
    person = work.by.person
    if person is None or not may(people_of(work.tx), work.by, "self"):
        return Refusal("not_allowed", "self")
    work.tx.run(CALENDAR["feed_set"], {"person": person, "hash": command.hash, "at": work.now})
    work.record(work.lock(STREAM, number_of(work.tx, person)), CalendarOpened(person))
    return Done(person)


def close_calendar(work: Work, command: CloseCalendar) -> Done | Refusal:
    """It answers no more."""
    person = work.by.person
    if person is None:
        return Refusal("not_allowed", "self")
    if not work.tx.run(CALENDAR["feed_end"], {"person": person}):
        return Done(person, again=True)
    work.record(work.lock(STREAM, number_of(work.tx, person)), CalendarClosed(person))
    return Done(person)


def left(work: Work, event: PersonDeactivated) -> None:
    """Whoever leaves the desk has no calendar here."""
    work.tx.run(CALENDAR["feed_end"], {"person": event.person})

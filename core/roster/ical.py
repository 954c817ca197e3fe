"""My duty as an iCalendar file (RFC 5545): nothing but rota, time and place; nobody else's name. Pure.

Entries are transparent, so that a calendar does not paint whole weeks busy. An entry keeps its UID for as long as the
same person begins the same rota's duty at the same time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from core.roster.queries import CalendarEntry, CalendarView
from core.words import say

EPOCH: Final = datetime.fromtimestamp(0, UTC)
AGAIN_AFTER: Final = timedelta(hours=1)


def ical(view: CalendarView) -> bytes:
    """The file, in UTC: what clocks show is the reader's business, and no clock change moves an entry."""
    file = Calendar()
    file.add("prodid", "-//Noroshi//Roster//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", say(view.language, "calendar.name", desk=view.desk))
    file.add("x-wr-timezone", view.timezone)
    file.add("refresh-interval", AGAIN_AFTER, parameters={"value": "DURATION"})
    for entry in view.entries:
        file.add_component(_event(view, entry))
    text: bytes = file.to_ical()
    return text


def _event(view: CalendarView, entry: CalendarEntry) -> Event:
    place = say(view.language, f"calendar.place.{entry.place}")
    event = Event()
    event.add("uid", f"{entry.rota}-{entry.since}-{view.person}@noroshi")
    event.add("dtstamp", _moment(view.at))
    event.add("dtstart", _moment(entry.since))
    event.add("dtend", _moment(entry.until))
    event.add("summary", say(view.language, "calendar.duty", rota=entry.rota, place=place))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _moment(ms: int) -> datetime:
    return EPOCH + timedelta(milliseconds=ms)

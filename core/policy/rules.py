"""Which rule speaks for a ticket: the first in file order whose given conditions all match. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Final
from unicodedata import normalize
from zoneinfo import ZoneInfo

from msgspec import Struct

from core.people.model import Hours, Settings
from core.policy.model import Rule, When
from core.roster.wall import local, minutes, weekdays

SEVERITIES: Final = ("critical", "high", "normal", "low")
_HIRAGANA: Final = {katakana: katakana - 0x60 for katakana in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
"""Every katakana that has a hiragana."""


class Facts(Struct, frozen=True):
    """What rules look at in a ticket."""

    category: str = ""
    severity: str = "normal"
    source: str = ""
    tags: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""


def match(
    rules: Iterable[Rule], facts: Facts, settings: Settings, at: int, holidays: Collection[date] = frozenset()
) -> Rule | None:
    """The first rule that matches at a time (ms), or None.

    Words are looked for anywhere in subject and body, Japanese too; width, case and kana do not matter.
    """
    look = _Look(facts, settings, at, holidays)
    return next((rule for rule in rules if look.fits(rule.when)), None)


class _Look:
    """One ticket at one time; what is dear is worked out only when a rule asks for it."""

    def __init__(self, facts: Facts, settings: Settings, at: int, holidays: Collection[date]) -> None:
        self._facts = facts
        self._when = settings, at, holidays

    def fits(self, when: When) -> bool:
        """Whether every condition that is given holds."""
        facts = self._facts
        return (
            _any(when.category, (facts.category,))
            and _any(when.severity, (facts.severity,))
            and _any(when.source, (facts.source,))
            and _any(when.tags, facts.tags)
            and (not when.words or any(word in self._text for word in _folded(when.words)))
            and (when.hours == "any" or (when.hours == "business") == self._business)
        )

    @cached_property
    def _text(self) -> str:
        return folded(f"{self._facts.subject}\n{self._facts.body}")

    @cached_property
    def _business(self) -> bool:
        return in_business(*self._when)


def in_business(settings: Settings, at: int, holidays: Collection[date] = frozenset()) -> bool:
    """Whether the desk is in its business hours; a desk that names none always is. Public holidays are off.

    A span over midnight belongs to the day it begins on.
    """
    if not settings.hours:
        return True
    now = local(ZoneInfo(settings.timezone), at)
    today, minute = now.date(), now.hour * 60 + now.minute
    return any(_open(hours, today, minute, holidays) for hours in settings.hours)


def folded(text: str) -> str:
    """Text in which full and half width, capitals and small letters, katakana and hiragana are the same."""
    return normalize("NFKC", normalize("NFKC", text).casefold()).translate(_HIRAGANA)


@lru_cache(maxsize=4_096)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    """The same for the few words that rules are made of; texts of tickets are not kept."""
    return frozenset(folded(word) for word in words)


def covers(one: When, other: When) -> bool:
    """Whether `one` holds whenever `other` does, whatever the ticket and the time: `other` says nothing after it."""
    return (
        _within(one.category, other.category)
        and (_within(one.severity, other.severity) or set(SEVERITIES) <= set(one.severity))
        and _within(one.source, other.source)
        and _within(one.tags, other.tags)
        and (not one.words or (bool(other.words) and all(_says(one.words, word) for word in other.words)))
        and one.hours in ("any", other.hours)
    )


def _within(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """No condition holds for all; of two, the one that lists everything the other lists is the wider."""
    return not wide or (bool(narrow) and _folded(narrow) <= _folded(wide))


def _says(words: tuple[str, ...], text: str) -> bool:
    """Any of these words in a text."""
    return any(word in folded(text) for word in _folded(words))


def _any(wanted: tuple[str, ...], given: tuple[str, ...]) -> bool:
    return not wanted or not _folded(wanted).isdisjoint(folded(word) for word in given)


def _open(hours: Hours, today: date, minute: int, holidays: Collection[date]) -> bool:
    begin, end, days = minutes(hours.start), minutes(hours.end), weekdays(hours.days)
    opens_today = today.weekday() in days and today not in holidays
    if end > begin:
        return opens_today and begin <= minute < end
    yesterday = today - timedelta(days=1)
    ran_over = yesterday.weekday() in days and yesterday not in holidays
    return (opens_today and minute >= begin) or (ran_over and minute < end)

"""Review dates: which rules and policies somebody wanted to look at again, and when they are reminded. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Final, Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from core.people.model import People
from core.policy.model import Policy, Rule
from core.roster.wall import instant

MORNING: Final = 9 * 60
"""Minute of the day at which a date has come, by the desk's clock."""


class Review(Struct, frozen=True):
    """One rule or policy, the ISO date by which it is looked at again, and who is told."""

    what: Literal["rule", "policy"]
    id: str
    day: str
    owner: str | None = None

    def comes_at(self, zone: str) -> int:
        """The instant (ms) at which its owner is told."""
        return instant(ZoneInfo(zone), date.fromisoformat(self.day), MORNING)


def reviews(policies: Iterable[Policy], rules: Iterable[Rule]) -> Iterator[Review]:
    """Every review date that is written."""
    yield from (Review("policy", one.id, one.review_by, one.owner) for one in policies if one.review_by)
    yield from (Review("rule", one.id, one.review_by, one.owner) for one in rules if one.review_by)


def come(known: Iterable[Review], zone: str, at: int) -> list[Review]:
    """Those whose date has come at a time, the oldest first."""
    return sorted((one for one in known if one.comes_at(zone) <= at), key=lambda one: (one.day, one.what, one.id))


def next_at(known: Iterable[Review], told: Collection[tuple[str, str, str]], zone: str) -> int | None:
    """When somebody is to be reminded next; each date is reminded of once."""
    return min((one.comes_at(zone) for one in known if (one.what, one.id, one.day) not in told), default=None)


def owners(people: People, review: Review) -> tuple[str, ...]:
    """Whom a review concerns: its owner while they are here, else every admin."""
    if review.owner is not None and (known := people.persons.get(review.owner)) and known.active:
        return (review.owner,)
    return tuple(one.id for one in people.persons.values() if one.active and "admin" in one.roles)

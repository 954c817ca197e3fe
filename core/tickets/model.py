"""Frozen values of the tickets part."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from core.people.access import Matter

Status: TypeAlias = Literal["new", "in_progress", "waiting", "done"]
Severity: TypeAlias = Literal["critical", "high", "normal", "low"]
Doing: TypeAlias = Literal["viewing", "replying"]
WaitFor: TypeAlias = Literal["customer", "team", "outside"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "normal", "low")


class Customer(Struct, frozen=True):
    """Personal data of the person outside: shown behind login only, never in notices."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Presence(Struct, frozen=True):
    """Somebody looks at a ticket, or writes to its customer, since then."""

    person: str
    doing: Doing
    since: int


class Offer(Struct, frozen=True):
    """A release that waits for its named person; until then the holder stays."""

    to: str
    by: str
    at: int


class Ticket(Struct, frozen=True):
    """What decisions need of a ticket; text and customer live in content rows."""

    number: int
    team: str
    status: Status
    category: str
    severity: Severity
    source: str
    created_at: int
    updated_at: int
    version: int
    created_by: str | None = None
    holder: str | None = None
    holder_since: int | None = None
    last_holder: str | None = None
    restricted: bool = False
    wait_for: WaitFor | None = None
    wait_team: str | None = None
    wake_at: int | None = None
    offer: Offer | None = None
    matter: Matter = Matter("")
    """What access asks: sight lists and who was called, as loaded."""

"""What happened to a ticket. Ids, codes and times only; `note` points at a text that can be erased."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from core.tickets.model import WaitFor

How: TypeAlias = Literal["claimed", "raised", "accepted", "offer", "reopened", "closed", "undone", "contested"]
"""What moved responsibility (7-transitions, always true 3)."""


class TicketCreated(Struct, frozen=True):
    ticket: int
    team: str
    source: str


class TicketEdited(Struct, frozen=True):
    ticket: int
    fields: tuple[str, ...]


class TicketRestricted(Struct, frozen=True):
    ticket: int
    persons: tuple[str, ...]
    teams: tuple[str, ...]


class HolderChanged(Struct, frozen=True):
    """Begins a row of the ledger (or only ends one, when `holder` is None)."""

    ticket: int
    holder: str | None
    before: str | None
    how: How


class TicketOffered(Struct, frozen=True):
    ticket: int
    to: str


class OfferRefused(Struct, frozen=True):
    """Whoever it was offered to cannot take it; the holder stays."""

    ticket: int


class CommentAdded(Struct, frozen=True):
    ticket: int
    note: int
    people: tuple[str, ...] = ()
    """Who was mentioned."""


class AfterReportAdded(Struct, frozen=True):
    """Somebody noted what was handled; nobody is called."""

    ticket: int
    note: int


class TicketWaits(Struct, frozen=True):
    ticket: int
    on: WaitFor
    until: int
    team: str | None = None
    note: int | None = None


class TicketWoke(Struct, frozen=True):
    ticket: int
    by_time: bool


class TicketClosed(Struct, frozen=True):
    ticket: int
    note: int | None = None


class TicketReopened(Struct, frozen=True):
    ticket: int
    note: int | None = None

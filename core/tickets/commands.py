"""What people intend with tickets. Texts are at most 20,000 characters unless said otherwise."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from core.tickets.model import Customer, Doing, Severity, WaitFor

Short = Annotated[str, Meta(min_length=1, max_length=200)]
Long = Annotated[str, Meta(max_length=20_000)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Tags = Annotated[tuple[Name, ...], Meta(max_length=20)]


class CreateTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """A new matter, held by nobody. Its team is the creator's first unless given."""

    subject: Short
    body: Long = ""
    category: Annotated[str, Meta(max_length=100)] = ""
    severity: Severity = "normal"
    source: Annotated[str, Meta(max_length=100)] = "phone"
    customer: Customer | None = None
    tags: Tags = ()
    personal_data: bool = False
    team: str | None = None


class EditTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """Change what is given; refused as `conflict` when `expected` is not the version now."""

    ticket: int
    expected: int
    subject: Short | UnsetType = UNSET
    category: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    customer: Customer | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    personal_data: bool | UnsetType = UNSET


class RestrictTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """Only these persons and teams (and its holder) see it; both empty lifts the restriction."""

    ticket: int
    persons: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


class ClaimTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """Hold what nobody holds, or accept what was offered to me."""

    ticket: int


class ReleaseTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """Offer the ticket to a named person; the holder stays until they claim it."""

    ticket: int
    to: str


class RefuseOffer(Struct, frozen=True, forbid_unknown_fields=True):
    """I cannot take what was offered to me; its holder stays."""

    ticket: int


class AddComment(Struct, frozen=True, forbid_unknown_fields=True):
    """An internal note; `@id` mentions notify and move no responsibility."""

    ticket: int
    text: Annotated[str, Meta(min_length=1, max_length=20_000)]


class AddAfterReport(Struct, frozen=True, forbid_unknown_fields=True):
    """An after-report: a note that something was handled. It is no escalation: it calls nobody and moves nothing."""

    ticket: int
    text: Annotated[str, Meta(max_length=20_000)]


class PutOnWait(Struct, frozen=True, forbid_unknown_fields=True):
    """Wait on a customer, a team or an outside company, always with a wake-up time."""

    ticket: int
    until: int
    """Milliseconds since the epoch (ISO 8601 in the API)."""
    on: WaitFor = "customer"
    team: str | None = None
    note: Long = ""


class CloseTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """Done. An open takeover of the holder's is resolved with it."""

    ticket: int
    note: Long = ""


class ReopenTicket(Struct, frozen=True, forbid_unknown_fields=True):
    """Not done after all: the last holder again if active, else unclaimed."""

    ticket: int
    note: Long = ""


class ShowPresence(Struct, frozen=True, forbid_unknown_fields=True):
    """I look at it, or write to its customer, for twenty seconds from now; say it again while it lasts."""

    ticket: int
    doing: Doing = "viewing"


class WakeTicket(Struct, frozen=True):
    """Time's own: the wake-up of a waiting ticket has come."""

    ticket: int
    due: int

"""What people intend with handovers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class HandOver(Struct, frozen=True, forbid_unknown_fields=True):
    """Offer all that I hold (or these) to one person, with notes; as supervisor, what somebody absent holds.

    The holder stays until each is accepted.
    """

    to: str
    notes: Annotated[str, Meta(max_length=20_000)] = ""
    holder: str | None = None
    tickets: Annotated[tuple[int, ...], Meta(max_length=1_000)] = ()


class AcceptHandover(Struct, frozen=True, forbid_unknown_fields=True):
    """I take all of it that is still offered to me."""

    handover: int


class RefuseHandover(Struct, frozen=True, forbid_unknown_fields=True):
    """I cannot take the rest of it; the holder stays, and is told."""

    handover: int

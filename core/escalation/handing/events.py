"""What happened to a handover, in its own stream. Its tickets tell what was offered and taken."""

from __future__ import annotations

from msgspec import Struct


class HandoverOffered(Struct, frozen=True):
    """What this person holds is offered to another."""

    handover: int
    holder: str
    to: str


class HandoverRefused(Struct, frozen=True):
    """Whoever was asked cannot take what was left of it."""

    handover: int

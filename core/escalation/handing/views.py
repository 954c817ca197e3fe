"""Answers about handovers. Times are milliseconds since the epoch; persons are ids."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class GetHandover(Struct, frozen=True):
    """One handover, for who made it, whose tickets they were, and who is asked."""

    handover: int


class Handovers(Struct, frozen=True):
    """What I hold and can hand over, what is offered to me, what I have offered."""


class HandoverTicket(Struct, frozen=True):
    """One ticket of it. state: waits for the answer, taken by who was asked, or it went another way."""

    ticket: int
    subject: str
    state: Literal["offered", "accepted", "over"]


class HandoverView(Struct, frozen=True):
    """A handover with its notes, and the tickets of it that the reader may see."""

    id: str
    holder: str
    to: str
    made_by: str
    at: int
    notes: str
    tickets: tuple[HandoverTicket, ...]


class HeldTicket(Struct, frozen=True):
    """One ticket that can be handed over."""

    ticket: int
    subject: str


class HandoversView(Struct, frozen=True):
    """The handover page: `offered` to me and `given` by me while they wait for an answer."""

    held: tuple[HeldTicket, ...]
    offered: tuple[HandoverView, ...]
    given: tuple[HandoverView, ...]
    absent: tuple[str, ...] = ()
    """Who is absent and holds something that I, as supervisor, may hand over for them."""

"""What happened to the roster, journalled in the stream of its rota. Ids and times only."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class OverrideMade(Struct, frozen=True):
    """From `since` until `until` somebody is added, removed, or replaced (both)."""

    rota: str
    override: int
    adds: str | None
    removes: str | None
    since: int
    until: int
    why: Literal["planned", "taken", "swapped"] = "planned"


class OverrideCancelled(Struct, frozen=True):
    """It was called off: before it began, or for the time that was left."""

    rota: str
    override: int


class PlanMade(Struct, frozen=True):
    """From `since` until `until` a temporary plan stands in for the rota."""

    rota: str
    plan: int
    since: int
    until: int
    persons: tuple[str, ...]


class PlanCancelled(Struct, frozen=True):
    """It was called off: before it began, or for the time that was left."""

    rota: str
    plan: int


class ShiftOffered(Struct, frozen=True):
    """Somebody offers their duty to somebody; until that is accepted it is theirs."""

    rota: str
    swap: int
    giver: str
    taker: str
    since: int
    until: int


class ShiftOfferEnded(Struct, frozen=True):
    """accepted: an override carries it out · refused by who was asked · withdrawn by who offered."""

    rota: str
    swap: int
    how: Literal["accepted", "refused", "withdrawn"]


class DutyHandedOver(Struct, frozen=True):
    """By the clock or by a change of the roster: who has come on duty in the rota, and who has gone off."""

    rota: str
    on: tuple[str, ...]
    off: tuple[str, ...]


class CalendarOpened(Struct, frozen=True):
    """Their duty can be read at a secret address."""

    person: str


class CalendarClosed(Struct, frozen=True):
    """It cannot any more."""

    person: str

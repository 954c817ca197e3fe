"""Frozen values of the roster."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from core.people.model import Mode, Place

Source: TypeAlias = Literal["shift", "rotation", "override", "plan"]
"""Why somebody is on duty."""
SwapState: TypeAlias = Literal["offered", "accepted", "refused", "withdrawn", "over"]
"""over: the rota is no longer there."""


class Shift(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A weekly span with its people; `end` ≤ `start` ends the next day."""

    days: str
    """`mon-fri`, `sat,sun`, `daily`."""
    start: str
    """HH:MM, local wall-clock time of the desk."""
    end: str
    people: tuple[str, ...]
    place: Place | None = None
    """None: where each person usually is."""


class Rotation(Struct, frozen=True):
    """One person after the other, handing over at a wall-clock time."""

    people: tuple[str, ...]
    every: str
    """`1d`, `1w`, `2w`."""
    handover: str
    """`mon 09:00` for weeks, `09:00` for days."""
    starts: str
    """ISO date of the first turn."""


class Rota(Struct, frozen=True):
    """A named plan of duty: shifts or one rotation."""

    id: str
    shifts: tuple[Shift, ...] = ()
    rotation: Rotation | None = None
    on_holidays: bool = True
    replaces: str | None = None
    """In `mode`, this rota stands in for that one."""
    mode: Mode | None = None


class Override(Struct, frozen=True):
    """In one span the rota is not as planned: `adds` comes on duty, `removes` does not, or `adds` in their place.

    Times in milliseconds; the end is not part of it. Where it was called off, `until` is when.
    """

    id: int
    rota: str
    since: int
    until: int
    adds: str | None = None
    removes: str | None = None
    place: Place | None = None
    """None: as in the shift that is taken over, or where the person usually is."""


class PlannedShift(Struct, frozen=True):
    """One person on duty in a temporary plan."""

    person: str
    since: int
    until: int
    place: Place | None = None


class Plan(Struct, frozen=True):
    """A temporary plan: in its span the rota has exactly these shifts."""

    id: int
    rota: str
    name: str
    since: int
    until: int
    shifts: tuple[PlannedShift, ...] = ()


Change: TypeAlias = Override | Plan
"""They hold in the order they were made: the newest word holds."""


class Swap(Struct, frozen=True):
    """A duty that `giver` offers to `taker`."""

    id: int
    rota: str
    giver: str
    taker: str
    since: int
    until: int
    state: SwapState = "offered"


class Duty(Struct, frozen=True):
    """One person on duty in one span, times in milliseconds."""

    person: str
    start: int
    end: int
    place: Place | None = None
    source: Source = "shift"
    ref: int = 0
    """The override or plan that says so."""

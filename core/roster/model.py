"""Frozen values of the roster."""

from __future__ import annotations

from msgspec import Struct

from core.people.model import Mode, Place


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


class Duty(Struct, frozen=True):
    """One person on duty in one span, times in milliseconds."""

    person: str
    start: int
    end: int
    place: Place | None = None

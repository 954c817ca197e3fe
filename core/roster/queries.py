"""Questions about the roster, and their answers. Times are milliseconds; persons, rotas and teams ids."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from core.people.model import Language, Mode, Place
from core.roster.model import PlannedShift, Source, SwapState

Because: TypeAlias = Literal["leave", "override", "holiday", "unplanned"]
"""Why nobody is on duty: whoever was planned is away · was taken off · it is a public holiday · nobody is planned."""


class RosterPlan(Struct, frozen=True):
    """Who is on duty from `since` (by default now) until `until` (by default 14 days on), at most 62 days.

    `team`: rotas of its people and of the teams below it. `mode`: as in that mode of the site.
    """

    since: int | None = None
    until: int | None = None
    team: str | None = None
    mode: Mode | None = None


class OnDuty(Struct, frozen=True):
    """Who is on duty at a time (by default now), in every rota or those of a team."""

    at: int | None = None
    team: str | None = None


class Segment(Struct, frozen=True):
    """One person on duty from `since` until `until`. `source`: why; `change`: the override or plan that says so."""

    person: str
    since: int
    until: int
    place: Place
    source: Source
    change: str | None = None


class Gap(Struct, frozen=True):
    """Nobody is on duty. `away`: who was planned and is on leave; `holiday`: its name."""

    since: int
    until: int
    because: Because
    away: tuple[str, ...] = ()
    holiday: str | None = None


class PlanView(Struct, frozen=True):
    """A temporary plan."""

    id: str
    rota: str
    name: str
    since: int
    until: int
    shifts: tuple[PlannedShift, ...]


class OverrideView(Struct, frozen=True):
    """An override: `add` comes, `remove` goes, or one for the other. `ended_at`: when it was called off."""

    id: str
    rota: str
    since: int
    until: int
    add: str | None
    remove: str | None
    place: Place | None
    ended_at: int | None


class RotaView(Struct, frozen=True):
    """One rota in the asked span."""

    id: str
    teams: tuple[str, ...]
    """The teams of the people it names."""
    segments: tuple[Segment, ...]
    gaps: tuple[Gap, ...]
    overrides: tuple[OverrideView, ...]
    plans: tuple[PlanView, ...]
    replaces: str | None = None
    mode: Mode | None = None


class HolidayView(Struct, frozen=True):
    """A public holiday: a local day (`2026-11-23`) with its name in the reader's language."""

    day: str
    name: str


class RosterView(Struct, frozen=True):
    """GET /api/roster."""

    since: int
    until: int
    timezone: str
    mode: Mode
    holidays: tuple[HolidayView, ...]
    rotas: tuple[RotaView, ...]


class DutyLine(Struct, frozen=True):
    """One person on duty in one rota; until when, without a break."""

    rota: str
    person: str
    place: Place
    since: int
    until: int
    source: Source
    change: str | None = None


class DutyPage(Struct, frozen=True):
    """GET /api/duty."""

    at: int
    items: tuple[DutyLine, ...]


class GetOverride(Struct, frozen=True):
    """One override."""

    override: int


class GetPlan(Struct, frozen=True):
    """One temporary plan."""

    plan: int


class MySwaps(Struct, frozen=True):
    """Open offers of shifts, from me and to me."""


class GetSwap(Struct, frozen=True):
    """One offer of a shift that I made or got."""

    swap: int


class SwapView(Struct, frozen=True):
    """`giver` offers their duty in `rota` to `taker`."""

    id: str
    rota: str
    giver: str
    taker: str
    since: int
    until: int
    state: SwapState


class SwapPage(Struct, frozen=True):
    """GET /api/shifts/swaps, the earliest shift first."""

    items: tuple[SwapView, ...]


class CalendarOf(Struct, frozen=True):
    """Whose calendar stands at this secret address (its hash), and what is in it. Only for the edge."""

    hash: bytes


class MyCalendar(Struct, frozen=True):
    """My own duty, for a calendar."""


class CalendarEntry(Struct, frozen=True):
    """One duty of the person."""

    rota: str
    since: int
    until: int
    place: Place


class CalendarView(Struct, frozen=True):
    """Four weeks back, half a year ahead."""

    person: str
    desk: str
    language: Language
    timezone: str
    at: int
    entries: tuple[CalendarEntry, ...]

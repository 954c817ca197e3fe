"""What people intend with the roster. Times are milliseconds since the epoch; persons and rotas are ids."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from core.people.model import Place
from core.roster.model import PlannedShift

Id = Annotated[str, Meta(min_length=1, max_length=100)]


class AddOverride(Struct, frozen=True, forbid_unknown_fields=True):
    """From `since` (by default now) until `until`: `add` comes on duty, `remove` does not; both: one for the other."""

    rota: str
    until: int
    since: int | None = None
    add: Id | None = None
    remove: Id | None = None
    place: Place | None = None


class CancelOverride(Struct, frozen=True, forbid_unknown_fields=True):
    """The rota is as planned again: wholly, or for the time that is left."""

    override: int


class MakePlan(Struct, frozen=True, forbid_unknown_fields=True):
    """From `since` until `until` the rota has exactly these shifts."""

    rota: str
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    since: int
    until: int
    shifts: Annotated[tuple[PlannedShift, ...], Meta(max_length=500)] = ()


class CancelPlan(Struct, frozen=True, forbid_unknown_fields=True):
    """The rota is as written again: wholly, or for the time that is left."""

    plan: int


class TakeShift(Struct, frozen=True, forbid_unknown_fields=True):
    """I am on duty from now on, in place of whoever is (named by `person` where there are several).

    Until their duty ends, or earlier with `until`.
    """

    rota: str
    person: Id | None = None
    until: int | None = None


class OfferShift(Struct, frozen=True, forbid_unknown_fields=True):
    """My duty in this span, offered to somebody; it stays mine until they accept.

    By default what is left of my duty now, or my next one.
    """

    rota: str
    to: Id
    since: int | None = None
    until: int | None = None


class AcceptShift(Struct, frozen=True, forbid_unknown_fields=True):
    """I take the duty that was offered to me."""

    swap: int


class RefuseShift(Struct, frozen=True, forbid_unknown_fields=True):
    """I do not; it stays with who offered it."""

    swap: int


class WithdrawShift(Struct, frozen=True, forbid_unknown_fields=True):
    """I keep it after all."""

    swap: int


class DutyDue(Struct, frozen=True):
    """Time's own: duty changes in this rota now, or did while nobody looked."""

    number: int
    due: int


class OpenCalendar(Struct, frozen=True):
    """A secret calendar address of mine (`hash` of it, made at the edge). The one before it is void."""

    hash: bytes


class CloseCalendar(Struct, frozen=True, forbid_unknown_fields=True):
    """My calendar address works no more."""

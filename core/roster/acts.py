"""Overrides and temporary plans inside their transaction: load, decide, record, tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY, Reader
from core.engine.work import Stream, Work
from core.people.events import DirectoryChanged
from core.people.records import changed, people_of
from core.people.telling import quietly
from core.roster import decide
from core.roster.commands import AddOverride, CancelOverride, CancelPlan, MakePlan, TakeShift
from core.roster.events import OverrideCancelled, OverrideMade, PlanCancelled, PlanMade
from core.roster.handover import settle, stream_of
from core.roster.model import Change, Override
from core.roster.records import CHANGES, override_from, plan_from, roster_of

KEPT: Final = 400 * DAY
"""How long what is over stays in the roster's past."""
COUNTER: Final = "roster_change"
"""One for overrides and plans: they hold in the order they were made."""


def add_override(work: Work, command: AddOverride) -> Done | Refusal:
    """Locked by the rota's stream: of two at once the second sees the first."""
    return _make(work, command)


def take_shift(work: Work, command: TakeShift) -> Done | Refusal:
    """An override of one's own, from now on."""
    return _make(work, command)


def _make(work: Work, command: AddOverride | TakeShift) -> Done | Refusal:
    if not is_known(work.tx, command.rota):
        return decide.NO_ROTA
    stream_of(work, command.rota)
    people, roster = people_of(work.tx), roster_of(work.tx)
    id_ = work.tx.new_ids(COUNTER)
    if isinstance(command, TakeShift):
        made = decide.taking(people, roster, work.by, command, id_, work.now)
    else:
        made = decide.override(people, roster, work.by, command, id_, work.now)
    if isinstance(made, Refusal):
        return made
    carry_out(work, made, "taken" if isinstance(command, TakeShift) else "planned")
    return Done(made.id)


def carry_out(work: Work, made: Override, why: Any) -> None:
    """Record an override that was decided; who comes and who goes is told, but not the one who did it."""
    work.tx.run(CHANGES["overrides_forget"], {"before": work.now - KEPT})
    work.tx.run(
        CHANGES["override_add"],
        {
            "id": made.id, "rota": made.rota, "since": made.since, "until": made.until, "adds": made.adds,
            "removes": made.removes, "place": made.place, "made_by": work.by.person,
        },
    )  # fmt: skip
    changed(work.tx, "override", made)
    stream = stream_of(work, made.rota)
    work.record(stream, OverrideMade(made.rota, made.id, made.adds, made.removes, made.since, made.until, why))
    told = settle(work, made.rota)
    if why != "swapped":
        _tell(work, stream, (made.adds, made.removes), told, f"override:{made.id}")


def cancel_override(work: Work, command: CancelOverride) -> Done | Refusal:
    """By who plans the rota; by who took the shift, for what they took."""
    row = work.tx.one(CHANGES["override"], {"id": command.override})
    if row is None:
        return Refusal("unknown", "override")
    made, made_by, ended_at = override_from(row), row[7], row[8]
    own = made_by is not None and made_by == work.by.person == made.adds
    if not own and not _may_change(work, made.rota, (made.adds, made.removes)):
        return decide.NOT_MINE
    if ended_at is not None:
        return Done(made.id, again=True)
    if made.until <= work.now:
        return Refusal("closed", "override_over")
    told = _end_override(work, made)
    persons = (made.adds, made.removes)
    _tell(work, stream_of(work, made.rota), persons, told, f"override:{made.id}")
    return Done(made.id)


def _end_override(work: Work, made: Override) -> frozenset[str]:
    work.tx.run(CHANGES["override_end"], {"id": made.id, "now": work.now})
    changed(work.tx, "override_end", made, work.now)
    work.record(stream_of(work, made.rota), OverrideCancelled(made.rota, made.id))
    return settle(work, made.rota)


def make_plan(work: Work, command: MakePlan) -> Done | Refusal:
    """Everybody in it is told."""
    if not is_known(work.tx, command.rota):
        return decide.NO_ROTA
    stream = stream_of(work, command.rota)
    people, roster = people_of(work.tx), roster_of(work.tx)
    made = decide.plan(people, roster, work.by, command, work.tx.new_ids(COUNTER), work.now)
    if isinstance(made, Refusal):
        return made
    work.tx.run(CHANGES["plans_forget"], {"before": work.now - KEPT})
    work.tx.run(
        CHANGES["plan_add"],
        {
            "id": made.id, "rota": made.rota, "name": made.name, "since": made.since, "until": made.until,
            "shifts": msgspec.json.encode(made.shifts).decode(), "made_by": work.by.person,
        },
    )  # fmt: skip
    changed(work.tx, "plan", made)
    persons = tuple(dict.fromkeys(shift.person for shift in made.shifts))
    work.record(stream, PlanMade(made.rota, made.id, made.since, made.until, persons))
    _tell(work, stream, persons, settle(work, made.rota), f"plan:{made.id}")
    return Done(made.id)


def cancel_plan(work: Work, command: CancelPlan) -> Done | Refusal:
    """By who plans the rota."""
    row = work.tx.one(CHANGES["plan"], {"id": command.plan})
    if row is None:
        return Refusal("unknown", "plan")
    made = plan_from(row)
    persons = tuple(dict.fromkeys(shift.person for shift in made.shifts))
    if not _may_change(work, made.rota, persons):
        return decide.NOT_MINE
    if row[7] is not None:
        return Done(made.id, again=True)
    if made.until <= work.now:
        return Refusal("closed", "override_over")
    work.tx.run(CHANGES["plan_end"], {"id": made.id, "now": work.now})
    changed(work.tx, "plan_end", made, work.now)
    stream = stream_of(work, made.rota)
    work.record(stream, PlanCancelled(made.rota, made.id))
    _tell(work, stream, persons, settle(work, made.rota), f"plan:{made.id}")
    return Done(made.id)


def people_left(work: Work, event: DirectoryChanged) -> None:
    """Whoever leaves the desk is on no rota any more: what had put them there is called off, and the gap shows."""
    left = {name.removeprefix("person:") for name in event.removed if name.startswith("person:")}
    for changes in tuple(roster_of(work.tx).changes.values()) if left else ():
        for change in changes:
            if isinstance(change, Override) and change.adds in left and change.until > work.now:
                _end_override(work, change)


def is_known(tx: Reader, rota: str) -> bool:
    """Whether there is such a rota: asked before its stream is locked, and the roster read."""
    return tx.one(CHANGES["rota_known"], {"rota": rota}) is not None


def change_of(tx: Reader, kind: str, id_: int) -> tuple[Change, int | None] | None:
    """An override or a plan with when it was called off; None when there is none."""
    row = tx.one(CHANGES[kind], {"id": id_})
    if row is None:
        return None
    return (override_from(row), row[8]) if kind == "override" else (plan_from(row), row[7])


def _may_change(work: Work, rota: str, persons: Iterable[str | None]) -> bool:
    people = people_of(work.tx)
    known = [person for person in persons if person in people.persons]
    return decide.may_change(people, work.by, roster_of(work.tx), rota, known)


def _tell(work: Work, stream: Stream, persons: Iterable[str | None], told: frozenset[str], data: str) -> None:
    """Who is concerned hears of it once: not the one who did it, nor who was told to be on or off duty just now."""
    people = people_of(work.tx)
    for person in dict.fromkeys(person for person in persons if person):
        if person != work.by.person and person not in told:
            work.notify(stream, *quietly(people, person, "roster", work.now, data=data))

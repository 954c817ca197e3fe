"""The roster in the database: read as one snapshot, written by the desk file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from core.engine.ports import Millis, Reader, Transaction
from core.engine.store.sql import SqlFile
from core.people.model import People
from core.people.records import changed, people_of
from core.roster.duty import Roster
from core.roster.holidays import public_holidays
from core.roster.model import Change, Override, Plan, PlannedShift, Rota, Rotation, Shift
from core.roster.spans import kept_ahead

SQL: Final = SqlFile("core.roster", "roster.sql")
CHANGES: Final = SqlFile("core.roster", "changes.sql")
CALENDAR: Final = SqlFile("core.roster", "feeds.sql")
KEPT: Final = 4
_people = msgspec.json.Decoder(tuple[str, ...]).decode
_shifts = msgspec.json.Decoder(tuple[PlannedShift, ...]).decode
_text = msgspec.json.encode


class _Snapshots:
    """The newest few rosters of this process, each with the directory it was read under.

    Every change of rotas writes a new revision of the directory, so the same directory means the same roster.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[People, Roster], ...] = ()

    def get(self, people: People) -> Roster | None:
        return next((roster for known, roster in self._kept if known is people), None)

    def put(self, people: People, roster: Roster) -> Roster:
        # A new device is a new directory with the same roster: keep the one whose spans are laid out already.
        roster = next((known for _, known in self._kept if known == roster), roster)
        self._kept = ((people, roster), *self._kept[: KEPT - 1])
        return roster


_snapshots: Final = _Snapshots()


def roster_of(tx: Reader) -> Roster:
    """The roster as this transaction sees it. One select when it is known."""
    memo: Roster | None = tx.memo.get("roster")
    if memo is not None:
        return memo
    people = people_of(tx)
    known = _snapshots.get(people)
    roster = known if known is not None else _snapshots.put(people, _load(tx, people))
    tx.memo["roster"] = roster
    return roster


def save_rotas(tx: Transaction, rotas: Sequence[Rota], now: Millis) -> None:
    """Exactly these rotas. Of a rotation whose list changed, whoever is on duty stays on duty.

    What was changed for a rota that is no longer there, is over.
    """
    before = roster_of(tx)
    zone = ZoneInfo(before.timezone)
    for rota in rotas:
        _move_on(tx, rota, before, zone, now)
    for gone in sorted(before.rotas.keys() - {rota.id for rota in rotas}):
        for end in ("rota_ahead_clear", "rota_overrides_end", "rota_plans_end", "rota_swaps_end"):
            tx.run(CHANGES[end], {"rota": gone, "now": now})
    for clear in ("rotas_clear", "shifts_clear", "rotations_clear"):
        tx.run(SQL[clear])
    tx.many(SQL["rota_add"], [_rota_row(rota) for rota in rotas])
    tx.many(
        SQL["shift_add"],
        [_shift_row(rota, position, shift) for rota in rotas for position, shift in enumerate(rota.shifts)],
    )
    tx.many(SQL["rotation_add"], [_rotation_row(rota, rota.rotation) for rota in rotas if rota.rotation])
    changed(tx, "rotas", rotas)


def _move_on(tx: Transaction, rota: Rota, before: Roster, zone: ZoneInfo, now: Millis) -> None:
    known = before.rotas.get(rota.id)
    if rota.rotation is None or (known is not None and known.rotation == rota.rotation):
        return
    ahead = kept_ahead(known.rotation if known else None, before.ahead.get(rota.id, 0), rota.rotation, zone, now)
    tx.run(CHANGES["rota_ahead_set"], {"rota": rota.id, "places": ahead})


def _load(tx: Reader, people: People) -> Roster:
    shifts: dict[str, tuple[Shift, ...]] = {}
    for rota, days, begins, ends, persons, place in tx.all(SQL["shifts"]):
        shifts[rota] = (*shifts.get(rota, ()), Shift(days, begins, ends, _people(persons), place))
    rotations = {
        rota: Rotation(_people(persons), every, handover, starts)
        for rota, persons, every, handover, starts in tx.all(SQL["rotations"])
    }
    return Roster(
        rotas={
            id_: Rota(id_, shifts.get(id_, ()), rotations.get(id_), bool(on_holidays), replaces, mode)
            for id_, on_holidays, replaces, mode in tx.all(SQL["rotas"])
        },
        timezone=people.settings.timezone,
        holidays=public_holidays(people.settings.holidays),
        mode=people.settings.mode,
        changes=_changes(tx),
        leaves=people.leaves,
        home_days=people.home_days,
        ahead={rota: places for rota, places in tx.all(CHANGES["ahead"]) if rota in rotations},
    )


def _changes(tx: Reader) -> dict[str, tuple[Change, ...]]:
    found: list[Change] = [override_from(row) for row in tx.all(CHANGES["overrides"])]
    found += (plan_from(row) for row in tx.all(CHANGES["plans"]))
    by_rota: dict[str, tuple[Change, ...]] = {}
    for change in sorted(found, key=lambda change: change.id):
        by_rota[change.rota] = (*by_rota.get(change.rota, ()), change)
    return by_rota


def override_from(row: tuple[Any, ...]) -> Override:
    """A row of `roster_override`, in the order every statement here selects it."""
    return Override(*row[:7])


def plan_from(row: tuple[Any, ...]) -> Plan:
    """A row of `roster_plan`, in the order every statement here selects it."""
    return Plan(*(*row[:5], _shifts(row[5])))


def _rota_row(rota: Rota) -> dict[str, Any]:
    return {"id": rota.id, "on_holidays": int(rota.on_holidays), "replaces": rota.replaces, "mode": rota.mode}


def _shift_row(rota: Rota, position: int, shift: Shift) -> dict[str, Any]:
    return {
        "rota": rota.id, "position": position, "days": shift.days, "begins": shift.start, "ends": shift.end,
        "people": _text(shift.people).decode(), "place": shift.place,
    }  # fmt: skip


def _rotation_row(rota: Rota, rotation: Rotation) -> dict[str, Any]:
    return {
        "rota": rota.id, "people": _text(rotation.people).decode(), "every": rotation.every,
        "handover": rotation.handover, "starts": rotation.starts,
    }  # fmt: skip

"""The roster in the database: read as one snapshot, written by the desk file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from core.engine.ports import Reader, Transaction
from core.engine.store.sql import SqlFile
from core.people.model import People
from core.people.records import changed, people_of
from core.roster.duty import Roster
from core.roster.holidays import public_holidays
from core.roster.model import Rota, Rotation, Shift

SQL: Final = SqlFile("core.roster", "roster.sql")
KEPT: Final = 4
_people = msgspec.json.Decoder(tuple[str, ...]).decode
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


def save_rotas(tx: Transaction, rotas: Sequence[Rota]) -> None:
    """Exactly these rotas."""
    for clear in ("rotas_clear", "shifts_clear", "rotations_clear"):
        tx.run(SQL[clear])
    tx.many(SQL["rota_add"], [_rota_row(rota) for rota in rotas])
    tx.many(
        SQL["shift_add"],
        [_shift_row(rota, position, shift) for rota in rotas for position, shift in enumerate(rota.shifts)],
    )
    tx.many(SQL["rotation_add"], [_rotation_row(rota, rota.rotation) for rota in rotas if rota.rotation])
    changed(tx, "rotas", rotas)


def _load(tx: Reader, people: People) -> Roster:
    shifts: dict[str, tuple[Shift, ...]] = {}
    for rota, days, begins, ends, persons, place in tx.all(SQL["shifts"]):
        shifts[rota] = (*shifts.get(rota, ()), Shift(days, begins, ends, _people(persons), place))
    rotations = {
        rota: Rotation(_people(persons), every, handover, starts)
        for rota, persons, every, handover, starts in tx.all(SQL["rotations"])
    }
    return Roster(
        {
            id_: Rota(id_, shifts.get(id_, ()), rotations.get(id_), bool(on_holidays), replaces, mode)
            for id_, on_holidays, replaces, mode in tx.all(SQL["rotas"])
        },
        people.settings.timezone,
        public_holidays(people.settings.holidays),
        people.settings.mode,
    )


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

"""Reads `[[rota]]`."""

from __future__ import annotations

from typing import get_args

from core.deskfile.read_people import identity
from core.deskfile.table import Table
from core.people.model import Place
from core.roster.model import Rota, Rotation, Shift
from core.roster.wall import every, handover, minutes, weekdays

STAND_IN_MODES = ("advisory", "remote")


def rota(table: Table) -> Rota:
    """One `[[rota]]`: shifts, or one rotation."""
    found = Rota(
        identity(table),
        tuple(table.rows("shifts", _shift).values()),
        table.table("rotation", _rotation, None),
        table.yes_no("on_holidays", True),
        table.text("replaces", None),
        table.choice("mode", STAND_IN_MODES, None),
    )
    if found.shifts and found.rotation:
        table.trouble.note((*table.path, "rotation"), "shifts_and_rotation")
    if (found.replaces is None) != (found.mode is None):
        table.missing("mode" if found.mode is None else "replaces")
    return found


def _shift(table: Table) -> Shift:
    return Shift(
        table.plain("days", weekdays, "days"), table.plain("from", minutes, "clock"),
        table.plain("to", minutes, "clock"), table.texts("people"), table.choice("place", get_args(Place), None),
    )  # fmt: skip


def _rotation(table: Table) -> Rotation | None:
    found = Rotation(
        table.texts("people"), table.plain("every", every, "every"), table.plain("handover", handover, "handover"),
        table.day("starts"),
    )  # fmt: skip
    place = (*table.path, "handover")
    if place not in table.trouble and (*table.path, "every") not in table.trouble:
        by_weeks = found.every.endswith("w")
        if by_weeks != (" " in found.handover):
            expects = "handover_weeks" if by_weeks else "handover_days"
            table.trouble.note(place, "wrong_value", expects, key="handover", found=f'"{found.handover}"')
    return found

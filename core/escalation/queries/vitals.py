"""How the desk is, in numbers for whoever watches the machine. Of nobody by name, of no ticket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from core.engine.desk import STOPPED_AFTER
from core.engine.health import Health, look, schema_fits
from core.engine.journal import SQL as ENGINE
from core.engine.outcome import Refusal
from core.engine.store.sql import SqlFile
from core.engine.work import Ask
from core.people.access import may
from core.people.records import people_of

SQL: Final = SqlFile("core.escalation.queries", "vitals.sql")


class Vitals(Struct, frozen=True):
    """The numbers as they are now. For who may read the journal: admins and auditors."""


class VitalsView(Struct, frozen=True):
    """`open` by state; standing alarms are among them. `events` of the journal since the desk began."""

    health: Health
    open: Mapping[str, int]
    events: int


class Readiness(Struct, frozen=True):
    """Whether the desk can be relied on now. Everybody may ask."""


class ReadinessView(Struct, frozen=True):
    """ready; engine_stopped: nobody is called; schema_changed: a newer program has this database now."""

    status: Literal["ready", "engine_stopped", "schema_changed"]


def readiness(ask: Ask, _: Readiness) -> ReadinessView:
    """The database answers, is the one this program knows, and an engine beats."""
    if not schema_fits(ask.tx):
        return ReadinessView("schema_changed")
    row = ask.tx.one(ENGINE["heartbeat_newest"])
    running = row is not None and row[0] is not None and ask.now - row[0] <= STOPPED_AFTER
    return ReadinessView("ready" if running else "engine_stopped")


def vitals(ask: Ask, _: Vitals) -> VitalsView | Refusal:
    """A few look-ups on indexes; drills are not counted."""
    if not may(people_of(ask.tx), ask.by, "journal"):
        return Refusal("not_allowed", "not_allowed")
    newest = ask.tx.one(ENGINE["journal_newest"])
    return VitalsView(look(ask.tx, ask.now), dict(ask.tx.all(SQL["open_by_state"])), newest[0] if newest else 0)

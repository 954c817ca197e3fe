"""Undo inside its transaction: what was done a moment ago is read from the journal, which has what was before."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import Struct

from core.engine.journal import type_of
from core.engine.outcome import Done, Refusal
from core.engine.ports import Reader
from core.engine.store.sql import SqlFile
from core.engine.work import Work
from core.escalation.acts import UNKNOWN, act
from core.escalation.commands import Undo
from core.escalation.decide.undo import UNDO_FOR, Acted, undo
from core.escalation.events import AcceptanceUndone, EscalationAccepted, EscalationRaised, EscalationWithdrawn
from core.escalation.records import ticket_of

SQL: Final = SqlFile("core.escalation", "undo.sql")
DEEDS: Final[dict[str, type[Any]]] = {
    type_of(kind): kind for kind in (EscalationRaised, EscalationAccepted, AcceptanceUndone, EscalationWithdrawn)
}
MINE: Final = frozenset({type_of(EscalationRaised), type_of(EscalationAccepted), type_of(AcceptanceUndone)})
PAGE: Final = 500
PAGES: Final = 20
"""So far back at most one's newest deed is looked for; screens name the escalation they mean."""
NEWEST: Final = 1 << 60


def undo_deed(work: Work, command: Undo) -> Done | Refusal:
    """Take back my raise or acceptance: of this escalation, or my newest."""
    id_ = command.escalation or _newest_of(work)
    if id_ is None:
        return Refusal("closed", "undo_over")
    number = ticket_of(work.tx, id_)
    acted = None if number is None else newest(work.tx, number, id_)
    if acted is None:
        return UNKNOWN
    return act(work, id_, lambda scene, esc: undo(scene, esc, work.by, acted, work.now))


def newest(tx: Reader, ticket: int, escalation: int) -> Acted | None:
    """The newest deed of an escalation."""
    for at, actor, kind, data in tx.all(SQL["deeds_of_ticket"], {"ticket": ticket}):
        deed = decoded(kind, data)
        if deed is not None and deed.escalation == escalation:
            return Acted(at, actor, deed)
    return None


def decoded(kind: str, data: str) -> Any:
    """The deed of a row of the journal; None where it is another event."""
    shape: type[Struct] | None = DEEDS.get(kind)
    return None if shape is None else msgspec.json.decode(data, type=shape)


def _newest_of(work: Work) -> int | None:
    """The escalation that the actor raised or accepted last, within the time for it."""
    me, before = str(work.by), NEWEST
    for _ in range(PAGES):
        rows = work.tx.all(SQL["newest_events"], {"before": before, "limit": PAGE})
        for id_, at, actor, kind, data in rows:
            if work.now - at > UNDO_FOR:
                return None
            if actor == me and kind in MINE:
                return int(decoded(kind, data).escalation)
            before = id_
        if len(rows) < PAGE:
            return None
    return None

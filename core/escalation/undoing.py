"""Undo inside its transaction: what was done a moment ago is read from the journal, which has what was before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from msgspec import Struct

from core.engine.journal import type_of
from core.engine.outcome import Done, Refusal
from core.engine.ports import Reader
from core.engine.shapes import decode
from core.engine.store.sql import SqlFile
from core.engine.work import Work
from core.escalation.acts import UNKNOWN, act
from core.escalation.commands import ContestAcceptance, Undo
from core.escalation.decide.contest import contest
from core.escalation.decide.phone import NO_TASK
from core.escalation.decide.undo import UNDO_FOR, Acted, undo
from core.escalation.decide.verdict import Verdict, closed
from core.escalation.events import AcceptanceUndone, EscalationAccepted, EscalationRaised, EscalationWithdrawn
from core.escalation.model import NUMBERS, Escalation
from core.escalation.records import open_of, ticket_of
from core.escalation.seats import Scene

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
    return act(work, id_, lambda scene, esc: _raised_again(work.tx, esc) or undo(scene, esc, work.by, acted, work.now))


def contest_acceptance(work: Work, command: ContestAcceptance) -> Done | Refusal:
    """I did not say so on the phone."""
    id_ = command.task // NUMBERS
    number = ticket_of(work.tx, id_)
    if number is None:
        return NO_TASK
    recorded = newest(work.tx, number, id_)

    def choose(scene: Scene, esc: Escalation) -> Verdict:
        return _raised_again(work.tx, esc) or contest(scene, esc, work.by, command.task, recorded, work.now)

    return act(work, id_, choose, ref=str(command.task))


def _raised_again(tx: Reader, esc: Escalation) -> Refusal | None:
    """What ended by an acceptance does not come back beside a new one of its kind."""
    if esc.ended_at is None or not any(other.kind == esc.kind for other in open_of(tx, esc.ticket)):
        return None
    return closed(esc)


def newest(tx: Reader, ticket: int, escalation: int) -> Acted | None:
    """The newest deed of an escalation."""
    return newest_in(tx.all(SQL["deeds_of_ticket"], {"ticket": ticket}), escalation)


def newest_in(rows: Iterable[tuple[int, str, str, str]], escalation: int) -> Acted | None:
    """As `newest`, in (at, actor, type, data) of a ticket's journal, newest first."""
    for at, actor, kind, data in rows:
        deed = decoded(kind, data)
        if deed is not None and deed.escalation == escalation:
            return Acted(at, actor, deed)
    return None


def decoded(kind: str, data: str) -> Any:
    """The deed of a row of the journal; None where it is another event."""
    shape: type[Struct] | None = DEEDS.get(kind)
    return None if shape is None else decode(data, shape)


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

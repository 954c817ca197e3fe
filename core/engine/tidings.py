"""How messages fared: written on their rows, told to the domain, tried again while it is worth it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, TypeAlias

import structlog

from core.engine.catalogue import Outgoing
from core.engine.desk import Desk
from core.engine.ports import MINUTE, SECOND, Failed, Gone, Millis, NotStored, Outcome, Retry, Sent, Transaction
from core.engine.turns import OUTGOING, Flight

log = structlog.get_logger()
BACK_OFF: Final = 2 * SECOND
BACK_OFF_MOST: Final = 1 * MINUTE
JITTER: Final = 4
"""A pause of ours is longer by chance, by at most the fourth part: what failed together comes back apart."""
Landed: TypeAlias = tuple[Flight, Outcome]
Hear: TypeAlias = Callable[[Transaction, Outgoing, str, str], None]


class Tidings:
    """Writes outcomes. `jitter` gives numbers from 0 to 1."""

    def __init__(self, desk: Desk, process: str, jitter: Callable[[], float]) -> None:
        self._desk = desk
        self._process = process
        self._jitter = jitter

    def write(self, tx: Transaction, landed: Sequence[Landed]) -> None:
        """All of them at once; when the domain stumbles over one, each for itself, and that one alone is told."""
        if not landed:
            return
        try:
            tx.attempt(partial(self._all, tx, landed))
        except NotStored:
            raise
        except Exception:
            for one in landed:
                self._alone(tx, one)

    def _all(self, tx: Transaction, landed: Sequence[Landed]) -> None:
        for one in landed:
            self._write(tx, one, self._desk.hear)

    def _alone(self, tx: Transaction, landed: Landed) -> None:
        try:
            tx.attempt(partial(self._write, tx, landed, self._desk.reported))
        except NotStored:
            raise
        except Exception as error:
            row = landed[0].row
            log.exception(
                "dispatch: a report throws, the lease will free the row", kind=row.kind, error=str(type(error))
            )

    def _write(self, tx: Transaction, landed: Landed, hear: Hear) -> None:
        flight, outcome = landed
        for row in (flight.row, *flight.carried):
            self._one(tx, row, outcome, hear)

    def _one(self, tx: Transaction, row: Outgoing, outcome: Outcome, hear: Hear) -> None:
        match outcome:
            case Sent():
                self.end(tx, row, "sent", outcome.detail, hear)
            case Gone(reason):
                self.end(tx, row, "gone", reason, hear)
            case Failed(reason, alarm):
                self.end(tx, row, "failed", reason, hear)
                if alarm:
                    self._desk.alarm(tx, "channel_refused", row.stream, row.stream_id, once=row.channel)
            case Retry(after, reason):
                self._again(tx, row, after, reason, hear)

    def _again(self, tx: Transaction, row: Outgoing, after: Millis | None, reason: str, hear: Hear) -> None:
        ready_at = self._desk.clock.now() + (self._pause(row) if after is None else after)
        if ready_at >= self._tries_until(tx, row):
            self.end(tx, row, "failed", reason or "expired", hear)
        else:
            at = {"id": row.id, "process": self._process, "ready_at": ready_at, "reason": reason[:200]}
            tx.run(OUTGOING["retry"], at)

    def _pause(self, row: Outgoing) -> Millis:
        pause = min(BACK_OFF << min(row.attempts, 8), BACK_OFF_MOST)
        return pause + int(pause * self._jitter() / JITTER)

    def _tries_until(self, tx: Transaction, row: Outgoing) -> Millis:
        """The end of its worth, or of its own turn where something else is tried after it."""
        kind = self._desk.catalogue.notices.get(row.kind)
        until = None if kind is None or kind.tries_until is None else kind.tries_until(tx, row)
        return row.expires_at if until is None else min(until, row.expires_at)

    def end(self, tx: Transaction, row: Outgoing, state: str, reason: str = "", hear: Hear | None = None) -> None:
        """The row is done; the domain hears it, once."""
        now = self._desk.clock.now()
        if tx.run(OUTGOING["done"], {"id": row.id, "state": state, "reason": reason[:200], "now": now}):
            (hear or self._desk.reported)(tx, row, state, reason)

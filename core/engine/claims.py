"""Claims what is ready, composes it as it is true now, and drops, holds or bundles what need not leave by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple, TypeAlias

import structlog

from core.engine.catalogue import Outgoing
from core.engine.desk import Desk
from core.engine.ports import SECOND, Message, Millis, NotStored, Transaction
from core.engine.tidings import Tidings
from core.engine.turns import OUTGOING, Dealt, Flight, Room, Turns, queued

log = structlog.get_logger()
LEASE: Final = 30 * SECOND
CARRIED_MOST: Final = 500
"""So many notices at most leave as one; the rest with the next."""
NO_ROOM: Final = Room(0, 0, 0)
Compose: TypeAlias = Callable[[Transaction, Outgoing, Millis], Message | None]


class Taken(NamedTuple):
    """What a round claimed: how many rows, what flies of them, and which (line, person) had a turn, in order."""

    rows: int
    flights: Sequence[Flight]
    served: Sequence[tuple[str, str]]


class Claims:
    """One transaction's worth of claiming, for one process."""

    def __init__(self, desk: Desk, process: str, tidings: Tidings) -> None:
        self._desk = desk
        self._process = process
        self._tidings = tidings

    def take(self, tx: Transaction, room_of: Callable[[str], Room]) -> Taken:
        """Lease what is ready, as far as there is room, and compose it; what is no longer true is dropped here."""
        now = self._desk.clock.now()
        dealt = [one for channel in queued(tx) for one in Turns(tx, channel, room_of(channel), now).deal()]
        if dealt:
            tx.many(OUTGOING["claim"], [self._lease(one.row, now) for one in dealt])
        try:
            flights = tx.attempt(lambda: list(self._flights(tx, dealt, now, self._compose)))
        except NotStored:
            raise
        except Exception:  # one of them cannot be said: again, each for itself
            flights = list(self._flights(tx, dealt, now, self._compose_alone))
        return Taken(len(dealt), flights, [(one.fair, one.row.recipient) for one in dealt])

    def _lease(self, row: Outgoing, now: Millis, bundle: int | None = None) -> dict[str, object]:
        return {"id": row.id, "process": self._process, "until": now + LEASE, "now": now, "bundle": bundle}

    def _flights(self, tx: Transaction, dealt: Sequence[Dealt], now: Millis, compose: Compose) -> Iterator[Flight]:
        said: set[int] = set()
        for place, (_, row, lane) in enumerate(dealt, 1):
            if row.id in said or self._held(tx, row, now) or (message := compose(tx, row, now)) is None:
                continue
            others = list(self._others(tx, row, lane, dealt[place:], now)) if message.bundle else []
            carried = [other for other in others if compose(tx, other, now) is not None]
            if carried:
                tx.many(OUTGOING["claim"], [self._lease(other, now, row.id) for other in carried])
            said |= {other.id for other in others}
            yield Flight(row, message, lane, tuple(carried))

    def _others(
        self, tx: Transaction, leader: Outgoing, lane: str, dealt: Sequence[Dealt], now: Millis
    ) -> Iterator[Outgoing]:
        """What else is ready for the same address, claimed already or still waiting in whatever line."""
        yield from (other for _, other, _ in dealt if _same_place(leader, other))
        turns = Turns(tx, leader.channel, NO_ROOM, now)
        for fair in turns.lines(lane):
            rows = turns.rows(lane, fair, leader.recipient, CARRIED_MOST)
            yield from (other for other in rows if _same_place(leader, other))

    def _held(self, tx: Transaction, row: Outgoing, now: Millis) -> bool:
        """Quiet hours: what only informs waits for their end, the newest of a matter in the place of the older."""
        kind, quiet = self._desk.catalogue.notices.get(row.kind), self._desk.catalogue.quiet
        if kind is None or not kind.information or quiet is None:
            return False
        if (until := quiet(tx, row, now)) is None or until <= now:
            return False
        *older, newest = self._of_matter(tx, row)
        for other in older:
            self._tidings.end(tx, other, "dropped", "newer")
        tx.run(OUTGOING["hold"], {"id": newest.id, "until": until})
        return True

    def _of_matter(self, tx: Transaction, row: Outgoing) -> list[Outgoing]:
        """What waits of the same matter for the same address, the newest last; the row itself is among it."""
        matter = row.data.partition(":")[0]
        at = {"stream": row.stream, "stream_id": row.stream_id, "kind": row.kind, "recipient": row.recipient}
        where = {**at, "channel": row.channel, "address": row.address, "matter": matter, "of": f"{matter}:%"}
        return [Outgoing(*other) for other in tx.all(OUTGOING["of_matter"], where)] or [row]

    def _compose(self, tx: Transaction, row: Outgoing, now: Millis) -> Message | None:
        """The notice as it is true now; None, and the row is done, when there is nothing to say any more."""
        late = row.expires_at <= now
        message = None if late else self._desk.catalogue.notices[row.kind].compose(tx, row, now)
        if message is None:
            self._tidings.end(tx, row, "dropped")
        return message

    def _compose_alone(self, tx: Transaction, row: Outgoing, now: Millis) -> Message | None:
        """The same, but a notice that throws fails alone and is told."""
        try:
            return tx.attempt(partial(self._compose, tx, row, now))
        except NotStored:
            raise
        except Exception as error:
            log.exception("dispatch: a notice cannot be composed", kind=row.kind, error=type(error).__name__)
            self._tidings.end(tx, row, "failed", "fault")
            self._desk.alarm(tx, "notice_throws", row.stream, row.stream_id, once=row.kind)
            return None


def _same_place(one: Outgoing, other: Outgoing) -> bool:
    """Whether one notice can stand for both."""
    return (one.kind, one.recipient, one.channel, one.address) == (
        other.kind, other.recipient, other.channel, other.address,
    )  # fmt: skip

"""The one door: `handle` a command, `ask` a query, follow the `feed`. Nothing runs without an actor."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from hmac import compare_digest
from typing import Any, Final

import msgspec
import structlog
from msgspec import Struct

from core.engine.catalogue import Catalogue, Outgoing
from core.engine.counts import Counts
from core.engine.faults import Fault, to_tell, untold
from core.engine.feed import Follower, Hint
from core.engine.fitting import misfit
from core.engine.journal import SQL
from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY, SECOND, Clock, Measured, Millis, NotStored, Reader, Signals, Store, Transaction
from core.engine.verify import Told, Verified, verify
from core.engine.work import Ask, Work

log = structlog.get_logger()
REMEMBERED: Final = DAY
RECEIPT: Final = re.compile(r"([0-9]{1,18})-", re.ASCII)
BEAT_EVERY: Final = 5 * SECOND
STOPPED_AFTER: Final = 15 * SECOND
_answers = msgspec.msgpack.Decoder(Done | Refusal)
_pack = msgspec.msgpack.Encoder().encode


class Key(Struct, frozen=True):
    """An Idempotency-Key: the same key with the same body is answered, not done again."""

    value: str
    route: str
    body_hash: bytes


class Desk:
    """The desk over one store. `key` signs the journal's chain."""

    def __init__(self, store: Store, catalogue: Catalogue, clock: Clock, key: bytes) -> None:
        self.store = store
        self.catalogue = catalogue
        self.clock = clock
        self.key = key
        self.follower = Follower(store, catalogue)
        self.counts = Counts()
        self._last_at: Millis = 0
        self._woken: list[Callable[[], None]] = []
        store.on_commit(self._committed)
        if isinstance(store, Measured):
            store.measure(self.counts)

    async def start(self) -> None:
        """Read the last recorded time, so that recorded time never runs backwards."""
        await self.store.read(self.catch_up)

    def catch_up(self, tx: Reader) -> Millis:
        """The last recorded time, also by other processes; from now on nothing is recorded before it."""
        row = tx.one(SQL["journal_last_time"])
        self._last_at = max(self._last_at, row[0] if row else 0)
        return self._last_at

    async def handle(self, command: Struct, by: Any, key: Key | None = None) -> Done | Refusal:
        """Run one command durably.

        Once handed over it happens, even if the caller is cancelled (ask again: the state answers).
        Raises NotStored when nothing was written.
        """
        if self.catalogue.commands[type(command)].route is not None and (refused := misfit(command)):
            return refused
        return await self.store.write(lambda tx: self._remembered(tx, command, by, key))

    async def handle_and_show(
        self, command: Struct, by: Any, key: Key | None, shows: Callable[[Any, Done], Struct]
    ) -> tuple[Done | Refusal, Any]:
        """As `handle`, and in the same hop what it made, as it is at the commit (None: ask for it)."""
        if refused := misfit(command):
            return refused, None
        return await self.store.write(lambda tx: self._shown(tx, command, by, key, shows))

    async def ask(self, query: Struct, by: Any) -> Any:
        """Answer one query in one consistent read: the row's result, or a Refusal."""
        if refused := misfit(query):
            return refused
        row = self.catalogue.queries[type(query)]
        return await self.store.read(lambda tx: row.answer(self._ask(tx, by), query))

    def feed(self, by: Any, after: str | None = None) -> AsyncIterator[Hint]:
        """Hints that something happened which this actor may see. A hint is never the truth: read again."""
        return self.follower.follow(_somebody(by), after)

    async def receipt(self, receipt: str, state: str) -> bool:
        """A device says `shown` or `opened`; False when nobody knows this receipt."""
        return await self.store.write(lambda tx: self._receipt(tx, receipt, state))

    async def verify(self, told: Told | None = None) -> Verified:
        """Check every chain of the journal against the key, and what is always true; `told` hears the progress."""
        return await self.store.read(lambda tx: verify(tx, self.key, self.catalogue.checks, told))

    def on_wake(self, call: Callable[[], None]) -> None:
        """Call on the loop when a commit set a deadline or queued a notice."""
        self._woken.append(call)

    def work(self, tx: Transaction, by: Any) -> Work:
        """A Work at the recorded time: max(wall clock, last recorded time)."""
        wall = self.clock.now()
        self._last_at = max(self._last_at, wall)
        return Work(tx, _somebody(by), self._last_at, wall, self.catalogue, self.key, str(by))

    def run(self, tx: Transaction, command: Struct, by: Any) -> Done | Refusal:
        """Run one command inside a transaction that is open already."""
        return self.run_in(self.work(tx, by), command)

    def run_in(self, work: Work, command: Struct) -> Done | Refusal:
        """Run one command in a Work of its own."""
        outcome = work.run(command)
        work.flush()
        self._last_at = max(self._last_at, work.now)
        return (
            msgspec.structs.replace(outcome, at=work.now) if isinstance(outcome, Done) and not outcome.at else outcome
        )

    def _ask(self, tx: Reader, by: Any) -> Ask:
        return Ask(tx, _somebody(by), max(self._last_at, self.clock.now()), self.catalogue)

    def _remembered(self, tx: Transaction, command: Struct, by: Any, key: Key | None) -> Done | Refusal:
        if key is None:
            return self.run(tx, command, by)
        at = {"actor": str(by), "route": key.route, "key": key.value}
        known = tx.one(SQL["idempotency_get"], {**at, "since": self.clock.now() - REMEMBERED})
        if known is not None:
            same = bytes(known[0]) == key.body_hash
            return _answers.decode(known[1]) if same else Refusal("conflict", "idempotency_key")
        outcome = self.run(tx, command, by)
        tx.run(
            SQL["idempotency_add"],
            {**at, "body": key.body_hash, "answer": _pack(outcome), "at": self.clock.now()},
        )
        return outcome

    def _shown(
        self, tx: Transaction, command: Struct, by: Any, key: Key | None, shows: Callable[[Any, Done], Struct]
    ) -> tuple[Done | Refusal, Any]:
        outcome = self._remembered(tx, command, by, key)
        if isinstance(outcome, Refusal):
            return outcome, None
        try:
            query = shows(command, outcome)
            row = self.catalogue.queries[type(query)]
            return outcome, tx.attempt(partial(row.answer, self._ask(tx, by), query))
        except NotStored:
            raise
        except Exception as error:  # what is done is done: a view that throws undoes no command
            log.exception("desk: a view throws", command=type(command).__name__, error=type(error).__name__)
            return outcome, None

    def _receipt(self, tx: Transaction, receipt: str, state: str) -> bool:
        number = RECEIPT.match(receipt)
        row = tx.one(SQL["outgoing_by_id"], {"id": int(number[1])}) if number else None
        if row is None or not compare_digest(Outgoing(*row[:15]).receipt.encode(), receipt.encode()):
            return False
        for one in (row, *tx.all(SQL["outgoing_carried"], {"id": row[0]})):  # seen with it is what left with it
            outgoing, was, shown_at, opened_at = Outgoing(*one[:15]), one[15], one[16], one[17]
            if was != "opened" and not opened_at and not (state == "shown" and shown_at):
                tx.run(SQL["outgoing_seen"], {"id": outgoing.id, "state": state, "now": self.clock.now()})
                self.reported(tx, outgoing, state)
        return True

    def reported(self, tx: Transaction, outgoing: Outgoing, state: str, reason: str = "") -> None:
        """Let the domain hear how a message fared, in the transaction that records it.

        What it then does may throw: that is told, and undoes no record of what was sent.
        """
        try:
            tx.attempt(partial(self.hear, tx, outgoing, state, reason))
        except NotStored:
            raise
        except Exception as error:
            log.exception("desk: a report throws", kind=outgoing.kind, state=state, error=type(error).__name__)
            self.alarm(tx, "notice_throws", outgoing.stream, outgoing.stream_id, once=outgoing.kind)

    def hear(self, tx: Transaction, outgoing: Outgoing, state: str, reason: str = "") -> None:
        """The same, unguarded: what the domain throws is thrown."""
        row = self.catalogue.notices.get(outgoing.kind)
        if row is not None and row.report is not None:
            for command in row.report(outgoing, state, reason):
                self.run(tx, command, self.catalogue.system)

    def alarm(self, tx: Transaction, what: str, stream: str, stream_id: int, value: int = 0, *, once: str = "") -> None:
        """A fault of the machine itself: journalled and told by the part that registered for it.

        `once` names the thing at fault: told once an hour, since what would tell it may be what is broken. Without a
        value of its own it is counted meanwhile, and the next telling says how many there were.
        """
        fault = Fault(what, once, stream, stream_id)
        self._attempt(tx, what, lambda: self._tell_once(tx, fault, value) if once else self._tell(tx, fault, value))

    def tell_counted(self, tx: Transaction) -> None:
        """Tell the faults that were only counted since they were last told, when that is an hour ago."""
        for fault, count in untold(tx, self.clock.now()):
            self._attempt(tx, fault.what, partial(self._tell, tx, fault, count))

    def _attempt(self, tx: Transaction, what: str, tell: Callable[[], None]) -> None:
        try:
            tx.attempt(tell)
        except NotStored:
            raise
        except Exception as error:
            log.exception("desk: an alarm throws", what=what, error=type(error).__name__)

    def _tell_once(self, tx: Transaction, fault: Fault, value: int) -> None:
        if count := to_tell(tx, fault, self.clock.now(), counts=not value):
            self._tell(tx, fault, value or count)

    def _tell(self, tx: Transaction, fault: Fault, value: int) -> None:
        if self.catalogue.alarm is not None:
            work = self.work(tx, self.catalogue.system)
            self.catalogue.alarm(work, fault.what, fault.stream, fault.stream_id, value)
            work.flush()

    def _committed(self, signals: Signals) -> None:
        if signals.due is not None or signals.notices:
            for call in self._woken:
                call()
        self.follower.wake(signals.newest)


def _somebody(by: Any) -> Any:
    if by is None:
        raise TypeError("nothing runs without an actor")
    return by

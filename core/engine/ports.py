"""What the engine asks of the outside: a store, channels, a clock.

Times are integer milliseconds since the Unix epoch (UTC) everywhere in the core.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, runtime_checkable

from msgspec import Struct

from core.engine.store.sql import Statement

Millis: TypeAlias = int
Params: TypeAlias = Mapping[str, Any]
R = TypeVar("R")

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
HOUR: Millis = 60 * MINUTE
DAY: Millis = 24 * HOUR


class Clock(Protocol):
    """Two hands: the wall, which may jump, and a steady one, which may not."""

    def now(self) -> Millis:
        """Wall clock, milliseconds since the epoch."""

    def steady(self) -> Millis:
        """Monotonic milliseconds; only differences mean something."""


class Reader(Protocol):
    """One consistent view of the database, for the length of one function call."""

    memo: dict[Any, Any]
    """What this view has read already and need not read again; emptied when something of it is undone."""

    def all(self, statement: Statement, params: Params = ..., /) -> list[tuple[Any, ...]]:
        """Every row, fetched."""

    def one(self, statement: Statement, params: Params = ..., /) -> tuple[Any, ...] | None:
        """The first row, or None."""


@dataclass(slots=True)
class Signals:
    """What a transaction wants woken when it is committed: hints, never the truth."""

    due: Millis | None = None
    """The earliest deadline it set."""
    notices: bool = False
    newest: int = 0
    """The newest event's id."""


class Transaction(Reader, Protocol):
    """A write transaction. It hands out no cursor: every statement is fetched to its end."""

    signals: Signals

    def run(self, statement: Statement, params: Params = ..., /) -> int:
        """Execute; the number of rows changed."""

    def insert(self, statement: Statement, params: Params = ..., /) -> int:
        """Insert one row; its id."""

    def many(self, statement: Statement, rows: Sequence[Params], /) -> None:
        """Execute once per row."""

    def new_ids(self, counter: str, count: int = 1) -> int:
        """Reserve `count` consecutive ids of a counter; the first of them."""

    def attempt(self, work: Callable[[], R], /) -> R:
        """Run under a savepoint: an exception undoes only what `work` wrote, and passes on."""


class NotStored(Exception):
    """Nothing was written (disk full, database busy, commit failed), or nothing could be read. Safe to try again."""


class Unsure(NotStored):
    """It may be written or not: whoever was to say so went away in the middle. Look before doing it again."""


class Store(Protocol):
    """A database. Functions run whole, on one thread, without an await."""

    sweep: int
    """So many due rows to one transaction."""

    async def write(self, work: Callable[[Transaction], R]) -> R:
        """Run `work` in a durable transaction.

        Returns after the commit. Waiters are shielded: a cancelled caller revokes nothing.
        Raises NotStored when nothing was written; an exception of `work` undoes its own writes.
        """

    async def read(self, work: Callable[[Reader], R]) -> R:
        """Run `work` on a read-only connection; no read outlives the call."""

    def on_commit(self, call: Callable[[Signals], None]) -> None:
        """Call on the event loop after each commit that wrote something, with what it wants woken."""


class Meter(Protocol):
    """Hears what commits cost."""

    lost: int
    """Commits that failed."""

    def stored(self, commands: int, seconds: float) -> None:
        """One commit of so many commands."""


@runtime_checkable
class Measured(Protocol):
    """A store that tells what its commits cost."""

    def measure(self, meter: Meter) -> None:
        """Tell this one from now on, on the event loop."""


class Message(Struct, frozen=True, kw_only=True):
    """One thing to say to one address, composed just before it is sent."""

    id: int
    """The outgoing row."""
    kind: str
    """The kind of notice, e.g. `call`, `ended`, `test`."""
    recipient: str
    """Person id. For logs only; never for the wire."""
    channel: str
    """`push`, `mail` or `chat`."""
    to: Mapping[str, str]
    """push: endpoint, p256dh, auth (base64url) · mail: address."""
    language: str
    subject: str
    """Mail subject. No personal data."""
    text: str
    """Mail body, plain text. No personal data."""
    payload: bytes
    """push: the JSON of the contract, at most 3,000 bytes; empty for other channels."""
    tag: str
    """One per matter and person: newer replaces older (push Topic; mail References)."""
    urgency: Literal["high", "normal", "low"]
    expires: Millis
    """Worthless after this time: the TTL, and the end of all retries."""
    bundle: bool = False
    """It speaks for every other notice of this kind that is ready for the same address."""


class Sent(Struct, frozen=True):
    """Accepted by the service. It does not mean seen."""

    detail: str = ""


class Retry(Struct, frozen=True):
    """A passing fault; try again after so many milliseconds (None = the engine's back-off)."""

    after: Millis | None = None
    reason: str = ""


class Gone(Struct, frozen=True):
    """The address exists no more (push 404 and 410 only)."""

    reason: str = ""


class Failed(Struct, frozen=True):
    """Refused for good; `alarm` when the fault is ours (keys, settings) and admins must know."""

    reason: str = ""
    alarm: bool = False


Outcome: TypeAlias = Sent | Retry | Gone | Failed


class Channel(Protocol):
    """A wire. It never raises for what a peer does: every answer is an Outcome."""

    name: str
    room: int
    """At most so many messages at once. One person gets a quarter of it, one host half."""

    async def send(self, message: Message) -> Outcome:
        """Deliver one message within 10 seconds, or say why not."""

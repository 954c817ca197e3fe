"""The one table of what can be done and asked: commands, queries, events, notices, deadlines.

Parts register rows; web registers its API routes from them, the remote terminal calls by them, docs are
generated from them. There is no second list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from core.engine.outcome import Done, Refusal
from core.engine.ports import Message, Millis, Reader
from core.engine.verify import Check

if TYPE_CHECKING:
    from core.engine.work import Ask, Notice, Work

Verb: TypeAlias = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Run: TypeAlias = Callable[["Work", Any], Done | Refusal]
"""One whole command inside its transaction: load, decide, record."""
Answer: TypeAlias = Callable[["Ask", Any], Any]
"""One whole query inside its read: a Struct, or a Refusal."""

Sight: TypeAlias = Callable[[Reader, int], Callable[[Any], bool]]
"""Load what a stream shows of itself → whether an actor may know of it."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a command or query stands in the JSON API (below /api).

    Path fields in braces are fields of the struct; the rest of a command is the JSON body, of a query the
    query string. `shows` makes the query whose answer is the body, from the command and its Done.
    """

    method: Verb
    path: str
    status: int = 200
    shows: Callable[[Any, Done], Struct] | None = None
    renames: Mapping[str, str] = field(default_factory=dict)
    """Public name → field, where the contract's name is not the field's (e.g. `for` → `for_me`)."""


@dataclass(frozen=True, slots=True)
class CommandRow:
    """One command: how it runs and where it stands in the API (None: no route)."""

    command: type[Struct]
    run: Run
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class QueryRow:
    """One query: how it is answered, the shape of the answer, its route."""

    query: type[Struct]
    answer: Answer
    result: Any
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One kind of notice. `compose` re-reads the truth just before sending: None when it is true no more."""

    kind: str
    compose: Callable[[Reader, Outgoing, Millis], Message | None]
    report: Callable[[Outgoing, str, str], Sequence[Struct]] | None = None
    """(row, state, reason) → the commands that tell the domain how it fared, if it cares.

    state: `sent failed gone dropped shown opened`."""
    information: bool = False
    """It informs and asks nothing: quiet hours hold it, the newest of a matter only."""
    tries_until: Callable[[Reader, Outgoing], Millis | None] | None = None
    """When something else is tried in its place, so that trying again ends; None: when it expires."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One kind of deadline: which command time gives when it is due."""

    kind: str
    command: Callable[[int, Millis], Struct]
    """(ref, due) → command."""
    ahead: Callable[[Reader, Millis, int], None] | None = None
    """(reader, now, limit): read what so many due commands will look at into the reader's memo, a few statements for
    all. What is read ahead is taken once."""


class Outgoing(Struct, frozen=True):
    """One outgoing row, as the engine keeps it: a notice for one address."""

    id: int
    kind: str
    stream: str
    stream_id: int
    recipient: str
    channel: str
    address: str
    """Device id for push; empty where the person has one address."""
    about: int
    """What it is about in the domain: a call id for calls, else 0."""
    step: int
    """Index of the channel in the rung, -1 for none."""
    created_at: int
    ready_at: int
    expires_at: int
    secret: str
    """The part of its receipt that nobody guesses."""
    attempts: int = 0
    data: str = ""
    """A short code the notice kind understands (never text of people)."""

    @property
    def receipt(self) -> str:
        """What a device names to say `shown` or `opened`: the row is found by its id, the secret lets nobody guess."""
        return f"{self.id}-{self.secret}"


class Catalogue:
    """All rows of all parts, by type and by kind."""

    def __init__(self) -> None:
        self.commands: dict[type[Struct], CommandRow] = {}
        self.queries: dict[type[Struct], QueryRow] = {}
        self.notices: dict[str, NoticeRow] = {}
        self.deadlines: dict[str, DeadlineRow] = {}
        self.system: Any = "system"
        """The actor of time and of the wires; the people part sets its own."""
        self.alarm: Callable[[Work, str, str, int, int], None] | None = None
        """(work, what, stream, id, value): journal a fault of the machine and tell whoever runs the desk."""
        self.sights: dict[str, Sight] = {}
        """By kind of stream: who may learn that something happened there."""
        self.quiet: Callable[[Reader, Outgoing, Millis], Millis | None] | None = None
        """(reader, row, now): until when this person is to be left in peace, where they are."""
        self.lane: Callable[[Reader, Notice], str] = lambda tx, notice: ""
        """The host a notice goes to, where a channel has several; empty where it has one."""
        self.checks: list[Check] = []
        """What is always true of the parts' tables; `verify` asks."""
        self._guards: dict[type[Struct], list[Run]] = {}
        self._subscribers: dict[type[Struct], list[Callable[[Work, Any], None]]] = {}

    def add(self, *rows: CommandRow | QueryRow | NoticeRow | DeadlineRow) -> None:
        """Register rows; the same key twice is a ValueError."""
        for row in rows:
            match row:
                case CommandRow():
                    _put(self.commands, row.command, row)
                case QueryRow():
                    _put(self.queries, row.query, row)
                case NoticeRow():
                    _put(self.notices, row.kind, row)
                case DeadlineRow():
                    _put(self.deadlines, row.kind, row)

    def guard(self, command: type[Struct], check: Run) -> None:
        """Let an upper part forbid a lower part's command: a Refusal stops it."""
        self._guards.setdefault(command, []).append(check)

    def guards(self, command: type[Struct]) -> Iterable[Run]:
        """The guards of a command, in order of registration."""
        return self._guards.get(command, ())

    def subscribe(self, event: type[Struct], react: Callable[[Work, Any], None]) -> None:
        """Let an upper part react to a lower part's event, in the same transaction."""
        self._subscribers.setdefault(event, []).append(react)

    def subscribers(self, event: type[Struct]) -> Iterable[Callable[[Work, Any], None]]:
        """Who reacts to an event."""
        return self._subscribers.get(event, ())


def _put(table: dict[Any, Any], key: Any, row: Any) -> None:
    if key in table:
        raise ValueError(f"registered twice: {key}")
    table[key] = row

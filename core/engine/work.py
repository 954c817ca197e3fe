"""What a command works with inside its transaction, and a query inside its read."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import urandom
from typing import Any

from msgspec import Struct

from core.engine import journal
from core.engine.catalogue import Catalogue
from core.engine.outcome import Done, Refusal
from core.engine.ports import Millis, Reader, Transaction

SQL = journal.SQL
JOURNAL_ADD = SQL["journal_add"]
RECEIPT = 18
"""Bytes of chance in a receipt: nobody guesses one."""


class Notice(Struct, frozen=True, kw_only=True):
    """One thing that somebody is to be told over one channel; composed when it is sent."""

    kind: str
    recipient: str
    channel: str
    expires_at: Millis
    address: str = ""
    about: int = 0
    step: int = -1
    ready_at: Millis | None = None
    """None: at once."""
    data: str = ""
    fair: str = ""
    """The line it waits in (a team): the first of each line goes before the second of any. Empty: after all lines."""


@dataclass(slots=True)
class Stream:
    """A locked stream: its chain head grows with every recorded event."""

    kind: str
    id: int
    seq: int
    head: bytes
    dirty: bool = False


@dataclass(slots=True)
class Ask:
    """One consistent read on behalf of somebody."""

    tx: Reader
    by: Any
    now: Millis
    catalogue: Catalogue


@dataclass(slots=True)
class Work:
    """One command inside its transaction. Nothing is written to engine tables but through this."""

    tx: Transaction
    by: Any
    now: Millis
    """Recorded time: never before the last recorded one, here or in a stream that is locked."""
    wall: Millis
    """The wall clock, which may have been set back: what leaves now is ready by it."""
    catalogue: Catalogue
    key: bytes
    actor: str
    """Who gave the command, as the journal names them."""
    _streams: dict[tuple[str, int], Stream] = field(default_factory=dict)
    _newest: int = 0
    deadlines: set[tuple[str, int, str, int]] = field(default_factory=set)
    """Those that were set or cancelled: stream, its id, kind, ref."""

    def lock(self, kind: str, id_: int) -> Stream:
        """Lock the row and chain head of a stream; a new stream begins with its first event."""
        known = self._streams.get((kind, id_))
        if known is None:
            ahead = self.tx.memo.pop(("stream", kind, id_), None)
            seq, head, at = ahead or self._head(kind, id_)
            if at > self.now:  # another process has recorded here by a clock that is ahead of ours
                self.now = at
            known = self._streams[kind, id_] = Stream(kind, id_, seq, head)
        return known

    def _head(self, kind: str, id_: int) -> tuple[int, bytes, Millis]:
        row = self.tx.one(SQL["stream_head"], {"kind": kind, "id": id_})
        return (0, journal.GENESIS, 0) if row is None else (row[0], bytes(row[1]), row[2])

    def record(self, stream: Stream, *events: Struct) -> None:
        """Append events to the journal; whoever subscribed reacts in this transaction."""
        for event in events:
            self._append(stream, event)
        for event in events:
            for react in self.catalogue.subscribers(type(event)):
                react(self, event)

    def _append(self, stream: Stream, event: Struct) -> None:
        kind, data, name, id_ = journal.type_of(type(event)), journal.encode(event), stream.kind, stream.id
        seq = stream.seq = stream.seq + 1
        head = stream.head = journal.link(self.key, stream.head, name, id_, seq, self.now, self.actor, kind, data)
        stream.dirty = True
        self._newest = self.tx.insert(
            JOURNAL_ADD,
            {
                "stream": name, "stream_id": id_, "seq": seq, "at": self.now, "actor": self.actor, "type": kind,
                "data": data, "head": head,
            },
        )  # fmt: skip

    def deadline(self, stream: Stream, kind: str, ref: int, due: Millis | None) -> None:
        """Set the deadline of this kind and ref, or cancel it with None."""
        at = {"stream": stream.kind, "stream_id": stream.id, "kind": kind, "ref": ref}
        self.deadlines.add((stream.kind, stream.id, kind, ref))
        if due is None:
            self.tx.run(SQL["deadline_cancel"], at)
            return
        self.tx.run(SQL["deadline_set"], {**at, "due": due})
        stream.dirty = True  # its row is what a sweep locks
        signals = self.tx.signals
        if signals.due is None or due < signals.due:
            signals.due = due

    def notify(self, stream: Stream, *notices: Notice) -> None:
        """Queue notices; they leave after the commit, if they are still true then."""
        for notice in notices:
            self.tx.run(
                SQL["outgoing_add"],
                {
                    "kind": notice.kind, "stream": stream.kind, "stream_id": stream.id,
                    "recipient": notice.recipient, "channel": notice.channel, "address": notice.address,
                    "about": notice.about, "step": notice.step, "data": notice.data, "created_at": self.now,
                    "ready_at": self.wall if notice.ready_at is None else notice.ready_at,
                    "expires_at": notice.expires_at, "receipt": urandom(RECEIPT).hex(), "fair": notice.fair,
                    "lane": self.catalogue.lane(self.tx, notice),
                },
            )  # fmt: skip
            self.tx.signals.notices = True

    def run(self, command: Struct) -> Done | Refusal:
        """Run a command with its guards, inside this transaction."""
        for check in self.catalogue.guards(type(command)):
            verdict = check(self, command)
            if isinstance(verdict, Refusal):
                return verdict
        return self.catalogue.commands[type(command)].run(self, command)

    def flush(self) -> None:
        """Save the heads of the streams that grew."""
        for stream in self._streams.values():
            if stream.dirty:
                self.tx.run(
                    SQL["stream_save"],
                    {"kind": stream.kind, "id": stream.id, "seq": stream.seq, "head": stream.head, "at": self.now},
                )
                stream.dirty = False
        if self._newest:  # only now: what threw before is undone, and its ids are given again
            self.tx.signals.newest = self._newest

"""Whether the journal is what was written: every chain recomputed with the key, page by page, in little memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from core.engine.journal import GENESIS, SQL, link
from core.engine.ports import Reader
from core.engine.store.sql import Statement

PAGE: Final = 2_000
KEPT: Final = 1_000
"""Broken places that are named; of a wrong key every event is one."""
BEFORE: Final = -(1 << 63)
"""Below every number a row can have: what a stranger numbers oddly is looked at too."""

What: TypeAlias = Literal["edited", "gap", "stranger", "head", "holders", "unwatched"]
Told: TypeAlias = Callable[[int], None]
"""Hears how many more events were looked at."""


class Broken(Struct, frozen=True):
    """Where something does not hold.

    Of a chain: `edited` (or reordered), `gap` (removed), `stranger` (added without the key), `head` (the end does not
    fit). Of the tables beside it: `holders` (not exactly one holder at a time), `unwatched` (open, without a deadline).
    """

    stream: str
    stream_id: int
    seq: int
    what: What


Check: TypeAlias = Callable[[Reader], Iterable[Broken]]
"""What a part knows to be always true of its tables, asked in a few statements."""


class Verified(Struct, frozen=True):
    """What `verify` prints: how much holds, what does not (the first places), and the head of the whole."""

    streams: int
    events: int
    head: str
    broken: tuple[Broken, ...] = ()
    faults: int = 0
    """How many places are broken, named or not."""


class _End(NamedTuple):
    """What a stream's own row says of its last event."""

    id: int
    seq: int
    head: bytes


def verify(tx: Reader, key: bytes, checks: Iterable[Check] = (), told: Told | None = None) -> Verified:
    """Recompute every chain, in one consistent view. The global head is the hash over all stream heads in order."""
    found = _Found(key, told)
    for kind in _kinds(tx):
        for id_, end, events in _joined(_ends(tx, kind), groupby(_events(tx, kind), itemgetter(2))):
            found.chain(kind, id_, end, events)
    for check in checks:
        found.add(check(tx))
    return found.verified()


def verify_last(tx: Reader, key: bytes, count: int) -> tuple[Broken, ...]:
    """As `verify`, of the newest events alone: each fits the one before it."""
    heads: dict[tuple[str, int], bytes] = {}
    broken: list[Broken] = []
    newest = tx.all(SQL["journal_last"], {"limit": count})
    for _, stream, stream_id, seq, at, actor, kind, data, head in reversed(newest):
        before = heads.get((stream, stream_id)) or _head_before(tx, stream, stream_id, seq)
        if before is None:
            broken.append(Broken(stream, stream_id, seq - 1, "gap"))
        elif link(key, before, stream, stream_id, seq, at, actor, kind, data) != bytes(head):
            broken.append(Broken(stream, stream_id, seq, "edited"))
        heads[stream, stream_id] = bytes(head)
    return tuple(broken)


def whole_head(tx: Reader) -> str:
    """The head of the whole, as `verify` prints it, without looking at the events."""
    whole = hashlib.sha256()
    for kind in _kinds(tx):
        for end in _ends(tx, kind):
            whole.update(_line(kind, end))
    return whole.hexdigest()


class _Found:
    """What was found so far."""

    def __init__(self, key: bytes, told: Told | None) -> None:
        self._key = key
        self._told = told
        self._whole = hashlib.sha256()
        self._streams = self._events = self._faults = 0
        self._broken: list[Broken] = []

    def chain(self, kind: str, id_: int, end: _End | None, events: Iterable[tuple[Any, ...]]) -> None:
        """One stream from its first event to the end that its row names."""
        last, before, newest = 0, GENESIS, 0
        for row in events:
            if what := self._fault(row, last, before, newest):
                strange = what == "edited" and (end is None or row[3] > end.seq)
                self.add([Broken(kind, id_, last + 1 if what == "gap" else row[3], "stranger" if strange else what)])
            newest, last, before = row[0], row[3], bytes(row[8])
            self._count()
        if (last, before) != ((end.seq, end.head) if end else (0, GENESIS)):
            self.add([Broken(kind, id_, end.seq if end else last, "head")])
        if end is not None:
            self._streams += 1
            self._whole.update(_line(kind, end))

    def _fault(self, row: tuple[Any, ...], last: int, before: bytes, newest: int) -> What | None:
        id_, stream, stream_id, seq, at, actor, kind, data, head = row
        if seq != last + 1:
            return "gap"
        told_before = last > 0 and id_ < newest
        if told_before or link(self._key, before, stream, stream_id, seq, at, actor, kind, data) != bytes(head):
            return "edited"
        return None

    def add(self, broken: Iterable[Broken]) -> None:
        for one in broken:
            self._faults += 1
            if len(self._broken) < KEPT:
                self._broken.append(one)

    def _count(self) -> None:
        self._events += 1
        if self._told is not None and self._events % PAGE == 0:
            self._told(PAGE)

    def verified(self) -> Verified:
        return Verified(self._streams, self._events, self._whole.hexdigest(), tuple(self._broken), self._faults)


def _joined(
    ends: Iterator[_End], chains: Iterable[tuple[int, Iterable[tuple[Any, ...]]]]
) -> Iterator[tuple[int, _End | None, Iterable[tuple[Any, ...]]]]:
    """Streams and their events side by side, both in order of their number; either may be missing."""
    end = next(ends, None)
    for id_, events in chains:
        while end is not None and end.id < id_:
            yield end.id, end, ()
            end = next(ends, None)
        if end is not None and end.id == id_:
            yield id_, end, events
            end = next(ends, None)
        else:
            yield id_, None, events
    while end is not None:
        yield end.id, end, ()
        end = next(ends, None)


def _kinds(tx: Reader) -> list[str]:
    """Kinds of streams in the order of their letters (databases differ about it)."""
    return sorted({*_names(tx, SQL["stream_kind_after"]), *_names(tx, SQL["journal_kind_after"])})


def _names(tx: Reader, after: Statement) -> Iterator[str]:
    name = ""
    while (row := tx.one(after, {"kind": name})) and row[0] is not None:
        yield (name := row[0])


def _events(tx: Reader, kind: str) -> Iterator[tuple[Any, ...]]:
    at = {"stream": kind, "stream_id": BEFORE, "seq": BEFORE, "limit": PAGE}
    while rows := tx.all(SQL["journal_scan"], at):
        yield from rows
        at |= {"stream_id": rows[-1][2], "seq": rows[-1][3]}


def _ends(tx: Reader, kind: str) -> Iterator[_End]:
    after = BEFORE
    while rows := tx.all(SQL["stream_scan"], {"kind": kind, "id": after, "limit": PAGE}):
        for id_, seq, head in rows:
            yield _End(id_, seq, bytes(head))
        after = rows[-1][0]


def _head_before(tx: Reader, stream: str, stream_id: int, seq: int) -> bytes | None:
    if seq == 1:
        return GENESIS
    row = tx.one(SQL["journal_head_at"], {"stream": stream, "stream_id": stream_id, "seq": seq - 1})
    return None if row is None else bytes(row[0])


def _line(kind: str, end: _End) -> bytes:
    return f"{kind}\x1f{end.id}\x1f{end.seq}\x1f".encode() + end.head

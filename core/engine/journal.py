"""The journal: append-only events, chained per stream with a keyed hash.

It holds ids, codes and times; texts of people live in content rows, so they can be erased without breaking it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from core.engine.ports import Millis, Reader
from core.engine.store.sql import SqlFile

SQL: Final = SqlFile("core.engine", "engine.sql")
GENESIS: Final = b"\0" * 32
WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
PAGE: Final = 2_000
_encode: Final = msgspec.json.Encoder(order="deterministic").encode


@lru_cache(maxsize=512)
def type_of(event: type[Struct]) -> str:
    """`EscalationRaised` → `escalation_raised`: the name in the journal."""
    return WORD.sub("_", event.__name__).lower()


def encode(event: Struct) -> str:
    """The stored bytes of an event (JSON, stable)."""
    return _encode(event).decode()


def link(
    key: bytes, head: bytes, stream: str, stream_id: int, seq: int, at: Millis, actor: str, kind: str, data: str
) -> bytes:
    """The next head: HMAC-SHA256 over the head before and every stored field; no chain passes for another's."""
    text = f"{stream}\x1f{stream_id}\x1f{seq}\x1f{at}\x1f{actor}\x1f{kind}\x1f{data}"
    mac = _keyed(key).copy()
    mac.update(head + text.encode())
    return mac.digest()


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> hmac.HMAC:
    """The hash with the key worked in already; each link starts from a copy."""
    return hmac.new(key, digestmod="sha256")


class Broken(Struct, frozen=True):
    """Where a chain does not hold: `edited` (or reordered), `gap` (removed), or a `head` that does not fit."""

    stream: str
    stream_id: int
    seq: int
    what: Literal["edited", "gap", "head"]


class Verified(Struct, frozen=True):
    """What `verify` prints: how much holds, what does not, and the head of the whole."""

    streams: int
    events: int
    head: str
    broken: tuple[Broken, ...] = ()


def verify(tx: Reader, key: bytes) -> Verified:
    """Recompute every chain. The global head is the hash over all stream heads in order."""
    whole = hashlib.sha256()
    ends: dict[tuple[str, int], tuple[int, bytes]] = {}
    newest = 0
    broken: list[Broken] = []
    events = 0
    for id_, stream, stream_id, seq, at, actor, kind, data, head in _rows(tx):
        events += 1
        last, before = ends.get((stream, stream_id), (0, GENESIS))
        told_before = last > 0 and id_ < newest
        newest = id_
        if seq != last + 1:
            broken.append(Broken(stream, stream_id, last + 1, "gap"))
        elif told_before or link(key, before, stream, stream_id, seq, at, actor, kind, data) != bytes(head):
            broken.append(Broken(stream, stream_id, seq, "edited"))
        ends[stream, stream_id] = (seq, bytes(head))
    streams = 0
    for kind, id_, seq, head in _streams(tx):
        streams += 1
        if ends.pop((kind, id_), (0, GENESIS)) != (seq, bytes(head)):
            broken.append(Broken(kind, id_, seq, "head"))
        whole.update(f"{kind}\x1f{id_}\x1f{seq}\x1f".encode() + bytes(head))
    broken.extend(Broken(stream, id_, seq, "head") for (stream, id_), (seq, _) in ends.items())
    return Verified(streams, events, whole.hexdigest(), tuple(broken))


def _rows(tx: Reader) -> Iterator[tuple[Any, ...]]:
    stream, stream_id, seq = "", 0, 0
    while rows := tx.all(SQL["journal_scan"], {"stream": stream, "stream_id": stream_id, "seq": seq, "limit": PAGE}):
        yield from rows
        stream, stream_id, seq = rows[-1][1:4]


def _streams(tx: Reader) -> Iterator[tuple[Any, ...]]:
    kind, id_ = "", 0
    while rows := tx.all(SQL["stream_scan"], {"kind": kind, "id": id_, "limit": PAGE}):
        yield from rows
        kind, id_ = rows[-1][:2]

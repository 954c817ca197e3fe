"""The journal: append-only events, chained per stream with a keyed hash.

It holds ids, codes and times; texts of people live in content rows, so they can be erased without breaking it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from msgspec import Struct

from core.engine.ports import Millis
from core.engine.store.sql import SqlFile

SQL: Final = SqlFile("core.engine", "engine.sql")
GENESIS: Final = b"\0" * 32
WORD: Final = re.compile(r"(?<!^)(?=[A-Z])")
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
    return mac.finalize()


@lru_cache(maxsize=8)
def _keyed(key: bytes) -> HMAC:
    """The hash with the key worked in already; each link starts from a copy."""
    return HMAC(key, SHA256())

"""Types are worked out by one thread at a time.

msgspec works a type out when it first meets it, and keeps what it has so far on the type itself: a second thread that
meets the same type meanwhile uses it half-done, and the process dies of it (seen: SIGSEGV under load, 0.22).
"""

from __future__ import annotations

from threading import Lock
from typing import Any, Final, TypeVar

import msgspec

T = TypeVar("T")
_lock: Final = Lock()
_known: Final[set[Any]] = set()


def prepared(shape: type[T]) -> type[T]:
    """The same type, worked out with all that it is made of."""
    if shape not in _known:
        with _lock:
            msgspec.json.Decoder(shape)
            _known.add(shape)
    return shape


def decode(text: str | bytes, shape: type[T]) -> T:
    """JSON as a value of this type, on any thread. Raises msgspec.ValidationError."""
    return msgspec.json.decode(text, type=prepared(shape))

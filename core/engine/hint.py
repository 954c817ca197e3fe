"""A hint that something happened. It stands alone, so that a terminal far away knows it without the engine."""

from __future__ import annotations

from msgspec import Struct


class Hint(Struct, frozen=True):
    """Something happened. `kind` is the event's name, or `reload`: read everything anew."""

    cursor: str
    kind: str
    ticket: int | None = None

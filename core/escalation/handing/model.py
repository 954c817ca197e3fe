"""Frozen values of a handover."""

from __future__ import annotations

from msgspec import Struct


class Handover(Struct, frozen=True):
    """What somebody holds, offered to one person; `made_by` is the holder, or a supervisor while they are absent."""

    id: int
    holder: str
    to: str
    made_by: str
    at: int
    notes: str
    tickets: tuple[int, ...] = ()

"""One line of the table that `make bench` prints."""

from __future__ import annotations

from msgspec import Struct


class Row(Struct, frozen=True):
    """A figure beside the one it is compared with, both from the same run on the same machine."""

    name: str
    ours: float
    anchor: float | None
    """What a plain solution reaches, in the same unit; None when the figure stands alone."""
    unit: str
    ratio: float | None
    """ours / anchor."""
    must: str
    """The promise in words, e.g. `≥ 80 %`; empty when nothing is promised."""


def against(name: str, ours: float, anchor: float, unit: str, must: str = "") -> Row:
    """A row with its ratio."""
    return Row(name, ours, anchor, unit, ours / anchor, must)


def alone(name: str, ours: float, unit: str, must: str = "") -> Row:
    """A row that is compared with nothing but its promise."""
    return Row(name, ours, None, unit, None, must)

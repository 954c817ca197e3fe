"""What time intends with the written rules."""

from __future__ import annotations

from msgspec import Struct


class RemindOfReviews(Struct, frozen=True):
    """Time's own: a review date has come."""

    ref: int
    due: int

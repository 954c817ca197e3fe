"""What happened to the written rules themselves."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class ReviewCame(Struct, frozen=True):
    """The date has come by which somebody wanted to look at a rule or a policy again; its owner is told."""

    what: Literal["rule", "policy"]
    id: str
    day: str

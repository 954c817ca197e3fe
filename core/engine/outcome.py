"""What a command comes to: done, or a refusal. Both are values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from msgspec import Struct

Code: TypeAlias = Literal[
    "unknown", "closed", "taken", "stale", "not_allowed", "conflict", "invalid", "unauthenticated",
    "precondition_failed", "too_large", "too_many",
]  # fmt: skip


class Done(Struct, frozen=True, tag="done"):
    """It happened (or had happened before: pressing twice is one act).

    `ref` names what to show now, e.g. the number of a new ticket or the id of an escalation.
    `at` is the recorded time.
    """

    ref: int | str = 0
    at: int = 0
    again: bool = False


class Refusal(Struct, frozen=True, tag="refusal"):
    """It did not happen, and why. `detail` is a words key (`refusal.<…>`), filled with `values`.

    `field` names the field of an `invalid` input. `values` may carry holder, authority, since (ms), id.
    """

    code: Code
    detail: str = ""
    field: str | None = None
    values: Mapping[str, Any] = {}


STATUS: Final[Mapping[Code, int]] = {
    "unknown": 404, "closed": 409, "taken": 409, "stale": 409, "not_allowed": 403, "conflict": 409, "invalid": 422,
    "unauthenticated": 401, "precondition_failed": 412, "too_large": 413, "too_many": 429,
}  # fmt: skip

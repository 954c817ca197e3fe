"""What types alone cannot hold: lengths, ranges and choices, for whatever was made in code and came through no door."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct, ValidationError, convert, to_builtins

from core.engine.outcome import Refusal
from core.engine.shapes import prepared

IDS: Final = frozenset({"ticket", "escalation", "call", "task", "id"})
NO_ROW: Final = 1 << 63
"""No row of a database has a number from here on."""
FIELD: Final = re.compile(r"at `\$\.(\w+)")


def misfit(asked: Struct) -> Refusal | None:
    """Why nobody can mean this command or query; None when somebody can."""
    given = to_builtins(asked)
    for name in IDS & given.keys():
        if isinstance(given[name], int) and abs(given[name]) >= NO_ROW:
            return Refusal("unknown", "unknown")
    try:
        convert(given, prepared(type(asked)))
    except ValidationError as fault:
        field = FIELD.search(str(fault))
        return Refusal("invalid", "invalid", field.group(1) if field else None)
    return None

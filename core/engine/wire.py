"""Values on the wire: outside, times are ISO 8601 with offset; inside, integer milliseconds since the epoch.

Which names are times stands here and nowhere else; the server's doors and the remote terminal both read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final

from msgspec import Struct, convert

from core.engine.shapes import prepared

TIME: Final = re.compile(r"(?:.*_)?(?:at|due|since|until)|accept_by|next_update")
"""Public names of integer fields that are times."""
EPOCH: Final = datetime.fromtimestamp(0, UTC)
MILLISECOND: Final = timedelta(milliseconds=1)
FIRST: Final = (datetime(1, 1, 2, tzinfo=UTC) - EPOCH) // MILLISECOND
LAST: Final = (datetime(9999, 12, 30, tzinfo=UTC) - EPOCH) // MILLISECOND


def iso(ms: int) -> str:
    """`2026-11-21T14:32:00.000+00:00`."""
    return (EPOCH + ms * MILLISECOND).isoformat(timespec="milliseconds")


def millis(moment: datetime) -> int:
    """Milliseconds since the epoch; at the ends of the calendar a day further in: not every zone can say them."""
    return max(FIRST, min((moment - EPOCH) // MILLISECOND, LAST))


def is_time(name: str) -> bool:
    """Whether an integer under this public name is a time."""
    return TIME.fullmatch(name) is not None


def outside(value: Any, name: str = "") -> Any:
    """Plain data for JSON: times as text, structs as dicts under their public names."""
    if isinstance(value, int):
        return iso(value) if is_time(name) and not isinstance(value, bool) else value
    if isinstance(value, Struct):
        return {public: outside(getattr(value, inner), public) for inner, public in _names(type(value))}
    if isinstance(value, tuple | list | frozenset):
        return [outside(one, name) for one in value]
    if isinstance(value, Mapping):
        return {key: outside(one, str(key)) for key, one in value.items()}
    return value


def inside(data: Any, shape: Any) -> Any:
    """The value of a core type that `outside` wrote; msgspec.ValidationError when it does not fit."""
    return convert(_times(data, ""), prepared(shape))


def _times(data: Any, name: str) -> Any:
    if isinstance(data, dict):
        return {key: _times(one, key) for key, one in data.items()}
    if isinstance(data, list):
        return [_times(one, name) for one in data]
    return _moment(data) if isinstance(data, str) and is_time(name) else data


def _moment(text: str) -> int | str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if moment.tzinfo is None else millis(moment)


@cache
def _names(core: type[Struct]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(core.__struct_fields__, core.__struct_encode_fields__, strict=True))

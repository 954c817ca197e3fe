"""Durations as people write them in desk.toml: `90s`, `5m`, `2h`, `1d`, `1w`. In the core: milliseconds."""

from __future__ import annotations

import re
from typing import Final

UNITS: Final = {"w": 604_800_000, "d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000}
LONGEST: Final = 52 * UNITS["w"]
_WRITTEN: Final = re.compile(r"([1-9]\d{0,8})([wdhms])")


def parse(text: str) -> int:
    """Milliseconds of `90s` …, between a second and 52 weeks. ValueError for anything else."""
    match = _WRITTEN.fullmatch(text)
    if match is None or (milliseconds := int(match[1]) * UNITS[match[2]]) > LONGEST:
        raise ValueError(text)
    return milliseconds


def written(milliseconds: int) -> str:
    """The shortest way to write a duration of whole seconds: 5_400_000 → `90m`."""
    unit = next(unit for unit, size in UNITS.items() if milliseconds % size == 0)
    return f"{milliseconds // UNITS[unit]}{unit}"

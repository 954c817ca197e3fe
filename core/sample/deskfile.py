"""The text of the sample's desk.toml, as it is or in a hurry."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Final

from core.policy.durations import parse, written

NAME: Final = "desk.toml"
SPAN: Final = re.compile(r'\b((?:wait|backup_after|accept_within|hold|recall|seen_within) = )"(\w+)"')
HURRY: Final = 60
SECOND: Final = 1_000


def text(*, fast: bool = False) -> str:
    """The desk file; `fast` makes its minutes seconds."""
    whole = files("core.sample").joinpath(NAME).read_text(encoding="utf-8")
    return SPAN.sub(lambda found: f'{found[1]}"{_hurried(found[2])}"', whole) if fast else whole


def _hurried(span: str) -> str:
    return written(max(SECOND, parse(span) // HURRY // SECOND * SECOND))

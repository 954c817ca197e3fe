"""How long until: short, and calm. Seconds are shown only below two minutes, so an idle screen sends nothing."""

from __future__ import annotations

from typing import Final

from core.words import say

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
SECONDS_BELOW: Final = 2 * MINUTE
BURNS_BELOW: Final = 5 * MINUTE


def left(ms: int, language: str) -> str:
    """`1:42`, `12分`, `2時間5分`, `3日`; below zero how late: `3分超過`. At most 11 cells."""
    if ms <= -MINUTE:
        return say(language, "tui.left.late", time=_long(-ms, language, exact=False))
    if ms <= 0:
        return say(language, "tui.left.now")
    if ms < SECONDS_BELOW:
        return f"{ms // MINUTE}:{ms % MINUTE // SECOND:02}"
    return _long(ms, language)


def burns(ms: int) -> bool:
    """Whether it is due within five minutes."""
    return ms < BURNS_BELOW


def _long(ms: int, language: str, *, exact: bool = True) -> str:
    if ms < HOUR:
        return say(language, "tui.left.minutes", minutes=ms // MINUTE)
    if ms < DAY and not exact:
        return say(language, "tui.left.whole_hours", hours=ms // HOUR)
    if ms < DAY:
        return say(language, "tui.left.hours", hours=ms // HOUR, minutes=f"{ms % HOUR // MINUTE:02}")
    return say(language, "tui.left.days", days=ms // DAY)

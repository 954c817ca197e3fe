"""Every word that people read, in their language.

`say("ja", "web.calls.title")` → 「呼出」. The part of a key before its first dot names the catalogue (`web`, `tui`,
`cli`, `push`); every other key stands in `core`. Catalogues are `<language>/<catalogue>.po`, edited by hand.
"""

from __future__ import annotations

from core.words.speech import MissingWords, knows, language_of, say
from core.words.times import clock, count, countdown, date_line, date_words, day_line, span

__all__ = [
    "MissingWords",
    "clock",
    "count",
    "countdown",
    "date_line",
    "date_words",
    "day_line",
    "knows",
    "language_of",
    "say",
    "span",
]

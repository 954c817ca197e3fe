"""The timeline of a ticket as lines: one sentence an entry, texts of people below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.escalation.queries.views import Case, Entry
from tui.model.lines import Line, Tone, line
from tui.model.names import Names
from tui.model.spoken import happened
from tui.model.text import wrap

INDENT: Final = 7


def lines(case: Case, names: Names, cells: int) -> list[Line]:
    """What happened, oldest first; below the first entry what the customer wants."""
    shown: list[Line] = []
    day = ""
    for place, entry in enumerate(case.timeline):
        if (today := names.day(entry.at)) != day:
            shown.append(line((f" {today}", "quiet")))
            day = today
        shown.extend(_entry(entry, names, cells))
        if place == 0 and case.ticket.body:
            shown.extend(_text(case.ticket.body, cells))
    return shown


def _entry(entry: Entry, names: Names, cells: int) -> Iterator[Line]:
    tone: Tone = "info" if entry.kind == "comment_added" else "text"
    for place, part in enumerate(wrap(happened(entry, names), cells - INDENT)):
        head = f" {names.clock(entry.at)}" if place == 0 else ""
        yield line((f"{head:<{INDENT}}", "quiet"), (part, tone))
    if entry.text:
        yield from _text(entry.text, cells)


def _text(text: str, cells: int) -> Iterator[Line]:
    for part in wrap(text, cells - INDENT - 2):
        yield line((" " * INDENT + "| ", "quiet"), part)

"""One line of the queue: what burns, what it is, who has it."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.escalation.queries.questions import Tab
from core.escalation.queries.views import QueueRow
from core.words import knows
from tui.model import countdown
from tui.model.lines import Line, Span, Tone
from tui.model.names import Names
from tui.model.text import clean, fit, fit_right, width

TIME: Final = 10
WHAT: Final = 7
NUMBER: Final = 6
LEVEL: Final = 3
WITH: Final = 10
WITHOUT_HOLDER: Final = 80
"""Below so many cells the holder is not shown …"""
WITHOUT_LEVEL: Final = 64
"""… and below so many the level neither."""


class Columns(Struct, frozen=True):
    """Which columns stand side by side, and how wide the subject is."""

    subject: int
    level: bool
    holder: bool


def columns(cells: int) -> Columns:
    """The columns for a list of so many cells."""
    level, holder = cells >= WITHOUT_LEVEL, cells >= WITHOUT_HOLDER - 2
    used = step_cells() + 1 + NUMBER + 1 + (LEVEL + 1) * level + (WITH + 1) * holder
    return Columns(max(cells - used, 4), level, holder)


def header(names: Names, cells: int) -> Line:
    """The line above the list."""
    shown = columns(cells)
    time = fit("  " + names.say("tui.column.next"), step_cells())
    middle = " " + fit_right(names.say("tui.column.number"), NUMBER) + " "
    level = fit(names.say("tui.column.level"), LEVEL + 1) if shown.level else ""
    holder = fit(names.say("tui.column.holder"), WITH + 1) if shown.holder else ""
    return (Span(time + middle + level + holder + fit(names.say("tui.column.subject"), shown.subject), "band"),)


def step(row: QueueRow, names: Names, now: int) -> tuple[str, Tone]:
    """The first cells of a row, up to the number, and their tone."""
    if row.state == "standing":
        time = "" if row.next_at is None else countdown.left(row.next_at - now, names.language)
        return _step("!", time, names.say("tui.does.alarm")), "ember"
    if row.next_at is None:
        return _step(" ", names.clock(row.updated_at), names.say("tui.does.changed")), "quiet"
    left = row.next_at - now
    urgent = countdown.burns(left) and row.state == "calling"
    key = f"tui.does.{row.next_does}"
    what = names.say(key if knows(names.language, key) else "tui.does.other")
    return _step("!" if urgent else " ", countdown.left(left, names.language), what), "ember" if urgent else "text"


def rest(row: QueueRow, names: Names, cells: int) -> str:
    """The cells of a row from its number on."""
    shown = columns(cells)
    parts = [fit_right(str(row.number), NUMBER), " "]
    if shown.level:
        parts.append(fit("-" if row.level is None else f"L{row.level}", LEVEL + 1))
    if shown.holder:
        parts.append(fit(names.person(row.holder), WITH) + " ")
    parts.append(fit(_subject(row, names), shown.subject))
    return " " + "".join(parts)


def line(row: QueueRow, names: Names, now: int, cells: int, *, ghost: bool = False) -> Line:
    """A whole row, exactly `cells` wide. A ghost has left this tab."""
    if ghost:
        gone = _step("~", "", names.say("tui.does.gone"))
        return Span(" " + gone, "quiet"), Span(rest(row, names, cells), "quiet")
    head, tone = step(row, names, now)
    return Span(" " + head, tone), Span(rest(row, names, cells), "quiet" if row.status == "done" else "text")


def step_cells() -> int:
    """Width of the part of a row that time changes."""
    return 1 + 1 + TIME + 1 + WHAT


def empty(names: Names, tab: Tab) -> str:
    """What an empty tab says."""
    return names.say(f"tui.empty.{tab}")


def _step(mark: str, time: str, what: str) -> str:
    return mark + fit_right(time, TIME) + " " + fit(what, WHAT)


def _subject(row: QueueRow, names: Names) -> str:
    marks = [names.say("tui.mark.drill")] if row.drill else []
    marks += [names.say("tui.mark.restricted")] if row.restricted else []
    if row.severity in ("critical", "high"):
        marks.append(names.say(f"tui.severity.{row.severity}"))
    subject = clean(row.subject)
    return f"[{' '.join(marks)}] {subject}" if marks and width(subject) else subject

"""The timeline of a ticket as lines: one sentence an entry, texts of people below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from core.escalation.queries.views import Case, Entry
from core.words import knows
from tui.model.lines import Line, Tone, line
from tui.model.names import Names
from tui.model.text import clean, wrap

INDENT: Final = 7
PERSONS: Final = frozenset({"person", "to", "by", "holder", "actor"})
TIMES: Final = ("at", "by_time", "until", "since", "due")


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


def told(names: Names, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the desk as people read them: names for ids, clocks for times, words for codes."""
    return {key: _value(names, key, value) for key, value in values.items()}


def sentence(entry: Entry, names: Names) -> str:
    """What happened, in one sentence; a desk newer than this terminal may tell of things without words here."""
    key = f"timeline.{entry.kind}"
    if not knows(names.language, key):
        return clean(entry.kind)
    values = told(names, {"actor": entry.actor, "text": entry.text or "", **entry.values})
    return clean(names.say(key, **values))


def _entry(entry: Entry, names: Names, cells: int) -> Iterator[Line]:
    tone: Tone = "info" if entry.kind == "commented" else "text"
    for place, part in enumerate(wrap(sentence(entry, names), cells - INDENT)):
        head = f" {names.clock(entry.at)}" if place == 0 else ""
        yield line((f"{head:<{INDENT}}", "quiet"), (part, tone))
    if entry.text:
        yield from _text(entry.text, cells)


def _text(text: str, cells: int) -> Iterator[Line]:
    for part in wrap(text, cells - INDENT - 2):
        yield line((" " * INDENT + "| ", "quiet"), part)


def _value(names: Names, key: str, value: Any) -> Any:
    if key in PERSONS and (value is None or isinstance(value, str)):
        return names.called(value) if value is not None else names.say("tui.somebody")
    if key == "people" and not isinstance(value, str):
        return names.people(value)
    if key == "level" and isinstance(value, int):
        return names.level(value)
    if isinstance(value, int) and not isinstance(value, bool) and (key in TIMES or key.endswith(("_at", "_by"))):
        return names.clock(value)
    if isinstance(value, str) and knows(names.language, f"tui.code.{value}"):
        return names.say(f"tui.code.{value}")
    return value

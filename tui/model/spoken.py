"""Sentences out of ids, codes and times: what the timeline and a refusal say to this reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.engine.outcome import Refusal
from core.engine.wire import is_time
from core.escalation.queries.views import Case, Entry
from core.words import MissingWords, knows, span
from tui.model.names import Names
from tui.model.text import clean

PERSONS: Final = frozenset({"person", "to", "by", "holder", "before", "actor", "authority", "recorder"})
"""Values under these names are ids of persons, None for nobody or for the desk itself."""
LISTS: Final = frozenset({"people", "off", "persons"})
NOBODY: Final = frozenset({"holder", "before"})
DESK: Final = frozenset({"system", "console", None})
ARROW: Final = ("→", ">")
"""An arrow is one cell or two, as the terminal likes."""


def told(names: Names, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of the desk as people read them: names for ids, clocks for times, words for codes."""
    return {key: _value(names, key, value) for key, value in values.items()}


def happened(entry: Entry, names: Names) -> str:
    """One line of the timeline. A desk newer than this terminal may tell of things without words here."""
    values = told(names, {"actor": entry.actor, **entry.values})
    return _said(names, f"timeline.{entry.kind}", values) or clean(entry.kind)


def refused(refusal: Refusal, names: Names) -> str:
    """Why something was not done. A sentence that came over the API is shown as it came."""
    sentence = refusal.values.get("text")
    if isinstance(sentence, str):
        return clean(sentence)
    values = told(names, refusal.values)
    detail = _said(names, f"refusal.{refusal.detail.removeprefix('refusal.')}", values)
    return detail or _said(names, f"refusal.{refusal.code}", values) or names.say(f"tui.refused.{refusal.code}")


def off(why: str | None, case: Case | None, names: Names) -> str:
    """Why an act is not open now: a words key of the desk, with what is known of the ticket."""
    known: dict[str, Any] = {}
    if case is not None:
        raised = case.escalations[0].raised_at if case.escalations else case.ticket.created_at
        since = raised if why == "refusal.already_raised" else case.ticket.holder_since or raised
        known = {"holder": case.ticket.holder, "authority": case.ticket.holder, "since": since}
    return _said(names, why or "", told(names, known)) or names.say("tui.off")


def _said(names: Names, key: str, values: Mapping[str, Any]) -> str:
    """The text of a key, empty when there is none or a value for it is missing."""
    if not knows(names.language, key):
        return ""
    try:
        text = names.say(key, **values)
    except MissingWords:
        return ""
    return "" if text == key else clean(text).replace(*ARROW)


def _value(names: Names, key: str, value: Any) -> Any:
    if value is None and key in NOBODY:
        return names.say("tui.nobody_holds")
    if key in PERSONS and (value is None or isinstance(value, str)):
        return names.say("tui.desk_itself") if value in DESK else names.called(value)
    if key in LISTS and isinstance(value, tuple | list):
        return names.people(value)
    if key == "level" and isinstance(value, int):
        return names.level(value)
    if key == "late_by" and isinstance(value, int):
        return span(value, names.language)
    if isinstance(value, int) and not isinstance(value, bool) and is_time(key):
        return names.clock(value)
    if isinstance(value, str) and knows(names.language, f"code.{value}"):
        return names.say(f"code.{value}")
    return value

"""Sentences out of ids, codes and times: what the timeline and a refusal say to this reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.engine.outcome import Refusal
from core.escalation.queries.views import Case, Entry, May
from core.words import MissingWords, knows
from tui.model.names import Names
from tui.model.text import clean

ARROW: Final = ("→", ">")
"""An arrow is one cell or two, as the terminal likes."""


def happened(entry: Entry, names: Names) -> str:
    """One line of the timeline. A desk newer than this terminal may tell of things without words here."""
    return _said(names, names.line(entry.kind, entry.of), {"actor": entry.actor, **entry.values}) or clean(entry.kind)


def refused(refusal: Refusal, names: Names) -> str:
    """Why something was not done. A sentence that came over the API is shown as it came."""
    sentence = refusal.values.get("text")
    if isinstance(sentence, str):
        return clean(sentence)
    detail = _said(names, f"refusal.{refusal.detail.removeprefix('refusal.')}", refusal.values)
    return detail or _said(names, f"refusal.{refusal.code}", refusal.values) or names.say(f"tui.refused.{refusal.code}")


def off(may: May, case: Case | None, names: Names) -> str:
    """Why an act is not open now: a words key of the desk, with what the desk says to it and of the ticket."""
    known: dict[str, Any] = {}
    if case is not None:
        raised = case.escalations[0].raised_at if case.escalations else case.ticket.created_at
        since = raised if may.why == "refusal.already_raised" else case.ticket.holder_since or raised
        known = {"holder": case.ticket.holder, "authority": case.ticket.holder, "since": since}
    return _said(names, may.why or "", {**known, **may.values}) or names.say("tui.off")


def _said(names: Names, key: str, values: Mapping[str, Any]) -> str:
    """The text of a key, empty when there is none or a value for it is missing."""
    if not knows(names.language, key):
        return ""
    try:
        text = names.say(key, **names.spoken(values))
    except MissingWords:
        return ""
    return "" if text == key else clean(text).replace(*ARROW)

"""Why something was not done, in a sentence."""

from __future__ import annotations

from core.engine.outcome import Refusal
from core.words import knows
from tui.model.names import Names
from tui.model.text import clean
from tui.model.timeline import told


def refused(refusal: Refusal, names: Names) -> str:
    """The desk's own words for it; a text that came over the API is shown as it came."""
    text = refusal.values.get("text")
    if isinstance(text, str):
        return clean(text)
    for key in (refusal.detail, f"refusal.{refusal.detail}", f"refusal.{refusal.code}"):
        if "." in key and knows(names.language, key):
            return clean(names.say(key, **told(names, refusal.values)))
    return names.say(f"tui.refused.{refusal.code}")


def off(why: str | None, names: Names) -> str:
    """Why an act is off, from its words key."""
    if not why:
        return names.say("tui.off")
    return refused(Refusal("not_allowed", why), names)

"""Whole sentences for the pages: what the timeline, the next step and a rule say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.engine.ports import HOUR
from core.escalation.queries import speech
from core.escalation.queries.views import Entry, EscalationView, NextStep
from core.words import date_line, knows, say


class Speech(speech.Speech):
    """Speaks for one reader of our pages."""

    def say(self, key: str, /, **values: Any) -> str:
        """A text, its values spoken too."""
        return say(self.language, key, **self.spoken(values))

    def when(self, at: int, now: int) -> str:
        """The time of day, with the date where it is another day."""
        return self.clock(at) if abs(at - now) < 12 * HOUR else date_line(at, self.zone, self.language)

    def why(self, key: str, values: Mapping[str, Any]) -> str:
        """Why an act is not open to the reader: a words key, with what is known of the ticket."""
        full = key if knows(self.language, key) else f"refusal.{key}"
        return self.say(full if knows(self.language, full) else "refusal.not_allowed", **values)

    def source(self, code: str) -> str:
        """Where a ticket came from: a word for what we know, else as it was written."""
        key = f"web.source.{code}"
        return say(self.language, key) if knows(self.language, key) else code

    def entry(self, entry: Entry) -> str:
        """One line of the timeline."""
        return self.say(self.line(entry.kind, entry.of), **{"actor": entry.actor, **entry.values})

    def version(self, escalation: EscalationView) -> str:
        """ "v3, now v4" where the policy has changed since; else nothing."""
        policy = escalation.policy
        if policy.newest <= policy.version:
            return ""
        return self.say("web.policy.version", version=policy.version, newest=policy.newest)

    def next(self, step: NextStep | None, now: int) -> str:
        """What happens by itself, and when."""
        if step is None:
            return ""
        time = self.when(step.at, now)
        if not step.people:
            return self.say(f"web.does.{step.does}", time=time)
        return self.say(f"web.next.{step.does}", time=time, who=self.people(step.people))

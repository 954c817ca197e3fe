"""Whole sentences out of ids, codes and times: what the timeline, the next step and a refusal say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.engine.outcome import Refusal
from core.engine.wire import is_time
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.views import Entry, EscalationView, NextStep, PreviewView
from core.words import clock, date_line, knows, say, span

PERSONS: Final = frozenset({"person", "to", "by", "holder", "before", "actor", "authority", "recorder"})
"""Values under these names are ids of persons."""
LISTS: Final = frozenset({"people", "off"})
DAY: Final = 24 * 3_600_000


class Speech:
    """Speaks for one reader: their language, the desk's names and clock."""

    def __init__(self, directory: DirectoryView, language: str, me: str | None) -> None:
        self._names = {person.id: person.name for person in directory.persons}
        self._policies = {policy.id: policy.name for policy in directory.policies}
        self._levels = {level.number: level.names.get(language, "") for level in directory.levels}
        self._teams = {team.id: team.name for team in directory.teams}
        self._zone = directory.timezone
        self.language = language
        self._me = me

    def say(self, key: str, /, **values: Any) -> str:
        """A text, its values spoken too."""
        return say(self.language, key, **self.spoken(values))

    def name(self, person: str | None) -> str:
        """A person's name; the reader is "you"; nobody is the desk itself."""
        if person is None or person in ("system", "console"):
            return say(self.language, "web.desk_itself")
        if person == self._me:
            return say(self.language, "web.you")
        known = self._names.get(person)
        return say(self.language, "web.person", name=known) if known else person

    def people(self, persons: tuple[str, ...]) -> str:
        """Several names in a row."""
        return say(self.language, "web.and").join(map(self.name, persons))

    def when(self, at: int, now: int) -> str:
        """The time of day, with the date where it is another day."""
        near = abs(at - now) < DAY // 2
        return clock(at, self._zone) if near else date_line(at, self._zone, self.language)

    def spoken(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values as people read them: names for ids, clocks for times."""
        return {name: self._spoken(name, value) for name, value in values.items()}

    def refusal(self, refusal: Refusal) -> str:
        """Why it did not happen."""
        key = f"refusal.{refusal.detail or refusal.code}"
        return self.say(key if knows(self.language, key) else f"refusal.{refusal.code}", **refusal.values)

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
        return self.say(f"timeline.{entry.kind}", **{"actor": entry.actor, **entry.values})

    def because(self, escalation: EscalationView | PreviewView, rule: str | None, says: str) -> str:
        """Which rule or policy chose it."""
        kind, _, id_ = escalation.because.partition(":")
        if kind == "rule":
            return self.say("web.because.rule", name=says if id_ == rule and says else id_)
        if kind == "policy":
            return self.say("web.because.policy", name=self.policy(id_))
        return self.say("web.because.chosen", name=self.policy(escalation.policy.id))

    def policy(self, id_: str) -> str:
        """A policy's name in the reader's language."""
        names = self._policies.get(id_, {})
        return names.get(self.language) or next(iter(names.values()), id_)

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

    def level(self, number: int) -> str:
        """ "L2 section chief"."""
        return f"L{number} {self._levels.get(number, '')}".strip()

    def team(self, id_: str) -> str:
        """A team's name."""
        return self._teams.get(id_, id_)

    def _spoken(self, name: str, value: Any) -> Any:
        if value is None and name in ("holder", "before"):
            return say(self.language, "web.nobody")
        if name in PERSONS and (value is None or isinstance(value, str)):
            return self.name(value)
        if name in LISTS and isinstance(value, tuple | list):
            return self.people(tuple(value))
        if isinstance(value, str) and knows(self.language, f"code.{value}"):
            return say(self.language, f"code.{value}")
        if name == "level" and isinstance(value, int):
            return self.level(value)
        if name == "late_by" and isinstance(value, int):
            return span(value, self.language)
        if isinstance(value, int) and is_time(name):
            return clock(value, self._zone)
        return value

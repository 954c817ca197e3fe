"""Ids, codes and times as people read them: for one reader, with the desk's names and by its clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from core.engine.desk import Desk
from core.engine.outcome import Refusal
from core.engine.wire import is_time
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.questions import Directory
from core.people.model import Actor
from core.words import clock, knows, say, span

PERSONS: Final = frozenset({"person", "to", "by", "holder", "before", "actor", "authority", "recorder"})
"""Values under these names are ids of persons."""
LISTS: Final = frozenset({"people", "off"})
NOBODY: Final = frozenset({"holder", "before"})
"""Here None is nobody; under the other names it is the desk itself."""
DESK: Final = frozenset({"system", "console", None})
NOTHING_NAMED: Final = DirectoryView(
    name="", timezone="UTC", language="ja", levels=(), teams=(), persons=(), policies=()
)
"""For a sentence that names nobody, and for a reader who may know no names."""


async def sentence(desk: Desk, by: Actor, language: str, refusal: Refusal) -> str:
    """Why it did not happen, for this reader."""
    directory = await desk.ask(Directory(), by) if refusal.values else None
    known = directory if isinstance(directory, DirectoryView) else NOTHING_NAMED
    return Speech(known, language, by.person).refusal(refusal)


class Speech:
    """Speaks for one reader; `me` is whom it calls "you". An id that nobody knows stays as it is."""

    def __init__(self, directory: DirectoryView, language: str, me: str | None = None) -> None:
        self.directory = directory
        self.language = language
        self.zone = directory.timezone
        self._me = me
        self._persons = {person.id: person for person in directory.persons}
        self._teams = {team.id: team.name for team in directory.teams}
        self._levels = {level.number: level.names for level in directory.levels}
        self._policies = {policy.id: policy for policy in directory.policies}

    def called(self, id_: str) -> str:
        """A person as one speaks of them: with さん in Japanese."""
        if id_ == self._me:
            return say(self.language, "name.you")
        known = self._persons.get(id_)
        return say(self.language, "name.person", name=known.name) if known else id_

    def people(self, ids: Iterable[str]) -> str:
        """Several persons in a row."""
        return say(self.language, "name.and").join(map(self.called, ids))

    def level(self, number: int) -> str:
        """`L2 係長`."""
        return f"L{number} {self._own(self._levels.get(number, {}), '')}".rstrip()

    def team(self, id_: str) -> str:
        """A team's name."""
        return self._teams.get(id_, id_)

    def policy(self, id_: str) -> str:
        """A policy's name."""
        known = self._policies.get(id_)
        return self._own(known.name, id_) if known else id_

    def clock(self, at: int) -> str:
        """The time of day at the desk."""
        return clock(at, self.zone)

    def spoken(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of the desk as people read them; what is read as it stands stays."""
        return {name: self._spoken(name, value) for name, value in values.items()}

    def refusal(self, refusal: Refusal) -> str:
        """Why it did not happen."""
        own = f"refusal.{refusal.detail or refusal.code}"
        key = own if knows(self.language, own) else f"refusal.{refusal.code}"
        return say(self.language, key, **self.spoken(refusal.values))

    def line(self, kind: str, of: str | None = None) -> str:
        """The key of a line of the timeline; of consults and reports in their own words, where these differ."""
        own = f"timeline.{kind}.{of}"
        return own if of is not None and knows(self.language, own) else f"timeline.{kind}"

    def _own(self, texts: Mapping[str, str], otherwise: str) -> str:
        """In the reader's language; in another one where the desk has no other."""
        return texts.get(self.language) or next(iter(texts.values()), otherwise)

    def _spoken(self, name: str, value: Any) -> Any:
        if value is None and name in NOBODY:
            return say(self.language, "name.nobody")
        if name in PERSONS and value in DESK:
            return say(self.language, "name.desk")
        if name in PERSONS and isinstance(value, str):
            return self.called(value)
        if name in LISTS and isinstance(value, tuple | list):
            return self.people(value)
        if isinstance(value, str) and knows(self.language, f"code.{value}"):
            return say(self.language, f"code.{value}")
        return self._number(name, value) if isinstance(value, int) and not isinstance(value, bool) else value

    def _number(self, name: str, value: int) -> Any:
        if name == "level":
            return self.level(value)
        if name == "late_by":
            return span(value, self.language)
        return self.clock(value) if is_time(name) else value

"""Names for ids, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.escalation.queries.speech import Speech
from core.escalation.queries.views import EscalationView, PreviewView
from core.words import say
from tui.model.text import clean


class Names(Speech):
    """The directory, for one language: every method gives clean text, and the id itself where nobody knows it."""

    def say(self, key: str, /, **values: object) -> str:
        """Words of the terminal."""
        return say(self.language, key, **values)

    def person(self, id_: str | None) -> str:
        """A person's name; `-` for nobody."""
        if id_ is None:
            return "-"
        known = self._persons.get(id_)
        return clean(known.name if known else id_)

    def called(self, id_: str | None) -> str:
        """A person's name as one speaks of them: with さん in Japanese."""
        return self.say("tui.nobody") if id_ is None else clean(super().called(id_))

    def people(self, ids: Iterable[str]) -> str:
        """Several names, short."""
        return self.say("name.and").join(self.person(id_) for id_ in ids)

    def level(self, number: int) -> str:
        """`L2 係長`."""
        return clean(super().level(number))

    def team(self, id_: str | None) -> str:
        """A team's name; `-` for none."""
        return "-" if id_ is None else clean(super().team(id_))

    def policy(self, id_: str) -> str:
        """A policy's name."""
        return clean(super().policy(id_))

    def policy_levels(self, id_: str) -> tuple[int, ...]:
        """The levels of a policy's rungs, lowest first; empty for an unknown policy."""
        known = self._policies.get(id_)
        return known.levels if known else ()

    def second(self, ms: int) -> str:
        """The time of day at the desk, to the second."""
        return f"{self.clock(ms)}:{ms // 1000 % 60:02}"

    def day(self, ms: int) -> str:
        """The date at the desk, without a year: `11/21`."""
        local = datetime.fromtimestamp(ms / 1000, UTC).astimezone(ZoneInfo(self.zone))
        return f"{local.month}/{local.day}"

    def because(self, view: EscalationView | PreviewView) -> str:
        """Why it is called under this policy, in words."""
        return clean(view.says.get(self.language, view.because))

"""What the page of rules shows. Texts are in the language asked for; times are milliseconds since the epoch."""

from __future__ import annotations

from msgspec import Struct

from core.people.model import Language


class Rules(Struct, frozen=True):
    """When may I call whom? Every rule and every policy in sentences, as if somebody called at a time."""

    at: int | None = None
    """Default: now."""
    language: Language | None = None
    """Default: the reader's."""


class ReviewDate(Struct, frozen=True):
    """By when, and by whom, it is looked at again."""

    day: str
    due: bool
    owner: str | None
    """Person id; None: the admins."""


class RuleWords(Struct, frozen=True):
    """One rule, in its place: the first that fits proposes the call."""

    id: str
    says: str
    when: str
    then: str
    guidance: str
    policy: str | None
    """The policy it leads to; None: the one of the ticket's team."""
    review: ReviewDate | None = None


class Moment(Struct, frozen=True):
    """One thing that happens by itself, `after` ms from the call, `at` that time."""

    after: int
    at: int
    text: str


class RungWords(Struct, frozen=True):
    """One level of a policy; its first moment is when its turn begins."""

    level: int
    moments: tuple[Moment, ...]


class PolicyWords(Struct, frozen=True):
    """One policy: its ladder, what comes when nobody answers, and what always holds."""

    id: str
    version: int
    name: str
    rungs: tuple[RungWords, ...]
    end: tuple[Moment, ...]
    facts: tuple[str, ...]
    teams: tuple[str, ...]
    """Ids of the teams that call under it where no rule fits."""
    review: ReviewDate | None = None


class RulesView(Struct, frozen=True):
    """GET /api/rules."""

    at: int
    desk: str
    language: Language
    rules: tuple[RuleWords, ...]
    policies: tuple[PolicyWords, ...]
    notes: tuple[str, ...]
    """What holds under every policy."""

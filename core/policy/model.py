"""Frozen values of a policy and of the rules that choose one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

Via: TypeAlias = Literal["push", "mail", "chat", "phone"]
Kind: TypeAlias = Literal["takeover", "consult", "notify"]
Text: TypeAlias = Mapping[str, str]
"""Words by language: {"ja": …, "en": …}."""


class Step(Struct, frozen=True):
    """One means of contact; after `wait` ms without an answer the next one follows (None: the last)."""

    via: Via
    wait: int | None = None


class Target(Struct, frozen=True):
    """`rota:ID`, `person:ID`, `level:N` or `team:ID`."""

    kind: Literal["rota", "person", "level", "team"]
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


class Rung(Struct, frozen=True):
    """One level of a policy. Durations in milliseconds."""

    level: int
    call: tuple[Target, ...]
    channels: tuple[Step, ...]
    accept_within: int
    backup: tuple[Target, ...] = ()
    backup_after: int | None = None


class Policy(Struct, frozen=True):
    """One immutable version of an escalation policy. Durations in milliseconds."""

    id: str
    version: int
    name: Text
    rungs: tuple[Rung, ...]
    hours: Literal["always", "duty"] = "always"
    authority: Literal["joint", "passes"] = "joint"
    repeat: int = 1
    hold: int | None = 7_200_000
    """None: never asked again (written `none`)."""
    recall: int = 900_000
    seen_within: int = 60_000
    record: tuple[Literal["mail"], ...] = ()
    review_by: str | None = None
    """ISO date by which somebody looks at it again. Of what is in force, not of a version: a new date is no new one."""
    owner: str | None = None
    """Who is told on that date; None: the admins. As the date, of what is in force."""


class When(Struct, frozen=True):
    """Conditions of a rule: all given ones must match; a list means any of it."""

    category: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """Any of these in subject or text."""
    hours: Literal["any", "business", "outside"] = "any"
    """Of the desk, public holidays outside."""


class Then(Struct, frozen=True):
    """What a rule proposes; what is not given is the default."""

    kind: Kind = "takeover"
    policy: str | None = None
    level: int | None = None


class Rule(Struct, frozen=True):
    """ "When … then …", with a sentence for people and guidance for the conversation."""

    id: str
    when: When = When()
    then: Then = Then()
    says: Text = field(default_factory=dict)
    guidance: Text = field(default_factory=dict)
    """For the conversation: what to say, what not, when to end it."""
    review_by: str | None = None
    """ISO date by which somebody looks at it again."""
    owner: str | None = None
    """Who is told on that date; None: the admins."""

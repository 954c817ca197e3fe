"""A rule in sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.escalation.because import text_in
from core.escalation.plain.views import ReviewDate, RuleWords
from core.escalation.queries.speech import Speech
from core.policy.model import Rule, Then, When
from core.words import knows, say


def rule_words(speech: Speech, rule: Rule, review: ReviewDate | None) -> RuleWords:
    """When it speaks, what it proposes, what to say meanwhile."""
    language = speech.language
    return RuleWords(
        rule.id,
        text_in(language, rule.says, rule.id),
        when(speech.language, rule.when),
        then(speech, rule.then),
        text_in(language, rule.guidance, ""),
        rule.then.policy,
        review,
    )


def when(language: str, conditions: When) -> str:
    """Its conditions in one sentence; a rule without any always speaks."""
    parts = tuple(_parts(language, conditions))
    return say(language, "rules.and").join(parts) if parts else say(language, "rules.when.always")


def then(speech: Speech, proposal: Then) -> str:
    """What it proposes: which policy, from which level, of which kind."""
    language, kind = speech.language, say(speech.language, f"code.{proposal.kind}")
    level = say(language, "rules.above") if proposal.level is None else speech.level(proposal.level)
    if proposal.policy is None:
        return say(language, "rules.then.own", level=level, kind=kind)
    return say(language, "rules.then.policy", policy=speech.policy(proposal.policy), level=level, kind=kind)


def _parts(language: str, when: When) -> Iterator[str]:
    for name, values in (
        ("category", when.category),
        ("severity", tuple(_severity(language, code) for code in when.severity)),
        ("source", tuple(_source(language, code) for code in when.source)),
        ("tags", when.tags),
        ("words", when.words),
    ):
        if values:
            yield say(language, f"rules.when.{name}", values=_any_of(language, values))
    if when.hours != "any":
        yield say(language, f"rules.when.{when.hours}")


def _any_of(language: str, values: Iterable[str]) -> str:
    return say(language, "rules.or").join(say(language, "rules.value", value=value) for value in values)


def _severity(language: str, code: str) -> str:
    return say(language, f"severity.{code}")


def _source(language: str, code: str) -> str:
    key = f"code.{code}"
    return say(language, key) if knows(language, key) else code

"""Why an escalation runs under its policy, and that in words. Pure.

`rule:ID`, `policy:ID`, `chosen`, `chosen:ID`, or `report`: a promised update to the customer has not left in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from core.policy.model import Policy, Rule, Text
from core.words import say

LANGUAGES: Final = ("ja", "en")


def ruled(because: str) -> str | None:
    """The rule that spoke, whether it was followed (`rule:ID`) or not (`chosen:ID`)."""
    kind, _, id_ = because.partition(":")
    return id_ if id_ and kind in ("rule", "chosen") else None


def in_words(because: str, policy: Policy, rules: Iterable[Rule]) -> Mapping[str, str]:
    """A sentence for people, in each language; a rule that is no longer there goes by its id."""
    id_ = ruled(because)
    rule = next((one for one in rules if one.id == id_), None)
    return {language: _sentence(language, because, policy, rule) for language in LANGUAGES}


def text_in(language: str, texts: Text, otherwise: str) -> str:
    """A text in this language; in another one where the desk has no other."""
    return texts.get(language) or next(iter(texts.values()), otherwise)


def _sentence(language: str, because: str, policy: Policy, rule: Rule | None) -> str:
    kind, _, id_ = because.partition(":")
    names = {
        "policy": text_in(language, policy.name, policy.id),
        "rule": text_in(language, rule.says, rule.id) if rule else id_,
    }
    if kind == "chosen" and id_:
        return say(language, "because.otherwise", **names)
    match kind:
        case "rule":
            return say(language, "because.rule", **names)
        case "policy":
            return say(language, "because.policy", **names)
        case "report":
            return say(language, "because.report")
    return say(language, "because.chosen", **names)

"""How often a rule spoke, was followed, or was not: by month, never by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.escalation.because import ruled
from core.escalation.queries.questions import RuleReview
from core.escalation.queries.reader import asker
from core.escalation.records import SQL
from core.people.access import scopes
from core.policy.model import Text
from core.policy.records import rules_of
from core.roster.wall import instant, local

Month = tuple[str, int, int]
"""`2026-11`, and the instants (ms) at which it begins and ends at the desk."""
Spoken = Counter[tuple[str, str, bool]]
"""(rule, month, followed) → how often."""
NOT_YOURS: Final = Refusal("not_allowed", "review")


class RuleMonth(Struct, frozen=True):
    """One calendar month of the desk, `2026-11`."""

    month: str
    matched: int
    followed: int
    otherwise: int


class RuleFigures(Struct, frozen=True):
    """Of one rule: how often it spoke when somebody raised, was followed, or something else was chosen."""

    rule: str
    matched: int
    followed: int
    otherwise: int
    months: tuple[RuleMonth, ...]
    """Newest first."""
    says: Text = field(default_factory=dict)
    """Empty for a rule that is no longer there."""


class RuleReviewView(Struct, frozen=True):
    """GET /api/rules/review: rules in the order of the file, then those that are gone."""

    since: int
    until: int
    items: tuple[RuleFigures, ...]


def rule_review(ask: Ask, query: RuleReview) -> RuleReviewView | Refusal:
    """The figures of the reader's teams. Drills and restricted tickets are in none of them."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    how_far = scopes(person, "review")
    if not how_far:
        return NOT_YOURS
    teams = people.teams.keys() if "all" in how_far else people.reach(person)
    months = _months(ZoneInfo(people.settings.timezone), ask.now, query.months)
    spoken = _spoken(ask, months, frozenset(teams))
    written = {rule.id: rule.says for rule in rules_of(ask.tx)}
    gone = sorted({rule for rule, _, _ in spoken} - written.keys())
    items = tuple(_figures(id_, written.get(id_, {}), months, spoken) for id_ in (*written, *gone))
    return RuleReviewView(months[-1][1], months[0][2], items)


def _spoken(ask: Ask, months: list[Month], teams: frozenset[str]) -> Spoken:
    found: Spoken = Counter()
    for month, since, until in months:
        for because, team, times in ask.tx.all(SQL["because"], {"since": since, "until": until}):
            rule = ruled(because)
            if rule is not None and team in teams:
                found[rule, month, because.startswith("rule:")] += times
    return found


def _figures(rule: str, says: Mapping[str, str], months: list[Month], spoken: Spoken) -> RuleFigures:
    by_month = [(month, spoken[rule, month, True], spoken[rule, month, False]) for month, _, _ in months]
    followed, otherwise = sum(yes for _, yes, _ in by_month), sum(no for _, _, no in by_month)
    return RuleFigures(
        rule, followed + otherwise, followed, otherwise,
        tuple(RuleMonth(month, yes + no, yes, no) for month, yes, no in by_month), says,
    )  # fmt: skip


def _months(zone: ZoneInfo, now: int, count: int) -> list[Month]:
    """The month it is at the desk, and those before it, newest first."""
    today = local(zone, now).date()
    number = today.year * 12 + today.month - 1
    firsts = [date(at // 12, at % 12 + 1, 1) for at in range(number + 1, number - count, -1)]
    return [(f"{first:%Y-%m}", instant(zone, first, 0), instant(zone, after, 0)) for after, first in pairwise(firsts)]

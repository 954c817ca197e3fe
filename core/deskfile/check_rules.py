"""Rules that never speak or lead nowhere, policies nothing leads to, and review dates that have passed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from core.deskfile.findings import Finding
from core.deskfile.subject import Subject
from core.policy.model import Policy, Rule, Then
from core.policy.rules import covers


def rules(subject: Subject) -> Iterator[Finding]:
    """Everything there is to say about rules, and about policies as what rules lead to."""
    for number, rule in enumerate(subject.rules):
        where = f"rule:{rule.id}"
        yield from _leads_nowhere(subject, where, rule.then)
        yield from _never(subject, where, rule, subject.rules[:number])
        yield from _overdue(subject, where, rule)
    led_to = {rule.then.policy for rule in subject.rules}
    led_to |= {team.default_policy for team in subject.people.teams.values()}
    for policy in subject.policies:
        yield from _overdue(subject, f"policy:{policy.id}", policy)
        if policy.id not in led_to:
            yield subject.found("note", f"policy:{policy.id}", "unused")


def _never(subject: Subject, where: str, rule: Rule, before: Sequence[Rule]) -> Iterator[Finding]:
    shadow = next((other for other in before if covers(other.when, rule.when)), None)
    if shadow is not None:
        yield subject.found("warning", where, "never_speaks", rule=shadow.id)
    elif rule.when.hours == "outside" and not subject.people.settings.hours:
        yield subject.found("warning", where, "never_outside")


def _leads_nowhere(subject: Subject, where: str, then: Then) -> Iterator[Finding]:
    """A raise by such a rule would be refused."""
    defaults = {team.default_policy for team in subject.people.teams.values()}
    chosen = {then.policy} if then.policy else defaults
    for policy in subject.policies:
        if policy.id in chosen and then.level and all(rung.level < then.level for rung in policy.rungs):
            yield subject.found("error", where, "no_rung", level=then.level, policy=policy.id)


def _overdue(subject: Subject, where: str, of: Rule | Policy) -> Iterator[Finding]:
    if of.review_by and date.fromisoformat(of.review_by) < subject.today():
        yield subject.found("warning", where, "review_due", day=of.review_by)

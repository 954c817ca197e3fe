"""The page of rules: readable by everybody who is signed in."""

from __future__ import annotations

from typing import Final

from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.escalation.plain.policy import defaults, policy_words
from core.escalation.plain.rule import rule_words
from core.escalation.plain.views import ReviewDate, Rules, RulesView
from core.escalation.queries.around import directory
from core.escalation.queries.questions import Directory
from core.escalation.queries.reader import asker
from core.escalation.queries.speech import Speech
from core.escalation.seats import Scene
from core.escalation.world import book_of
from core.people.model import People
from core.policy.model import Policy, Rule
from core.policy.reviews import come, reviews
from core.roster.records import roster_of
from core.tickets.model import Ticket
from core.words import say

NOTES: Final = ("until", "evidence", "skipped", "never")


def rules(ask: Ask, query: Rules) -> RulesView | Refusal:
    """Every rule in its order, every policy, in the reader's language."""
    found = asker(ask)
    if isinstance(found, Refusal):
        return found
    people, person = found
    names = directory(ask, Directory())
    if isinstance(names, Refusal):
        return names
    language, at = query.language or person.language, ask.now if query.at is None else query.at
    speech, book = Speech(names, language), book_of(ask.tx)
    scene = Scene(people, roster_of(ask.tx), _no_ticket(people, person.teams))
    return RulesView(
        at,
        people.settings.name,
        language,
        tuple(rule_words(speech, rule, _review(people, rule, ask.now)) for rule in book.rules),
        tuple(
            policy_words(speech, scene, policy, at, defaults(people, policy.id), _review(people, policy, ask.now))
            for policy in book.policies.values()
        ),
        tuple(say(language, f"rules.note.{note}") for note in NOTES),
    )


def _review(people: People, of: Policy | Rule, now: int) -> ReviewDate | None:
    written = reviews((of,), ()) if isinstance(of, Policy) else reviews((), (of,))
    for one in written:
        due = bool(come((one,), people.settings.timezone, now))
        known = people.persons.get(one.owner or "")
        return ReviewDate(one.day, due, one.owner if known and known.active else None)
    return None


def _no_ticket(people: People, teams: tuple[str, ...]) -> Ticket:
    return Ticket(0, teams[0] if teams else next(iter(people.teams), ""), "new", "", "normal", "", 0, 0, 1)

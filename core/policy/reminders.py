"""Reminders of review dates: one for each date, and one message for all that came together."""

from __future__ import annotations

from functools import partial
from typing import Final

from core.engine.catalogue import Catalogue, CommandRow, DeadlineRow, NoticeRow, Outgoing
from core.engine.outcome import Done, Refusal
from core.engine.ports import Message, Millis, Reader
from core.engine.work import Work
from core.people.devices import reports
from core.people.events import DirectoryChanged
from core.people.model import SYSTEM
from core.people.notice import Wording, message
from core.people.records import people_of
from core.people.telling import quietly
from core.policy.commands import RemindOfReviews
from core.policy.events import ReviewCame
from core.policy.records import SQL, policies_of, rules_of
from core.policy.reviews import Review, come, next_at, owners, reviews
from core.words import say

STREAM: Final = "desk"
ONLY: Final = 1
"""There is one desk: one stream, one deadline for all its dates."""
DATED: Final = ("policy:", "rule:", "desk")
"""What a change must touch to move a date; the desk's zone says when its morning is."""


def register(catalogue: Catalogue, *, public_url: str) -> None:
    """Add every row of this part."""
    catalogue.add(
        CommandRow(RemindOfReviews, remind),
        DeadlineRow("review", RemindOfReviews),
        NoticeRow("review", partial(_compose, public_url=public_url), reports, information=True),
    )
    catalogue.subscribe(DirectoryChanged, plan)


def plan(work: Work, event: DirectoryChanged) -> None:
    """Rules or policies are others now: their earliest date is waited for."""
    if any(name.startswith(DATED) for name in (*event.added, *event.changed, *event.removed)):
        _wait(work, tuple(_reviews(work.tx)))


def remind(work: Work, command: RemindOfReviews) -> Done | Refusal:
    """Tell whoever looks after it; a date that was told before, or was moved, is not told again."""
    if work.by != SYSTEM:
        return Refusal("not_allowed", "system")
    people, known, told = people_of(work.tx), tuple(_reviews(work.tx)), _told(work.tx)
    due = [one for one in come(known, people.settings.timezone, work.wall) if _key(one) not in told]
    log = work.lock(STREAM, ONLY)
    work.record(log, *(ReviewCame(one.what, one.id, one.day) for one in due))
    for one in due:
        work.tx.run(SQL["review_tell"], {"kind": one.what, "id": one.id, "day": one.day})
    for person in dict.fromkeys(person for one in due for person in owners(people, one)):
        work.notify(log, *quietly(people, person, "review", work.now))
    _wait(work, known)
    return Done(len(due), again=not due)


def _wait(work: Work, known: tuple[Review, ...]) -> None:
    due = next_at(known, _told(work.tx), people_of(work.tx).settings.timezone)
    work.deadline(work.lock(STREAM, ONLY), "review", ONLY, due)


def _reviews(tx: Reader) -> list[Review]:
    return list(reviews(policies_of(tx), rules_of(tx)))


def _told(tx: Reader) -> frozenset[tuple[str, str, str]]:
    return frozenset((kind, id_, day) for kind, id_, day in tx.all(SQL["reviews_told"]))


def _key(review: Review) -> tuple[str, str, str]:
    return review.what, review.id, review.day


def _compose(tx: Reader, row: Outgoing, now: Millis, *, public_url: str) -> Message | None:
    """How many wait for this person now; none, and nothing is sent."""
    people = people_of(tx)
    person = people.persons.get(row.recipient)
    due = [one for one in come(_reviews(tx), people.settings.timezone, now) if row.recipient in owners(people, one)]
    if person is None or not due:
        return None
    words = Wording(
        title=say(person.language, "notice.review.title"),
        body=say(person.language, "notice.review.body", n=len(due)),
        path="/desk/rules",
        tag="review",
        urgency="low",
    )
    return message(people, row, words, public_url)

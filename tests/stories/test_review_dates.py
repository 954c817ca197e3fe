"""Review dates: whoever looks after a rule is told on its date, once, and never for a date that was moved."""

from __future__ import annotations

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.engine.store.sql import Statement
from core.people.model import People, Person
from core.policy.commands import RemindOfReviews
from core.policy.reviews import Review, owners
from tests.stories.desks import DESK
from tests.stories.floor import Floor, at

DATED = DESK.replace("review_by = 2027-03-31", 'owner = "hayashi"\nreview_by = 2026-11-24')
NEXT = Statement("next", "SELECT due FROM deadline WHERE kind = 'review'")
MOVED = DATED.replace("2026-11-24", "2026-11-27")
UNOWNED = DATED.replace('owner = "hayashi"\n', "")
POLICY_TOO = DATED.replace(
    'id = "complaint"\nname', 'id = "complaint"\nowner = "hayashi"\nreview_by = 2026-11-23\nname'
)


async def waits(stage: Floor) -> int | None:
    """When the owners are told next; other things of the desk may be due before."""
    row = await stage.store.read(lambda tx: tx.one(NEXT))
    return row[0] if row else None


async def test_the_owner_is_told_that_morning_and_once(stage: Floor) -> None:
    """At nine by the desk's clock, silently, and never again for the same date."""
    await stage.apply(DATED)
    assert await waits(stage) == at("09:00", "2026-11-24")
    await stage.until("08:59", "2026-11-24")
    assert stage.push.told("review") == []
    await stage.until("12:00", "2026-11-30")
    assert stage.push.told("review") == [("09:00", "hayashi")]
    assert await waits(stage) is None


async def test_without_an_owner_the_admins_are_told(stage: Floor) -> None:
    """Somebody always hears of it: who runs the desk."""
    await stage.apply(UNOWNED)
    await stage.until("09:00", "2026-11-24")
    assert {person for _, person in stage.push.told("review") + stage.mail.told("review")} == {"boss"}


def test_an_owner_who_left_is_replaced_by_the_admins() -> None:
    """A rule whose owner is here no more still has somebody who hears of it."""
    admin = Person("boss", "管理 太郎", roles=frozenset({"admin"}))
    gone = Person("ito", "伊藤 健", active=False)
    people = People(persons={"boss": admin, "ito": gone})
    assert owners(people, Review("rule", "r", "2026-11-24", "ito")) == ("boss",)
    assert owners(
        People(persons={"boss": admin, "ito": replace(gone, active=True)}), Review("rule", "r", "", "ito")
    ) == ("ito",)


async def test_what_was_slept_through_is_one_message(stage: Floor) -> None:
    """An engine that wakes days later tells all that came meanwhile in one message to each person."""
    await stage.apply(POLICY_TOO)
    stage.clock.time = at("15:00", "2026-11-26")
    await stage.settle()
    assert stage.push.told("review") == [("15:00", "hayashi")]
    body = next(message.text for _, message in stage.push.sent if message.kind == "review")
    assert "2件" in body


async def test_a_date_that_was_moved_is_not_told(stage: Floor) -> None:
    """Looked at before its day: only the new date is waited for."""
    await stage.apply(DATED)
    await stage.apply(MOVED)
    await stage.until("12:00", "2026-11-26")
    assert stage.push.told("review") == []
    await stage.until("09:00", "2026-11-27")
    assert stage.push.told("review") == [("09:00", "hayashi")]


async def test_a_date_that_was_looked_at_in_time_sends_nothing(stage: Floor) -> None:
    """Told at nine, put off before the message left: what is no longer true is dropped."""
    await stage.apply(DATED)
    stage.clock.time = at("09:00", "2026-11-24")
    await stage.timers.sweep()
    await stage.apply(MOVED)
    assert stage.push.told("review") == []


async def test_a_new_date_is_no_new_version(stage: Floor) -> None:
    """Who looks after a policy, and by when, changes nothing of what it says."""
    _, id_ = await stage.raised()
    await stage.apply(POLICY_TOO)
    policy = (await stage.escalation(id_)).policy
    assert (policy.version, policy.newest) == (1, 1)


async def test_only_time_reminds(stage: Floor) -> None:
    """A person cannot send reminders."""
    refusal = await stage.refused("boss", RemindOfReviews(1, 0))
    assert refusal == Refusal("not_allowed", "system")

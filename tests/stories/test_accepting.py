"""Accepting: from this instant the accepter is the holder, and exactly one person is."""

from __future__ import annotations

import pytest

from core.escalation.commands import AcceptEscalation, ReassignEscalation
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at

SEATED_HIGH = with_policy(
    "seated",
    rung(2, "person:kobayashi", backup="person:takahashi") + rung(3, "person:hayashi"),
    'authority = "passes"\nrepeat = 0',
)
NO_BACKUP = with_policy("alone", rung(2, "person:suzuki", backup="person:sato"), 'authority = "passes"')


async def test_acceptance_ends_every_call_and_begins_the_hold(stage: Floor) -> None:
    """All calls end, the ladder stops, and two hours later the holder will be asked."""
    number, id_ = await stage.raised()
    await stage.until("14:45")
    await stage.does("takahashi", AcceptEscalation(id_, await stage.call(id_, "takahashi")))
    view = await stage.escalation(id_)
    assert (view.state, view.holder, view.held_since) == ("accepted", "takahashi", at("14:45"))
    assert [(call.person, call.state) for call in view.calls] == [("suzuki", "overtaken"), ("takahashi", "accepted")]
    assert view.next is not None
    assert (view.next.does, view.next.at) == ("hold", at("16:45"))
    await stage.until("16:44")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:42", "takahashi")]
    assert await stage.holders(number) == [("sato", "14:32"), ("takahashi", "14:45")]


async def test_the_first_notice_still_accepts_after_the_backup_was_called(stage: Floor) -> None:
    """Under `joint` the duty accepts at 14:43 with the call of 14:32."""
    number, id_ = await stage.raised()
    first = await stage.call(id_, "suzuki")
    await stage.until("14:43")
    await stage.does("suzuki", AcceptEscalation(id_, first))
    assert (await stage.holders(number))[-1] == ("suzuki", "14:43")


async def test_the_first_notice_still_accepts_after_the_next_rung_was_called(stage: Floor) -> None:
    """Under `joint` a rung being added ends nobody's call."""
    number, id_ = await stage.raised()
    first = await stage.call(id_, "suzuki")
    await stage.until("15:10")
    await stage.does("suzuki", AcceptEscalation(id_, first))
    assert (await stage.holders(number))[-1] == ("suzuki", "15:10")


@pytest.mark.parametrize("person", ["takahashi", "hayashi", "kobayashi"])
async def test_a_supervisor_of_the_level_or_above_steps_in(stage: Floor, person: str) -> None:
    """A supervisor of the team or above it who was not called may take it."""
    number, id_ = await stage.raised()
    await stage.until("14:35")
    await stage.does(person, AcceptEscalation(id_))
    assert (await stage.holders(number))[-1] == (person, "14:35")
    line = next(line for line in (await stage.case(number)).timeline if line.kind == "escalation_accepted")
    assert line.values["stepped_in"] is True


@pytest.mark.parametrize(
    ("person", "code"),
    [
        ("sato", "not_allowed"),
        ("ito", "not_allowed"),
        ("takahashi", "not_allowed"),
        ("boss", "not_allowed"),
        ("kansa", "not_allowed"),
        ("mori", "unknown"),
        ("nobody", "unknown"),
    ],
)
async def test_nobody_else_steps_in(stage: Floor, person: str, code: str) -> None:
    """Not the raiser, not the floor, not a supervisor below the level that is called, not who only reads."""
    number, id_ = await stage.raised(level=3)
    assert (await stage.refused(person, AcceptEscalation(id_))).code == code
    assert await stage.holders(number) == [("sato", "14:32")]


async def test_authority_passes_to_the_backup(stage: Floor) -> None:
    """Under `passes` the duty's call ends when the backup is called: the answer names who decides since when."""
    _, id_ = await stage.raised(policy="outage")
    first = await stage.call(id_, "suzuki")
    await stage.until("14:38")
    fenced = await stage.refused("suzuki", AcceptEscalation(id_, first))
    assert (fenced.code, fenced.detail) == ("stale", "stale_passed")
    assert (fenced.values["authority"], fenced.values["since"]) == ("takahashi", at("14:37"))
    free = await stage.refused("suzuki", AcceptEscalation(id_))
    assert (free.code, free.values) == ("not_allowed", {"authority": "takahashi", "since": at("14:37")})


async def test_under_passes_a_new_rung_ends_the_calls_before_it(stage: Floor) -> None:
    """The backup's call ends when the next rung is called, and the answer names that rung's person."""
    _, id_ = await stage.raised(policy="outage")
    await stage.until("14:43")
    assert await stage.calling(id_) == ["hayashi"]
    refusal = await stage.refused("takahashi", AcceptEscalation(id_, await stage.call(id_, "takahashi")))
    assert (refusal.code, refusal.values["authority"]) == ("stale", "hayashi")
    assert refusal.values["since"] == at("14:42")


async def test_whom_authority_passed_from_may_step_in_again_at_the_next_rung(stage: Floor) -> None:
    """Until the next rung they may not; from then on they are a supervisor like any other."""
    await stage.apply(SEATED_HIGH)
    number, id_ = await stage.raised(policy="seated", level=2)
    await stage.until("14:40")
    assert (await stage.refused("kobayashi", AcceptEscalation(id_))).detail == "passed"
    await stage.until("14:44")
    await stage.does("kobayashi", AcceptEscalation(id_))
    assert (await stage.holders(number))[-1] == ("kobayashi", "14:44")


async def test_authority_passes_only_to_a_backup_who_was_called(stage: Floor) -> None:
    """Under `passes` a backup nobody can call takes nothing from the duty."""
    await stage.apply(NO_BACKUP)
    number, id_ = await stage.raised(policy="alone")
    await stage.until("14:40")
    await stage.does("suzuki", AcceptEscalation(id_, await stage.call(id_, "suzuki")))
    assert (await stage.holders(number))[-1] == ("suzuki", "14:40")


async def test_what_is_taken_says_by_whom_and_since_when(stage: Floor) -> None:
    """After an acceptance everybody else reads the holder and the time, whatever they answer with."""
    _, id_ = await stage.raised()
    first = await stage.call(id_, "suzuki")
    await stage.until("14:45")
    await stage.does("takahashi", AcceptEscalation(id_))
    await stage.until("14:50")
    for call in (first, None):
        refusal = await stage.refused("suzuki", AcceptEscalation(id_, call))
        assert (refusal.code, refusal.values) == ("taken", {"holder": "takahashi", "since": at("14:45")})


async def test_pressing_twice_is_one_acceptance(stage: Floor) -> None:
    """The second press is answered as the first one was, and changes nothing."""
    number, id_ = await stage.raised()
    command = AcceptEscalation(id_, await stage.call(id_, "suzuki"))
    await stage.does("suzuki", command)
    journal = (await stage.case(number)).timeline
    await stage.until("14:50")
    assert (await stage.does("suzuki", command)).again
    assert (await stage.does("suzuki", AcceptEscalation(id_))).again
    assert (await stage.case(number)).timeline == journal


async def test_a_call_is_answered_by_its_own_person(stage: Floor) -> None:
    """Somebody else's call, and a call of another escalation, are unknown."""
    _, id_ = await stage.raised()
    _, other = await stage.raised("ito")
    mine, foreign = await stage.call(id_, "suzuki"), await stage.call(other, "suzuki")
    assert (await stage.refused("takahashi", AcceptEscalation(id_, mine))).code == "unknown"
    assert (await stage.refused("suzuki", AcceptEscalation(id_, foreign))).code == "unknown"


async def test_the_holder_takes_it_back_during_a_side_call(stage: Floor) -> None:
    """Who passed it on and says "I have it" ends the side call: accepted, hold anew, the ledger as it was."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:00")
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    await stage.until("15:05")
    await stage.does("suzuki", AcceptEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.holder) == ("accepted", "suzuki")
    assert view.next is not None
    assert view.next.at == at("17:05")
    assert ("15:05", "hayashi") in stage.push.told("ended")
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32")]


async def test_the_holder_accepts_again_after_the_hold(stage: Floor) -> None:
    """Calling began again because nobody confirmed; the holder's acceptance ends it and moves nothing."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("17:05")
    assert (await stage.escalation(id_)).state == "calling"
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.escalation(id_)).state == "accepted"
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32")]


async def test_an_old_tap_confirms_nothing(stage: Floor) -> None:
    """The first acceptance sent again hours later is answered as it was; only a new answer says "still on it"."""
    _, id_ = await stage.raised()
    command = AcceptEscalation(id_, await stage.call(id_, "suzuki"))
    await stage.does("suzuki", command)
    await stage.until("17:05")
    assert (await stage.does("suzuki", command)).again
    assert (await stage.escalation(id_)).state == "calling"


async def test_somebody_else_accepts_after_the_hold(stage: Floor) -> None:
    """When the holder is silent, the acceptance of the one who is called then moves responsibility."""
    number, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("17:05")
    assert await stage.calling(id_) == ["takahashi"]
    await stage.does("takahashi", AcceptEscalation(id_))
    assert (await stage.holders(number))[-1] == ("takahashi", "17:05")
    assert ("17:05", "suzuki") in stage.push.told("ended")

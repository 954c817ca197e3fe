"""From seat to seat and rung to rung: backups, rounds, rungs that are skipped, people who go out of reach."""

from __future__ import annotations

from core.engine.outcome import Refusal
from core.escalation.commands import AcceptEscalation, RefuseEscalation
from core.tickets.commands import RestrictTicket
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at

TWICE = with_policy("twice", rung(2, "person:suzuki") + rung(3, "person:hayashi"), "repeat = 1")
ONCE = with_policy("once", rung(2, "person:suzuki") + rung(3, "person:hayashi"), "repeat = 0")
PASSES = with_policy(
    "passes",
    rung(2, "person:suzuki", backup="person:takahashi") + rung(3, "person:hayashi"),
    'authority = "passes"\nrepeat = 0',
)
NO_BACKUP = with_policy(
    "passes", rung(2, "person:suzuki", backup="person:mori") + rung(3, "person:hayashi"), 'authority = "passes"'
)
SKIPPED = with_policy("skipped", rung(2, "person:ito", backup="person:boss") + rung(3, "person:hayashi"))
NOBODY = with_policy("nobody", rung(2, "person:ito", within="30m"))


async def test_under_joint_both_may_answer(stage: Floor) -> None:
    """The backup being called ends nobody's call: the duty's first notice accepts after it."""
    number, id_ = await stage.raised()
    await stage.until("14:43")
    assert await stage.calling(id_) == ["suzuki", "takahashi"]
    await stage.does("suzuki", AcceptEscalation(id_, await stage.call(id_, "suzuki")))
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:43")]


async def test_under_passes_authority_goes_to_the_backup(stage: Floor) -> None:
    """The duty's turn ends when the backup is called; they may not step in until the next rung, and read why."""
    await stage.apply(PASSES)
    _, id_ = await stage.raised(policy="passes")
    assert (await stage.escalation(id_, "suzuki")).accept_by == at("14:37")
    assert (await stage.escalation(id_, "takahashi")).accept_by == at("14:42")
    await stage.until("14:38")
    assert await stage.calling(id_) == ["takahashi"]
    refusal = await stage.refused("suzuki", AcceptEscalation(id_))
    assert (refusal.code, refusal.values) == ("not_allowed", {"authority": "takahashi", "since": at("14:37")})
    await stage.until("14:43")
    assert await stage.calling(id_) == ["hayashi"]


async def test_under_passes_nothing_passes_to_nobody(stage: Floor) -> None:
    """The backup cannot be called: the duty's call goes on to the rung's end."""
    await stage.apply(NO_BACKUP)
    _, id_ = await stage.raised(policy="passes")
    await stage.until("14:41")
    assert await stage.calling(id_) == ["suzuki"]
    assert (await stage.escalation(id_, "suzuki")).accept_by == at("14:42")


async def test_the_ladder_is_walked_one_time_more_than_it_repeats(stage: Floor) -> None:
    """`repeat = 1`: twice through, then the alarm stands."""
    await stage.apply(TWICE)
    _, id_ = await stage.raised(policy="twice")
    await stage.until("15:12")
    assert stage.push.calls() == [
        ("14:32", "suzuki"), ("14:42", "hayashi"), ("14:52", "suzuki"), ("15:02", "hayashi"),
    ]  # fmt: skip
    assert (await stage.escalation(id_)).state == "standing"


async def test_without_repeat_once_is_all(stage: Floor) -> None:
    """`repeat = 0`: the alarm stands after the last rung's turn."""
    await stage.apply(ONCE)
    _, id_ = await stage.raised(policy="once")
    await stage.until("14:52")
    assert (await stage.escalation(id_)).state == "standing"


async def test_a_new_round_ends_the_calls_of_the_last(stage: Floor) -> None:
    """An answer to a call of the first round is told what is true now."""
    await stage.apply(TWICE)
    _, id_ = await stage.raised(policy="twice")
    old = await stage.call(id_, "suzuki")
    await stage.until("14:53")
    refusal = await stage.refused("suzuki", AcceptEscalation(id_, old))
    assert (refusal.code, refusal.detail) == ("stale", "stale_round")


async def test_who_refused_is_not_called_in_the_next_round(stage: Floor) -> None:
    """Suzuki said no in the first round; the second calls hayashi alone."""
    await stage.apply(TWICE)
    _, id_ = await stage.raised(policy="twice")
    await stage.does("suzuki", RefuseEscalation(id_))
    await stage.until("14:43")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:32", "hayashi"), ("14:42", "hayashi")]


async def test_when_everybody_refused_everybody_is_asked_once_more(stage: Floor) -> None:
    """Nobody is left who has not refused: the next round calls all of them again, then the alarm stands."""
    await stage.apply(TWICE)
    _, id_ = await stage.raised(policy="twice")
    for person in ("suzuki", "hayashi"):
        await stage.does(person, RefuseEscalation(id_))
    assert await stage.calling(id_) == ["suzuki"]
    for person in ("suzuki", "hayashi"):
        await stage.does(person, RefuseEscalation(id_))
    view = await stage.escalation(id_)
    assert view.state == "standing"
    assert stage.push.calls()[-1] == ("14:32", "hayashi")


async def test_a_rung_with_nobody_is_skipped_with_the_reason(stage: Floor) -> None:
    """At once, and the timeline names who was not called and why."""
    await stage.apply(SKIPPED)
    number, id_ = await stage.raised(policy="skipped")
    assert stage.push.calls() == [("14:32", "hayashi")]
    lines = [(line.kind, line.values) for line in (await stage.case(number)).timeline]
    assert ("left_out", {"level": 2, "person": "ito", "why": "no_channel"}) in lines
    assert ("left_out", {"level": 2, "person": "boss", "why": "no_sight"}) in lines
    ladder = (await stage.escalation(id_)).ladder
    assert [(step.level, step.note) for step in ladder[:2]] == [(2, "skipped"), (3, None)]


async def test_an_empty_ladder_is_an_alarm_at_once(stage: Floor) -> None:
    """Nobody to call at all: the alarm stands, and the supervisors of the team are called on every means they have."""
    await stage.apply(NOBODY)
    _, id_ = await stage.raised(policy="nobody")
    assert (await stage.escalation(id_)).state == "standing"
    called = {person for _, person in stage.push.calls()}
    assert called == {"suzuki", "takahashi", "hayashi", "kobayashi"}
    assert {person for _, person in stage.mail.calls()} == called


async def test_who_left_is_called_no_more_and_the_seat_passes(stage: Floor) -> None:
    """`apply` without suzuki: their call ends with the reason, backup and new duty are called, no refuser is named."""
    number, id_ = await stage.raised()
    await stage.until("14:35")
    gone = DESK.replace("suzuki", "suzumura")
    await stage.apply(gone)
    ended = {call.person: call.state for call in (await stage.escalation(id_)).calls}
    assert ended == {"suzuki": "unreachable", "takahashi": "sent", "suzumura": "sent"}
    assert stage.push.calls()[-1] == ("14:35", "takahashi")
    assert stage.mail.calls() == [("14:35", "suzumura")]
    lines = [(line.kind, line.values) for line in (await stage.case(number)).timeline]
    assert ("person_unreachable", {"person": "suzuki", "why": "inactive"}) in lines
    assert "escalation_refused" not in [kind for kind, _ in lines]


async def test_who_may_not_see_it_any_more_is_called_no_more(stage: Floor) -> None:
    """A restriction while calling: who is not on it gets nothing more; the next who is, is called."""
    number, id_ = await stage.raised()
    await stage.until("14:35")
    await stage.does("sato", RestrictTicket(number, ("sato", "hayashi")))
    assert (await stage.escalation(id_, "hayashi")).level == 3
    assert stage.push.calls()[-1] == ("14:35", "hayashi")
    assert isinstance(await stage.tries("suzuki", AcceptEscalation(id_)), Refusal)

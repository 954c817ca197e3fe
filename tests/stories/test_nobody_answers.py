"""Raised at 14:32: the duty does not answer, the backup is called, the manager is called and accepts."""

from __future__ import annotations

from msgspec.structs import replace

from core.escalation.commands import AcceptEscalation, RaiseEscalation
from core.escalation.queries.questions import Preview
from core.escalation.queries.views import LadderStep
from tests.stories.floor import Floor, at, clock_of


def plain(step: LadderStep) -> LadderStep:
    """What a preview can know of a line."""
    return replace(step, state="planned", delivery=None, chain=())


async def test_the_ladder_climbs_as_written(stage: Floor) -> None:
    """Each means, the backup and the next rung are called at the minute the policy names."""
    number = await stage.ticket()
    await stage.does("sato", RaiseEscalation(number))
    await stage.until("15:05")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:42", "takahashi"), ("15:02", "hayashi")]
    assert stage.mail.calls() == [("14:37", "suzuki"), ("14:47", "takahashi")]


async def test_acceptance_moves_responsibility(stage: Floor) -> None:
    """Until somebody accepts the raiser holds it; from the instant of acceptance the accepter does."""
    number, id_ = await stage.raised()
    await stage.until("15:05")
    before = await stage.case(number)
    assert (before.ticket.holder, before.escalations[0].state) == ("sato", "calling")
    view = await stage.escalation(id_, "hayashi")
    await stage.does("hayashi", AcceptEscalation(id_, int(view.call or 0)))
    after = await stage.case(number)
    assert (after.ticket.holder, after.ticket.holder_since) == ("hayashi", at("15:05"))
    assert after.escalations[0].state == "accepted"


async def test_everybody_who_was_called_hears_the_end_once(stage: Floor) -> None:
    """After the acceptance the called and the raiser are told silently, the accepter is not."""
    _, id_ = await stage.raised()
    await stage.until("15:05")
    await stage.does("hayashi", AcceptEscalation(id_))
    told = sorted(person for _, person in stage.push.told("ended"))
    assert told == ["sato", "suzuki", "takahashi"]
    assert {message.urgency for _, message in stage.push.sent if message.kind == "ended"} == {"low"}


async def test_the_preview_is_the_trace(stage: Floor) -> None:
    """The ladder shown before the raise is, line by line and to the minute, what then happens."""
    number = await stage.ticket()
    preview = await stage.ask("sato", Preview(ticket=number))
    done = await stage.does("sato", RaiseEscalation(number))
    await stage.until("16:30")
    trace = (await stage.escalation(int(done.ref))).ladder
    past = [plain(step) for step in trace if step.state != "planned"]
    assert past
    assert past == [plain(step) for step in preview.ladder][: len(past)]
    assert [plain(step) for step in trace] == [plain(step) for step in preview.ladder]


async def test_after_every_rung_and_round_the_alarm_stands(stage: Floor) -> None:
    """The whole ladder is walked 1 + repeat times; then the alarm stands and calls the top rung at a capped rate."""
    _, id_ = await stage.raised()
    await stage.until("17:32")
    view = await stage.escalation(id_)
    assert view.state == "standing"
    standing = next(step for step in view.ladder if step.note == "standing")
    assert clock_of(standing.at) == "17:32"
    count = len(stage.push.calls())
    await stage.until("17:47")
    assert stage.push.calls()[count:] == [("17:47", "kobayashi")]

"""What became of each message is on the ladder, station by station, for whoever may see the ticket."""

from __future__ import annotations

from core.engine.ports import Failed, Retry
from core.escalation.commands import AcceptEscalation, RefuseEscalation, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.questions import PhoneTasks
from tests.stories.floor import Floor, clock_of
from tests.stories.test_many_calls import raise_at_once, shown


async def chains(stage: Floor, id_: int) -> list[tuple[str | None, list[str]]]:
    """(channel, `station hh:mm`, …) of every line of the ladder that has a message."""
    ladder = (await stage.escalation(id_)).ladder
    return [
        (step.channel, [f"{mark.station} {clock_of(mark.at)}" if mark.at else mark.station for mark in step.chain])
        for step in ladder
        if step.chain
    ]


async def test_a_message_is_followed_from_the_queue_to_the_answer(stage: Floor) -> None:
    """Queued, sent, accepted by the service, shown, opened, answered, each with its time."""
    _, id_ = await stage.raised()
    receipt = shown(stage.push.sent[0][1])["data"]["receipt"]
    await stage.until("14:33")
    await stage.desk.receipt(receipt, "shown")
    await stage.until("14:34")
    await stage.desk.receipt(receipt, "opened")
    await stage.until("14:35")
    await stage.does("suzuki", AcceptEscalation(id_))
    assert await chains(stage, id_) == [
        ("push", ["queued 14:32", "tried 14:32", "sent 14:32", "shown 14:33", "opened 14:34", "answered 14:35"])
    ]


async def test_the_answer_stands_by_the_message_that_was_the_newest(stage: Floor) -> None:
    """Push, then mail, then a refusal: it is the mail's, and the push keeps what it came to."""
    _, id_ = await stage.raised()
    await stage.until("14:40")
    await stage.does("suzuki", RefuseEscalation(id_))
    assert (await chains(stage, id_))[:2] == [
        ("push", ["queued 14:32", "tried 14:32", "sent 14:32"]),
        ("mail", ["queued 14:37", "tried 14:37", "sent 14:37", "answered 14:40"]),
    ]


async def test_a_message_that_did_not_arrive_says_so(stage: Floor) -> None:
    """Tried, and failed; the mail beside it went its way."""
    stage.push.answers["suzuki"] = Failed("http_400")
    _, id_ = await stage.raised()
    assert await chains(stage, id_) == [
        ("push", ["queued 14:32", "tried 14:32", "failed"]),
        ("mail", ["queued 14:32", "tried 14:32", "sent 14:32"]),
    ]


async def test_a_message_that_is_tried_again_keeps_its_first_try(stage: Floor) -> None:
    """Sent two minutes after it was first tried."""
    stage.push.answers["suzuki"] = Retry(120_000, "http_503")
    _, id_ = await stage.raised()
    stage.push.answers.clear()
    await stage.until("14:34")
    assert await chains(stage, id_) == [("push", ["queued 14:32", "tried 14:32", "sent 14:34"])]


async def test_a_phone_task_has_its_stations_too(stage: Floor) -> None:
    """Offered, taken, and how the ringing ended."""
    _, id_ = await stage.raised()
    await stage.until("14:43")
    (task,) = (await stage.ask("sato", PhoneTasks())).items
    await stage.does("sato", TakePhoneTask(int(task.id)))
    assert dict(await chains(stage, id_))["phone"] == ["offered 14:42", "taken"]
    await stage.until("14:44")
    await stage.does("sato", ReportPhoneOutcome(int(task.id), "no_answer"))
    assert dict(await chains(stage, id_))["phone"] == ["offered 14:42", "no_answer 14:44"]


async def test_what_left_in_a_bundle_has_the_stations_of_the_bundle(stage: Floor) -> None:
    """Sent and shown with the notice that spoke for it."""
    ids = await raise_at_once(stage, 4)
    await stage.settle()
    bundle = next(message for _, message in stage.push.sent if message.bundle)
    await stage.desk.receipt(shown(bundle)["data"]["receipt"], "shown")
    for id_ in ids:
        assert await chains(stage, id_) == [("push", ["queued 14:32", "tried 14:32", "sent 14:32", "shown 14:32"])]

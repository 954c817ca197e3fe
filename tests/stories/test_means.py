"""While calling: one means after the other, and the next one now when there is evidence against the last."""

from __future__ import annotations

import msgspec
import pytest

from core.engine.ports import Failed, Gone, Outcome, Retry
from core.escalation.commands import RaiseEscalation, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.questions import PhoneTasks
from core.people.commands import DeviceKeys, RegisterDevice
from core.people.model import Actor
from tests.stories.desks import rung, with_policy
from tests.stories.floor import AUTH, P256DH, Floor

MAIL_ONLY = with_policy("mail", rung(2, "person:ito")).replace(
    'id = "ito"', 'id = "ito"\nemail = "ito@tsubame.example"'
)

PHONE_FIRST = with_policy(
    "phone", rung(2, "person:suzuki", within="30m", via='{ via = "phone", wait = "5m" }, { via = "mail" }')
)


async def second_device(stage: Floor, person: str) -> None:
    endpoint = f"https://fcm.googleapis.com/fcm/send/{person}-2"
    await stage.does(person, RegisterDevice(endpoint, DeviceKeys(P256DH, AUTH), "second"))


def receipts(stage: Floor, person: str) -> list[str]:
    """The receipts a person's devices were given with their calls, oldest first."""
    calls = [message for _, message in stage.push.sent if message.kind == "call" and message.recipient == person]
    return [msgspec.json.decode(message.payload)["notification"]["data"]["receipt"] for message in calls]


async def reports(stage: Floor, person: str) -> None:
    """A device of theirs has shown a notice before, so its silence will mean something."""
    number = await stage.ticket()
    await stage.does("sato", RaiseEscalation(number))
    assert await stage.desk.receipt(receipts(stage, person)[0], "shown")
    stage.push.sent.clear()
    stage.mail.sent.clear()


async def test_each_person_has_an_own_chain(stage: Floor) -> None:
    """The backup's means count from the backup's own call; the last means is followed by nothing."""
    await stage.raised()
    await stage.until("14:52")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:42", "takahashi")]
    assert stage.mail.calls() == [("14:37", "suzuki"), ("14:47", "takahashi")]
    tasks = (await stage.ask("sato", PhoneTasks())).items
    assert [(task.person, task.state) for task in tasks] == [("takahashi", "offered")]


async def test_a_means_without_an_address_is_passed_over(stage: Floor) -> None:
    """Nobody is waited for where they cannot be reached."""
    await stage.apply(MAIL_ONLY)
    await stage.raised(policy="mail")
    assert (stage.push.calls(), stage.mail.calls()) == ([], [("14:32", "ito")])


@pytest.mark.parametrize("outcome", [Gone("410"), Failed("400")])
async def test_a_push_that_cannot_arrive_is_mail_at_once(stage: Floor, outcome: Outcome) -> None:
    """404, 410 or a refusal of the push service: the next means now, and its own wait from now."""
    stage.push.answers["suzuki"] = outcome
    await stage.raised()
    assert stage.mail.calls() == [("14:32", "suzuki")]
    await stage.until("14:37")
    tasks = (await stage.ask("sato", PhoneTasks())).items
    assert [task.person for task in tasks] == ["suzuki"]


async def test_one_dead_device_of_two_proves_nothing(stage: Floor) -> None:
    """As long as one device took the push the wait goes on; the dead one is forgotten."""
    await second_device(stage, "suzuki")
    stage.push.answers["https://fcm.googleapis.com/fcm/send/suzuki"] = Gone("410")
    await stage.raised()
    assert (stage.push.calls(), stage.mail.calls()) == ([("14:32", "suzuki")], [])
    stage.push.answers["https://fcm.googleapis.com/fcm/send/suzuki-2"] = Gone("404")
    await stage.raised()
    assert stage.mail.calls() == [("14:32", "suzuki")]


async def test_two_calls_on_one_dead_device_both_go_on(stage: Floor) -> None:
    """The first push finds the device gone; the second, already queued, is not waited for either."""
    stage.push.answers["suzuki"] = Gone("410")
    for number in (await stage.ticket(), await stage.ticket()):
        await stage.desk.handle(RaiseEscalation(number), Actor("person", "sato"))
    await stage.settle()
    assert stage.mail.calls() == [("14:32", "suzuki"), ("14:32", "suzuki")]


async def test_mail_refused_for_good_is_the_phone_at_once(stage: Floor) -> None:
    """SMTP 5xx: the next means now."""
    stage.mail.answers["suzuki"] = Failed("550 no such user")
    await stage.raised()
    await stage.until("14:37")
    tasks = (await stage.ask("sato", PhoneTasks())).items
    assert [(task.person, task.offered_at) for task in tasks] == [("suzuki", stage.clock.now())]


async def test_a_passing_fault_is_tried_again_within_the_wait(stage: Floor) -> None:
    """503 is no evidence while its means still has its turn: what leaves two minutes later is the same call."""
    stage.push.answers["suzuki"] = Retry(reason="503")
    await stage.raised()
    await stage.until("14:34")
    assert stage.mail.calls() == []
    del stage.push.answers["suzuki"]
    await stage.until("14:36")
    assert (stage.push.calls(), stage.mail.calls()) == ([("14:34", "suzuki")], [])
    await stage.until("14:37")
    assert stage.mail.calls() == [("14:37", "suzuki")]


async def test_a_fault_that_outlasts_the_wait_is_evidence(stage: Floor) -> None:
    """When the next try would come after the means' turn, it has failed: the next means now, and no try after that."""
    stage.push.answers["suzuki"] = Retry(reason="503")
    number, _ = await stage.raised()
    await stage.until("14:37")
    assert stage.mail.calls() == [("14:36", "suzuki")]
    del stage.push.answers["suzuki"]
    await stage.until("14:41")
    assert stage.push.calls() == []
    failed = [line.values for line in (await stage.case(number)).timeline if line.kind == "message_failed"]
    assert [(values["via"], values["why"]) for values in failed] == [("push", "failed")]


async def test_a_service_that_asks_for_more_time_than_there_is_has_failed(stage: Floor) -> None:
    """Retry-After beyond the end of the wait: nobody waits for it in vain."""
    stage.push.answers["suzuki"] = Retry(400_000, "503")
    await stage.raised()
    assert stage.mail.calls() == [("14:32", "suzuki")]


async def test_the_last_means_is_tried_as_long_as_the_call_is_worth_anything(stage: Floor) -> None:
    """Nothing comes after it, so nothing ends its tries but the end of the turn."""
    await stage.apply(with_policy("push", rung(3, "person:hayashi", via='{ via = "push" }')))
    stage.push.answers["hayashi"] = Retry(400_000, "503")
    await stage.raised(policy="push")
    del stage.push.answers["hayashi"]
    await stage.until("14:39")
    assert stage.push.calls() == [("14:38", "hayashi")]


async def test_a_phone_task_nobody_took_is_evidence(stage: Floor) -> None:
    """After two minutes the task is off the list, and the timeline says why."""
    number, _ = await stage.raised()
    await stage.until("14:44")
    assert (await stage.ask("sato", PhoneTasks())).items == ()
    failed = [line.values for line in (await stage.case(number)).timeline if line.kind == "message_failed"]
    assert [(values["via"], values["why"]) for values in failed] == [("phone", "untaken")]


async def test_a_phone_task_somebody_took_is_left_to_them(stage: Floor) -> None:
    """Whoever rings is not interrupted: the task stays theirs while the call is open, also when the alarm stands."""
    _, id_ = await stage.raised()
    await stage.until("14:43")
    (task,) = (await stage.ask("sato", PhoneTasks())).items
    await stage.does("sato", TakePhoneTask(int(task.id)))
    await stage.until("15:30")
    (task,) = (await stage.ask("sato", PhoneTasks())).items
    assert (task.state, task.person) == ("taken", "suzuki")
    assert (await stage.escalation(id_)).level == 3


async def test_ringing_that_ends_after_the_mail_left_says_nothing_of_the_mail(stage: Floor) -> None:
    """The chain went on while somebody rang: busy is evidence against the phone, and nobody is skipped for it."""
    await stage.apply(PHONE_FIRST)
    number, id_ = await stage.raised(policy="phone")
    (task,) = (await stage.ask("sato", PhoneTasks())).items
    await stage.does("sato", TakePhoneTask(int(task.id)))
    await stage.until("14:37")
    assert stage.mail.calls() == [("14:37", "suzuki")]
    await stage.does("sato", ReportPhoneOutcome(int(task.id), "busy"))
    failed = [line.values for line in (await stage.case(number)).timeline if line.kind == "message_failed"]
    assert [(values["via"], values["why"]) for values in failed] == [("phone", "busy")]
    assert await stage.calling(id_) == ["suzuki"]


async def test_silence_of_a_device_that_reports_is_evidence(stage: Floor) -> None:
    """Not shown within `seen_within` (1 min): mail now, and the phone five minutes after the mail."""
    await reports(stage, "suzuki")
    await stage.raised()
    await stage.until("14:33")
    assert stage.mail.calls() == [("14:33", "suzuki")]
    await stage.until("14:38")
    assert [task.person for task in (await stage.ask("sato", PhoneTasks())).items] == ["suzuki"]


async def test_shown_in_time_is_no_evidence(stage: Floor) -> None:
    """A receipt within the minute: the wait goes on as written."""
    await reports(stage, "suzuki")
    await stage.raised()
    await stage.desk.receipt(receipts(stage, "suzuki")[0], "shown")
    await stage.until("14:36")
    assert stage.mail.calls() == []


async def test_one_device_that_showed_it_speaks_for_all(stage: Floor) -> None:
    """The person has it before their eyes: what their other device says or does not say changes nothing."""
    await reports(stage, "suzuki")
    await second_device(stage, "suzuki")
    await reports_on_both(stage)
    stage.push.answers["https://fcm.googleapis.com/fcm/send/suzuki-2"] = Retry(20_000, "503")
    number = await stage.ticket()
    await stage.does("sato", RaiseEscalation(number))
    await stage.desk.receipt(receipts(stage, "suzuki")[-1], "shown")
    stage.push.answers.clear()
    stage.mail.sent.clear()
    await stage.until("14:36")
    assert stage.mail.calls() == []


async def reports_on_both(stage: Floor) -> None:
    number = await stage.ticket()
    await stage.does("sato", RaiseEscalation(number))
    for receipt in receipts(stage, "suzuki"):
        await stage.desk.receipt(receipt, "shown")
    stage.push.sent.clear()


async def test_silence_of_a_device_that_never_reported_means_nothing(stage: Floor) -> None:
    """Without knowing that it sends receipts nobody concludes anything."""
    await stage.raised()
    await stage.until("14:36")
    assert stage.mail.calls() == []


async def test_when_every_means_to_everybody_failed_the_next_rung_is_called_now(stage: Floor) -> None:
    """Duty and backup cannot be reached at all: the manager is called after the two phone tasks nobody took."""
    for wire in (stage.push, stage.mail):
        wire.answers |= {"suzuki": Failed("no"), "takahashi": Failed("no")}
    await stage.raised()
    await stage.until("14:36")
    assert [call for call in stage.push.calls() if call[1] == "hayashi"] == [("14:36", "hayashi")]


async def test_fallbacks_keep_the_same_tag(stage: Floor) -> None:
    """What comes later takes the earlier one's place, on every means and until the end."""
    _, id_ = await stage.raised()
    await stage.until("17:50")
    tags = {message.tag for _, message in (*stage.push.sent, *stage.mail.sent) if message.recipient == "kobayashi"}
    assert tags == {f"escalation-{id_}-kobayashi"}

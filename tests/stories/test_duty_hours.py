"""Who is on duty while the ladder calls, and policies that wait for the first shift."""

from __future__ import annotations

from core.escalation.commands import AcceptEscalation, RefuseEscalation
from core.escalation.queries.questions import Preview
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at, clock_of

NEXT_DAY = "2026-11-21"
TOMORROW = 'shifts = [{ days = "mon-sun", from = "09:00", to = "12:00", people = ["suzuki"] }]'
MORNINGS = f'\n[[rota]]\nid = "mornings"\n{TOMORROW}\n'
PUSH = '{ via = "push", wait = "5m" }, { via = "mail" }'
ROTA = rung(2, "rota:l2", backup="person:kobayashi", after="20m", within="30m", via=PUSH) + rung(3, "person:hayashi")
CHANGING = with_policy("changing", ROTA)
PASSING = with_policy("passing", ROTA, 'authority = "passes"')
BACKED = with_policy("backed", rung(2, "person:hayashi", backup="rota:l2", after="5m", within="30m", via=PUSH))
OFFICE = with_policy("office", rung(2, "rota:mornings", within="30m") + rung(3, "person:hayashi"), 'hours = "duty"')
EITHER = with_policy(
    "either", rung(2, "rota:mornings", backup="person:ito") + rung(3, "person:hayashi"), 'hours = "duty"'
)


async def test_who_comes_on_duty_gets_a_full_chain(stage: Floor) -> None:
    """Takahashi comes at 18:00: push at once, mail five minutes later; suzuki gets nothing more, and may accept."""
    await stage.apply(CHANGING)
    await stage.until("17:57")
    _, id_ = await stage.raised(policy="changing")
    await stage.until("18:05")
    assert stage.push.calls() == [("17:57", "suzuki"), ("18:00", "takahashi")]
    assert stage.mail.calls() == [("18:05", "takahashi")]
    await stage.does("suzuki", AcceptEscalation(id_, await stage.call(id_, "suzuki")))
    assert (await stage.escalation(id_)).held_by == "suzuki"


async def test_deadlines_stay_where_a_wait_is_left(stage: Floor) -> None:
    """The rung ends when it would have: there is time enough for who came."""
    await stage.apply(CHANGING)
    await stage.until("17:57")
    _, id_ = await stage.raised(policy="changing")
    await stage.until("18:01")
    assert clock_of((await stage.escalation(id_)).accept_by or 0) == "18:27"


async def test_deadlines_move_only_to_leave_one_wait(stage: Floor) -> None:
    """Two minutes before the end of the rung duty changes: the rung ends three minutes later than planned."""
    await stage.apply(CHANGING)
    await stage.until("17:32")
    _, id_ = await stage.raised(policy="changing")
    await stage.until("18:00")
    assert clock_of((await stage.escalation(id_)).accept_by or 0) == "18:05"
    await stage.until("18:05")
    assert stage.push.calls()[-2:] == [("18:00", "takahashi"), ("18:05", "hayashi")]


async def test_under_passes_the_turn_of_who_comes_is_one_wait_too(stage: Floor) -> None:
    """Authority passes to the backup only after who came on duty had their wait."""
    await stage.apply(PASSING)
    await stage.until("17:42")
    await stage.raised(policy="passing")
    await stage.until("18:06")
    assert stage.push.calls() == [("17:42", "suzuki"), ("18:00", "takahashi"), ("18:05", "kobayashi")]


async def test_under_passes_nobody_comes_on_duty_once_authority_has_passed(stage: Floor) -> None:
    """The backup decides until the next rung."""
    await stage.apply(PASSING)
    await stage.until("17:35")
    _, id_ = await stage.raised(policy="passing")
    await stage.until("18:01")
    assert await stage.calling(id_) == ["kobayashi"]


async def test_duty_of_the_backup_changes_too(stage: Floor) -> None:
    """The backup seat is a rota: who comes on is called, who went off gets no mail any more."""
    await stage.apply(BACKED)
    await stage.until("17:53")
    _, id_ = await stage.raised(policy="backed")
    await stage.until("18:10")
    assert stage.push.calls() == [("17:53", "hayashi"), ("17:58", "suzuki"), ("18:00", "takahashi")]
    assert stage.mail.calls() == [("17:58", "hayashi"), ("18:05", "takahashi")]
    assert await stage.calling(id_) == ["hayashi", "suzuki", "takahashi"]


async def test_a_new_plan_of_duty_is_a_change_of_duty(stage: Floor) -> None:
    """`apply` puts takahashi on duty now: called at once, not at the next change of the old plan."""
    await stage.apply(CHANGING)
    _, id_ = await stage.raised(policy="changing")
    await stage.until("14:34")
    await stage.apply(CHANGING.replace('people = ["suzuki"]', 'people = ["takahashi"]'))
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:34", "takahashi")]
    assert await stage.calling(id_) == ["suzuki", "takahashi"]


async def test_outside_the_hours_the_rung_waits_for_its_first_shift(stage: Floor) -> None:
    """It says who is called when; nobody is called before, and the chain begins with the shift."""
    await stage.apply(OFFICE + MORNINGS)
    number, id_ = await stage.raised(policy="office")
    view = await stage.escalation(id_)
    assert (view.state, view.next.at if view.next else 0) == ("calling", at("09:00", NEXT_DAY))
    assert view.next is not None
    assert view.next.people == ("suzuki",)
    waits = [line.values for line in (await stage.case(number)).timeline if line.kind == "waits_for_duty"]
    assert [line["until"] for line in waits] == [at("09:00", NEXT_DAY)]
    await stage.until("09:00", NEXT_DAY)
    assert stage.push.calls() == [("09:00", "suzuki")]
    await stage.until("09:31", NEXT_DAY)
    assert stage.push.calls()[-1] == ("09:30", "hayashi")


async def test_the_preview_says_when_the_shift_begins(stage: Floor) -> None:
    """Before the raise the sheet shows the call of tomorrow morning."""
    await stage.apply(OFFICE + MORNINGS)
    preview = await stage.ask("sato", Preview(policy="office"))
    assert [(step.at, step.note) for step in preview.ladder[:2]] == [
        (at("09:00", NEXT_DAY), "waits_for_duty"),
        (at("09:00", NEXT_DAY), None),
    ]


async def test_on_duty_and_refused_is_not_outside_the_hours(stage: Floor) -> None:
    """Who is on shift said no: the ladder climbs, also in the second round, and waits for no other day."""
    await stage.apply(OFFICE + MORNINGS.replace("12:00", "18:00"))
    _, id_ = await stage.raised(policy="office")
    await stage.does("suzuki", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["hayashi"]
    await stage.until("14:42")
    view = await stage.escalation(id_)
    assert (view.state, await stage.calling(id_)) == ("calling", ["hayashi"])


async def test_a_backup_who_cannot_be_called_does_not_end_the_wait(stage: Floor) -> None:
    """Nobody is on shift, and the backup cannot be reached: the rung waits for its shift."""
    await stage.apply(EITHER + MORNINGS)
    _, id_ = await stage.raised(policy="either")
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.level, view.next.at) == (2, at("09:00", NEXT_DAY))


async def test_a_shift_that_is_brought_forward_is_called_then(stage: Floor) -> None:
    """A rung that waits for tomorrow looks again when the plan of duty is rewritten."""
    await stage.apply(OFFICE + MORNINGS)
    _, id_ = await stage.raised(policy="office")
    await stage.apply(OFFICE + MORNINGS.replace('"09:00", to = "12:00"', '"16:00", to = "17:00"'))
    view = await stage.escalation(id_)
    assert view.next is not None
    assert view.next.at == at("16:00")
    await stage.apply(OFFICE + MORNINGS.replace('"09:00", to = "12:00"', '"14:00", to = "17:00"'))
    assert stage.push.calls() == [("14:32", "suzuki")]


async def test_the_same_desk_again_changes_nothing(stage: Floor) -> None:
    """Applying a file that touches no plan of duty leaves every call as it was."""
    await stage.raised()
    await stage.apply(DESK.replace("つばめ商店 お客様サポート", "つばめ商店"))
    await stage.until("14:41")
    assert stage.push.calls() == [("14:32", "suzuki")]

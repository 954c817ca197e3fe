"""The flows of an operator, key by key."""

from __future__ import annotations

from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.escalation.commands import AcceptEscalation, RaiseEscalation, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.questions import Preview
from core.tickets.commands import AddComment, ClaimTicket, CloseTicket
from tests.tui import fake_desk as world
from tests.tui.fake_door import FakeDoor
from tests.tui.sitting import sitting


async def test_raise_is_two_keys() -> None:
    """`e` shows who is called when, Enter sends what the rule says."""
    async with sitting() as desk:
        shown = await desk.press("e")
        assert "L2 係長 を呼ぶ（交代）" in shown
        assert "14:42 +10分  高橋 美咲    L2 予備" in shown
        assert desk.door.commands == []
        shown = await desk.press("enter")
        assert desk.door.commands == [RaiseEscalation(4290)]
        assert "#4290 を送りました" in shown


async def test_another_level_is_three_keys() -> None:
    """`e` `2` Enter starts one level further up, with the ladder of that choice on the sheet."""
    async with sitting() as desk:
        shown = await desk.press("e", "2")
        assert "14:32 いま   林 健        L3 当番" in shown
        assert "鈴木 一郎    L2 当番" not in shown
        await desk.press("enter")
        assert desk.door.commands == [RaiseEscalation(4290, level=3)]


async def test_keys_typed_faster_than_the_answer_are_not_lost() -> None:
    """`e` Enter in one breath sends the default once its ladder is known."""
    async with sitting() as desk:
        await desk.pilot.press("e", "enter")
        await desk.settle()
        assert desk.door.commands == [RaiseEscalation(4290)]


async def test_other_persons_at_sending_are_said_and_asked_once() -> None:
    """Duty changed between showing and sending: nothing is sent until Enter is pressed again."""
    door = FakeDoor()
    async with sitting(door) as desk:
        await desk.press("e")
        door.previews = [replace(world.preview(), ladder=world.preview().ladder[1:])]
        shown = await desk.press("enter")
        assert "呼ばれる人が変わりました" in shown
        assert door.commands == []
        door.previews = [replace(world.preview(), ladder=world.preview().ladder[1:])]
        await desk.press("enter")
        assert door.commands == [RaiseEscalation(4290)]


async def test_the_preview_is_asked_again_just_before_sending() -> None:
    """The sheet never sends on what was true a while ago."""
    async with sitting() as desk:
        await desk.press("e")
        before = desk.door.questions.count(Preview(ticket=4290))
        await desk.press("enter")
        assert desk.door.questions.count(Preview(ticket=4290)) == before + 1


async def test_a_raise_without_a_ladder_says_why_and_sends_nothing() -> None:
    """A refused preview is shown on the sheet."""
    door = FakeDoor()
    door.refusals[Preview] = Refusal("conflict")
    async with sitting(door) as desk:
        assert "ほかの操作と重なりました" in await desk.press("e")
        await desk.press("enter")
        assert door.commands == []
        assert "ほかの操作と重なりました" not in await desk.press("escape")


async def test_accept_is_one_key_and_fenced_by_my_call() -> None:
    """`a` on the row that calls me accepts that call."""
    door = FakeDoor()
    door.calls = [world.my_call(4177)]
    async with sitting(door) as desk:
        await desk.press("4", "j")
        await desk.press("a")
        assert door.commands == [AcceptEscalation(92, 72)]


async def test_the_call_in_the_banner_is_one_key_away() -> None:
    """From anywhere it is `0` to go there, and `a`; the banner goes with the call."""
    door = FakeDoor()
    door.calls = [world.my_call(4177)]
    async with sitting(door) as desk:
        assert "あなたへの呼出 #4177" in desk.text()
        await desk.press("0", "a")
        assert door.commands == [AcceptEscalation(92, 72)]
        assert "#4177 を引き受けました" in desk.text()
        assert "あなたへの呼出" not in desk.text()


async def test_a_key_that_is_off_says_why() -> None:
    """Nothing is sent, and the reason stands in the line below and in the help."""
    async with sitting() as desk:
        shown = await desk.press("a")
        assert desk.door.commands == []
        assert "この操作はできません" in shown
        shown = await desk.press("question_mark")
        assert "いまは使えません：" in shown
        assert "エスカレーション：上の段を呼ぶ" in shown
        assert "いまは使えません：" not in await desk.press("escape")


async def test_claim_takes_the_ticket_and_leaves_it_under_the_eye() -> None:
    """`t` claims; the row stays as moved until the cursor goes on."""
    async with sitting() as desk:
        shown = await desk.press("t")
        assert desk.door.commands == [ClaimTicket(4290)]
        assert "移動済" in shown
        shown = await desk.press("j")
        assert "移動済" not in shown
        assert desk.desk.queue.number == 4289


async def test_a_comment_is_c_text_and_ctrl_s() -> None:
    """What was typed is stored and shown in the timeline."""
    async with sitting() as desk:
        await desk.press("enter", "c", *"ok j", "ctrl+s")
        assert desk.door.commands == [AddComment(4290, "ok j")]
        assert "ok j" in desk.text()


async def test_a_draft_survives_closing_and_a_desk_that_does_not_answer() -> None:
    """A draft belongs to its ticket until it was stored."""
    door = FakeDoor()
    async with sitting(door) as desk:
        await desk.press("c", *"half", "escape", "j", "k")
        assert "half" in await desk.press("c")
        door.cut_off = True
        assert "届きませんでした" in await desk.press("ctrl+s")
        door.cut_off = False
        assert "half" in await desk.press("c")
        await desk.press("ctrl+s")
        assert door.commands == [AddComment(4290, "half")]
        assert "half" not in await desk.press("c")


async def test_done_asks_first() -> None:
    """`x` waits for `y`; anything else closes nothing."""
    async with sitting() as desk:
        assert "対応完了にしますか" in await desk.press("x")
        await desk.press("enter", "n")
        assert desk.door.commands == []
        await desk.press("x", "y")
        assert desk.door.commands == [CloseTicket(4290)]


async def test_a_phone_task_is_taken_with_one_key_and_its_outcome_is_another() -> None:
    """`p` takes the first free task and shows the number, `2` says the line was busy."""
    async with sitting() as desk:
        shown = await desk.press("p")
        assert desk.door.commands == [TakePhoneTask(51)]
        assert "L2 係長 鈴木 一郎さんに電話 090-1234-7788" in shown
        shown = await desk.press("2")
        assert desk.door.commands[1:] == [ReportPhoneOutcome(51, "busy")]
        assert "話し中と記録しました" in shown


async def test_an_outcome_may_come_later() -> None:
    """Esc puts the question away, digits are tabs again, `p` brings it back."""
    async with sitting() as desk:
        await desk.press("p", "escape", "1", "6")
        assert desk.door.commands == [TakePhoneTask(51)]
        await desk.press("p", "1")
        assert desk.door.commands[1:] == [ReportPhoneOutcome(51, "accepted")]


async def test_a_refusal_is_said_in_words() -> None:
    """Somebody was quicker: the line says so, and the terminal goes on."""
    door = FakeDoor()
    door.refusals[ClaimTicket] = Refusal("taken", values={"holder": "suzuki", "since": world.NOW - 12 * world.MINUTE})
    async with sitting(door) as desk:
        assert "鈴木 一郎さんが14:20から対応しています" in await desk.press("t")
        assert "4289" in await desk.press("j")


async def test_full_width_letters_are_keys() -> None:
    """With the input method on, ｅ raises; kana are answered with a hint."""
    async with sitting() as desk:
        assert "エスカレーション #4290" in await desk.press("ｅ")
        await desk.press("escape")
        assert "日本語入力がオン" in await desk.press("か")


async def test_the_language_changes_at_run_time() -> None:
    """Ctrl+L turns every word, and back."""
    async with sitting() as desk:
        shown = await desk.press("ctrl+l")
        assert "NEXT STEP" in shown
        assert "次の動き" not in shown
        assert "次の動き" in await desk.press("ctrl+l")

"""Empty, huge, twice, at once, too late: what a consult answers to that."""

from __future__ import annotations

import pytest

from core.engine.outcome import Done, Refusal
from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    ConfirmEscalation,
    ReassignEscalation,
)
from core.escalation.kinds.commands import AnswerConsult, AskAgain, TakeOverConsult
from core.people.model import Actor
from tests.stories.floor import Floor, at
from tests.stories.kinds import ANSWER, answered, asked


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
async def test_an_empty_answer_is_none(stage: Floor, text: str) -> None:
    """Neither an answer nor a question without words; nothing changes."""
    _, id_ = await asked(stage)
    refusal = await stage.refused("suzuki", AnswerConsult(id_, text))
    assert (refusal.code, refusal.detail, refusal.field) == ("invalid", "empty", "text")
    await stage.does("suzuki", AnswerConsult(id_, ANSWER))
    assert (await stage.refused("sato", AskAgain(id_, text))).code == "invalid"


async def test_a_huge_answer_is_refused_whole(stage: Floor) -> None:
    """Ten megabytes are no answer: refused at the door, nothing is kept."""
    _, id_ = await asked(stage)
    assert (await stage.refused("suzuki", AnswerConsult(id_, "あ" * 10_000_000))).code == "invalid"
    assert (await stage.escalation(id_)).state == "calling"


async def test_answering_twice_is_one_answer(stage: Floor) -> None:
    """The same words again are the same answer; other words, or somebody else's, read who answered when."""
    number, id_ = await answered(stage)
    assert (await stage.does("suzuki", AnswerConsult(id_, ANSWER))).again
    for person, text in (("suzuki", "やはりだめです。"), ("takahashi", ANSWER)):
        refusal = await stage.refused(person, AnswerConsult(id_, text))
        if person == "takahashi":
            assert refusal.detail in ("answered_already", "not_called")
        else:
            assert (refusal.code, refusal.values) == ("taken", {"holder": "suzuki", "since": at("14:40")})
    texts = [line.text for line in (await stage.case(number)).timeline]
    assert texts.count(ANSWER) == 1


async def test_two_answers_at_once(stage: Floor) -> None:
    """One is the answer, the other reads who was faster."""
    _, id_ = await asked(stage)
    await stage.until("14:45")
    first = await stage.desk.handle(AnswerConsult(id_, "はい"), Actor("person", "suzuki"))
    second = await stage.desk.handle(AnswerConsult(id_, "いいえ"), Actor("person", "takahashi"))
    assert isinstance(first, Done)
    assert isinstance(second, Refusal)
    assert (second.code, second.values["holder"]) == ("taken", "suzuki")


async def test_an_answer_too_late(stage: Floor) -> None:
    """After it was withdrawn or settled nothing changes any more."""
    _, id_ = await answered(stage)
    await stage.does("sato", ConfirmEscalation(id_))
    assert (await stage.refused("takahashi", AnswerConsult(id_, "遅れて"))).code == "closed"
    assert (await stage.refused("sato", AskAgain(id_, "もう一つ"))).code == "closed"
    assert (await stage.refused("suzuki", TakeOverConsult(id_))).code == "closed"


async def test_answered_things_are_not_taken_up(stage: Floor) -> None:
    """An old tap on the call, a climb or a reassignment says that it was answered."""
    _, id_ = await asked(stage)
    call = await stage.call(id_, "suzuki")
    await stage.until("14:45")
    await stage.does("takahashi", AnswerConsult(id_, ANSWER))
    assert (await stage.refused("suzuki", AcceptEscalation(id_, call))).code == "stale"
    assert (await stage.refused("kobayashi", AcceptEscalation(id_))).detail == "answered_already"
    assert (await stage.refused("sato", ClimbEscalation(id_))).detail == "answered_now"
    assert (await stage.refused("sato", ReassignEscalation(id_, "hayashi"))).detail == "answered_now"


async def test_only_whoever_asked_asks_again(stage: Floor) -> None:
    """And only once there is an answer; the same question twice is one."""
    _, id_ = await asked(stage)
    assert (await stage.refused("sato", AskAgain(id_, "?"))).detail == "not_answered_yet"
    await stage.does("suzuki", AnswerConsult(id_, ANSWER))
    assert (await stage.refused("ito", AskAgain(id_, "?"))).detail == "asker_only"
    await stage.does("sato", AskAgain(id_, "送料は"))
    assert (await stage.does("sato", AskAgain(id_, "送料は"))).again
    assert (await stage.refused("sato", AskAgain(id_, "ほかには"))).detail == "not_answered_yet"

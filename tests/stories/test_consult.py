"""A consult asks for an answer; the holder stays."""

from __future__ import annotations

from core.escalation.commands import (
    AcceptEscalation,
    ClimbEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    ResolveEscalation,
    Undo,
    WithdrawEscalation,
)
from core.escalation.kinds.commands import AnswerConsult, AskAgain, TakeOverConsult
from core.tickets.commands import ClaimTicket, CloseTicket, ReleaseTicket
from tests.stories.floor import Floor, at
from tests.stories.kinds import ANSWER, answered, asked


async def test_the_ladder_is_called_and_the_holder_stays(stage: Floor) -> None:
    """A consult climbs as a takeover does; whoever takes it up answers, and holds nothing."""
    number, id_ = await asked(stage)
    assert await stage.calling(id_) == ["suzuki"]
    await stage.until("14:45")
    assert stage.push.calls() == [("14:32", "suzuki"), ("14:42", "takahashi")]
    await stage.does("takahashi", AcceptEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.kind, view.state, view.held_by, view.holder) == ("consult", "accepted", "takahashi", "sato")
    assert await stage.holders(number) == [("sato", "14:32")]


async def test_an_answer_goes_to_whoever_asked(stage: Floor) -> None:
    """The raiser is told, all calls end, and the text stands in the ticket."""
    number, id_ = await asked(stage)
    await stage.until("14:45")
    await stage.does("takahashi", AnswerConsult(id_, ANSWER))
    view = await stage.escalation(id_)
    assert (view.state, await stage.calling(id_)) == ("answered", [])
    assert stage.push.told("answered") == [("14:45", "sato")]
    assert stage.push.told("ended") == [("14:45", "suzuki")]
    assert ANSWER in [line.text for line in (await stage.case(number)).timeline]
    assert await stage.holders(number) == [("sato", "14:32")]


async def test_everybody_who_was_called_may_answer(stage: Floor) -> None:
    """Also who declined, or while somebody else is at it; who was never called may not."""
    _, id_ = await asked(stage)
    await stage.does("suzuki", RefuseEscalation(id_))
    await stage.does("takahashi", AcceptEscalation(id_))
    assert (await stage.refused("hayashi", AnswerConsult(id_, ANSWER))).detail == "not_called"
    assert (await stage.refused("sato", AnswerConsult(id_, ANSWER))).detail == "not_called"
    await stage.does("suzuki", AnswerConsult(id_, ANSWER))
    assert (await stage.escalation(id_)).state == "answered"


async def test_a_standing_alarm_can_be_answered(stage: Floor) -> None:
    """Nobody took it up in time; an answer still ends the alarm."""
    _, id_ = await asked(stage)
    await stage.until("18:00")
    assert (await stage.escalation(id_)).state == "standing"
    await stage.does("hayashi", AnswerConsult(id_, ANSWER))
    view = await stage.escalation(id_)
    assert (view.state, await stage.calling(id_)) == ("answered", [])


async def test_whoever_asked_confirms(stage: Floor) -> None:
    """The answer is one: resolved, everybody called hears so, and the ticket goes on."""
    number, id_ = await answered(stage)
    assert (await stage.refused("suzuki", ConfirmEscalation(id_))).detail == "asker_only"
    await stage.does("sato", ConfirmEscalation(id_))
    case = await stage.case(number)
    assert (case.escalations[0].state, case.ticket.status, case.ticket.holder) == ("resolved", "in_progress", "sato")
    assert ("14:40", "suzuki") in stage.push.told("ended")
    assert (await stage.does("sato", ConfirmEscalation(id_))).again


async def test_after_a_day_an_answer_is_one(stage: Floor) -> None:
    """Nobody asked again: it is resolved by itself, 24 hours after the answer."""
    _, id_ = await answered(stage)
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.next.does, view.next.at) == ("settle", at("14:40", "2026-11-21"))
    await stage.until("14:39", "2026-11-21")
    assert (await stage.escalation(id_)).state == "answered"
    await stage.until("14:40", "2026-11-21")
    assert (await stage.escalation(id_)).state == "resolved"


async def test_asking_again_calls_the_same_person_first(stage: Floor) -> None:
    """Alone and for a whole accept-by; when they do not take it, the rung is called."""
    number, id_ = await answered(stage)
    await stage.does("sato", AskAgain(id_, "送料もですか"))
    view = await stage.escalation(id_)
    assert (view.state, await stage.calling(id_)) == ("calling", ["suzuki"])
    assert "送料もですか" in [line.text for line in (await stage.case(number)).timeline]
    assert (await stage.refused("takahashi", AcceptEscalation(id_))).detail == "side_call"
    await stage.until("15:10")
    assert await stage.calling(id_) == ["suzuki"]
    await stage.until("15:21")
    assert await stage.calling(id_) == ["suzuki", "takahashi"]
    await stage.does("suzuki", AnswerConsult(id_, "送料もです。"))
    assert (await stage.escalation(id_)).state == "answered"


async def test_a_question_they_decline_goes_to_the_backup(stage: Floor) -> None:
    """Declined by whoever answered before: the rung is asked, without them."""
    _, id_ = await answered(stage)
    await stage.does("sato", AskAgain(id_, "送料もですか"))
    await stage.does("suzuki", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["takahashi"]


async def test_the_answering_person_takes_over(stage: Floor) -> None:
    """What was a question is theirs now: they hold the ticket, the escalation is an accepted takeover."""
    number, id_ = await asked(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("14:50")
    await stage.does("suzuki", TakeOverConsult(id_))
    view = await stage.escalation(id_)
    assert (view.kind, view.state, view.holder, view.held_by) == ("takeover", "accepted", "suzuki", "suzuki")
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:50")]
    assert ("14:50", "sato") in stage.push.told("ended")
    assert (await stage.does("suzuki", TakeOverConsult(id_))).again
    await stage.does("suzuki", ResolveEscalation(id_))


async def test_who_answered_takes_over(stage: Floor) -> None:
    """Also after the answer, as long as it is not confirmed."""
    number, id_ = await answered(stage)
    await stage.does("suzuki", TakeOverConsult(id_))
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:40")]


async def test_the_raiser_makes_it_a_takeover(stage: Floor) -> None:
    """The ladder is called anew, whoever had taken the question up too; the holder stays until somebody accepts."""
    number, id_ = await asked(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("sato", TakeOverConsult(id_))
    view = await stage.escalation(id_)
    assert (view.kind, view.state, view.holder, view.held_by) == ("takeover", "calling", "sato", None)
    assert await stage.calling(id_) == ["suzuki"]
    assert (await stage.does("sato", TakeOverConsult(id_))).again
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.holders(number))[-1][0] == "suzuki"


async def test_one_takeover_at_a_time(stage: Floor) -> None:
    """While a takeover is open, a consult does not become another; the answer names it."""
    number, id_ = await asked(stage)
    open_ = await stage.does("sato", RaiseEscalation(number))
    refusal = await stage.refused("sato", TakeOverConsult(id_))
    assert (refusal.code, refusal.detail, refusal.values["id"]) == ("conflict", "already_raised", open_.ref)


async def test_only_who_asked_or_answers_turns_it(stage: Floor) -> None:
    """Somebody who was merely called does not, and a takeover is none."""
    number, id_ = await asked(stage)
    assert (await stage.refused("suzuki", TakeOverConsult(id_))).detail == "asker_or_answerer"
    assert (await stage.refused("ito", TakeOverConsult(id_))).detail == "asker_or_answerer"
    takeover = int((await stage.does("sato", RaiseEscalation(number))).ref)
    assert (await stage.refused("suzuki", AnswerConsult(takeover, ANSWER))).detail == "not_a_consult"
    assert (await stage.refused("sato", AskAgain(takeover, "?"))).code == "conflict"


async def test_five_consults_are_enough(stage: Floor) -> None:
    """A sixth is a conflict; when one ends there is room again."""
    number, first = await asked(stage)
    for _ in range(4):
        await stage.does("sato", RaiseEscalation(number, "consult"))
    refusal = await stage.refused("sato", RaiseEscalation(number, "consult"))
    assert (refusal.code, refusal.detail) == ("conflict", "consults_full")
    await stage.does("sato", WithdrawEscalation(first))
    await stage.does("sato", RaiseEscalation(number, "consult"))


async def test_the_hold_asks_the_answering_person(stage: Floor) -> None:
    """Two hours without an answer: they alone are asked; without a word the backup is called, not they."""
    _, id_ = await asked(stage)
    await stage.until("14:45")
    await stage.does("takahashi", AcceptEscalation(id_))
    await stage.until("16:46")
    assert stage.push.told("still_on_it") == [("16:45", "takahashi")]
    await stage.until("17:16")
    assert await stage.calling(id_) == ["suzuki"]
    await stage.does("takahashi", AnswerConsult(id_, ANSWER))
    assert (await stage.escalation(id_)).state == "answered"


async def test_a_done_ticket_withdraws_its_consults(stage: Floor) -> None:
    """Nobody needs the answer any more; whoever was called hears so."""
    number, id_ = await asked(stage)
    await stage.does("sato", CloseTicket(number))
    assert (await stage.case(number)).escalations[0].state == "withdrawn"
    assert ("14:32", "suzuki") in stage.push.told("ended")
    assert (await stage.refused("suzuki", AnswerConsult(id_, ANSWER))).code in ("closed", "unknown")


async def test_a_consult_beside_a_takeover(stage: Floor) -> None:
    """The holder of a takeover asks above; both are open, each with its own state, and the ticket is listed once."""
    number, takeover = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(takeover))
    consult = int((await stage.does("suzuki", RaiseEscalation(number, "consult", level=3))).ref)
    await stage.does("hayashi", AcceptEscalation(consult))
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:32")]
    await stage.does("suzuki", ResolveEscalation(takeover))
    assert (await stage.escalation(consult)).state == "accepted"


async def test_a_consult_is_not_resolved_by_hand(stage: Floor) -> None:
    """It ends by its answer, or is withdrawn."""
    _, id_ = await asked(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("sato", ResolveEscalation(id_))).detail == "ends_by_answer"


async def test_the_raiser_withdraws_until_somebody_took_it_up(stage: Floor) -> None:
    """Then it is the holder's, here the same person, or a supervisor's."""
    number, id_ = await asked(stage)
    await stage.does("sato", ReleaseTicket(number, "ito"))
    await stage.does("ito", ClaimTicket(number))
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("sato", WithdrawEscalation(id_))).detail == "withdraw"
    await stage.does("suzuki", AnswerConsult(id_, ANSWER))
    assert (await stage.refused("sato", WithdrawEscalation(id_))).detail == "withdraw"
    await stage.does("ito", WithdrawEscalation(id_))


async def test_nobody_answers_their_own_question(stage: Floor) -> None:
    """A chief who asks does not step in, and cannot be asked aside."""
    number = await stage.ticket("suzuki")
    id_ = int((await stage.does("suzuki", RaiseEscalation(number, "consult"))).ref)
    await stage.does("suzuki", ReleaseTicket(number, "takahashi"))
    await stage.does("takahashi", ClaimTicket(number))
    assert (await stage.refused("suzuki", AcceptEscalation(id_))).detail == "own_question"
    assert (await stage.refused("hayashi", ReassignEscalation(id_, "suzuki"))).detail == "own_question"


async def test_who_becomes_the_holder_is_asked_no_more(stage: Floor) -> None:
    """The ticket goes to somebody who is being asked about it: their call ends, the backup is called."""
    number, id_ = await asked(stage)
    await stage.does("sato", ReleaseTicket(number, "suzuki"))
    await stage.does("suzuki", ClaimTicket(number))
    assert (await stage.escalation(id_)).state == "calling"
    assert await stage.calling(id_) == ["takahashi"]


async def test_the_answering_person_passes_it_on(stage: Floor) -> None:
    """Aside or up the ladder; until somebody takes it, the question stays with them."""
    _, id_ = await asked(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ReassignEscalation(id_, "hayashi"))
    assert await stage.calling(id_) == ["hayashi"]
    await stage.does("hayashi", RefuseEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.held_by) == ("accepted", "suzuki")
    await stage.does("suzuki", ClimbEscalation(id_))
    assert await stage.calling(id_) == ["kobayashi"], "who declined is not asked again"


async def test_taking_a_question_up_by_mistake_is_undone(stage: Floor) -> None:
    """Within ten seconds: the same people are asked as before, and the ticket never moved."""
    number, id_ = await asked(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", Undo(id_))
    view = await stage.escalation(id_)
    assert (view.state, view.held_by, await stage.calling(id_)) == ("calling", None, ["suzuki"])
    assert await stage.holders(number) == [("sato", "14:32")]

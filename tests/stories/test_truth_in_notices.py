"""Just before sending the truth is read again; and the mails that keep a trace."""

from __future__ import annotations

from core.engine.outcome import Done
from core.engine.ports import Retry
from core.escalation.commands import (
    AcceptEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    ResolveEscalation,
    WithdrawEscalation,
)
from core.people.commands import SetLanguage
from core.people.model import Actor
from core.tickets.commands import RestrictTicket
from tests.stories.floor import Floor

SATO = Actor("person", "sato")


async def test_a_call_that_has_ended_never_leaves(stage: Floor) -> None:
    """Accepted between commit and sending: the push to the duty is dropped, the raiser hears the acceptance."""
    number = await stage.ticket()
    done = await stage.desk.handle(RaiseEscalation(number), SATO)
    assert isinstance(done, Done)
    await stage.desk.handle(AcceptEscalation(int(done.ref)), Actor("person", "kobayashi"))
    await stage.settle()
    assert (stage.push.calls(), stage.mail.calls()) == ([], [])
    assert ("14:32", "sato") in stage.push.told("ended")


async def test_what_was_tried_again_and_is_true_no_more_is_dropped(stage: Floor) -> None:
    """The push service was down; when it is back the call is over, and the phone stays silent about it."""
    stage.push.answers["suzuki"] = Retry(60_000, "503")
    _, id_ = await stage.raised()
    await stage.does("sato", WithdrawEscalation(id_))
    stage.push.answers.clear()
    await stage.until("14:40")
    assert stage.push.calls() == []


async def test_a_newer_end_takes_the_place_of_an_older(stage: Floor) -> None:
    """An acceptance not yet told when it calls again is not told any more: it is true no more."""
    _, id_ = await stage.raised()
    await stage.until("14:45")
    stage.push.answers["takahashi"] = Retry(9_000_000, "503")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("17:05")
    stage.push.answers.clear()
    stage.push.sent.clear()
    await stage.until("17:16")
    assert "takahashi" not in {person for _, person in stage.push.told("ended")}


async def test_a_question_that_was_answered_is_not_asked(stage: Floor) -> None:
    """ "Still on it?" waits in the queue, the holder confirms on screen: it never leaves."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    stage.push.answers["suzuki"] = Retry(120_000, "503")
    await stage.until("16:32")
    await stage.does("suzuki", ConfirmEscalation(id_))
    stage.push.answers.clear()
    await stage.until("16:40")
    assert stage.push.told("still_on_it") == []


async def test_whoever_may_not_see_it_any_more_is_told_nothing(stage: Floor) -> None:
    """Restricted while the telling waits: it is dropped."""
    number, id_ = await stage.raised()
    stage.push.answers["suzuki"] = Retry(60_000, "503")
    await stage.does("takahashi", AcceptEscalation(id_))
    await stage.does("takahashi", RestrictTicket(number, ("takahashi",)))
    stage.push.answers.clear()
    await stage.until("14:40")
    assert "suzuki" not in {person for _, person in stage.push.told("ended")}


async def test_records_at_raise_acceptance_and_end(stage: Floor) -> None:
    """`record = ["mail"]`: raiser, called and holder each get a mail at the three moments, besides every wait."""
    _, id_ = await stage.raised(policy="outage")
    assert sorted(stage.mail.told("record")) == [("14:32", "sato"), ("14:32", "suzuki")]
    assert stage.mail.calls() == []
    stage.mail.sent.clear()
    await stage.until("14:38")
    await stage.does("takahashi", AcceptEscalation(id_))
    assert sorted(stage.mail.told("record")) == [("14:38", "sato"), ("14:38", "suzuki"), ("14:38", "takahashi")]
    stage.mail.sent.clear()
    await stage.until("15:00")
    await stage.does("takahashi", ResolveEscalation(id_, close=True))
    assert sorted(stage.mail.told("record")) == [("15:00", "sato"), ("15:00", "suzuki"), ("15:00", "takahashi")]


async def test_without_record_no_mail_besides(stage: Floor) -> None:
    """A policy that does not ask for it sends none."""
    _, id_ = await stage.raised()
    await stage.does("suzuki", AcceptEscalation(id_))
    assert stage.mail.told("record") == []


async def test_records_are_in_the_receivers_language_and_name_nobody(stage: Floor) -> None:
    """Number and level only: no subject, no name."""
    await stage.does("suzuki", SetLanguage("en"))
    number, _ = await stage.raised(policy="outage")
    mails = {message.recipient: message for _, message in stage.mail.sent if message.kind == "record"}
    assert mails["suzuki"].language == "en"
    assert mails["sato"].language == "ja"
    assert mails["suzuki"].subject != mails["sato"].subject
    for mail in mails.values():
        assert f"#{number}" in mail.subject
        assert "納品" not in mail.subject + mail.text
        assert "佐藤" not in mail.subject + mail.text

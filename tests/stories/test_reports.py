"""A report to the customer: drafted, approved by the level the policy names, sent by mail, and followed in time."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine.ports import Failed, Message, Transaction
from core.engine.store.sql import Statement
from core.escalation.commands import (
    AcceptEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    RefuseEscalation,
    ResolveEscalation,
    Undo,
    WithdrawEscalation,
)
from core.escalation.kinds.commands import AnswerConsult, ApproveReport, AskAgain, ReviseReport
from core.escalation.kinds.model import Draft
from core.escalation.queries.questions import GetCase
from core.escalation.queries.views import Case
from core.people.model import Actor
from core.tickets.commands import CloseTicket, EditTicket
from core.tickets.model import Customer
from tests.stories.floor import Floor, at, clock_of

CUSTOMER = Customer("山田 太郎", "yamada@customer.example")


def draft(update: str | None = "15:30", **texts: str) -> Draft:
    """The first report: orders cannot be taken since 14:00."""
    said = {
        "what": "ご注文を受け付けられない状態です。",
        "affects": "すべてのお客様",
        "recovery": "17時ごろの見込みです。",
    }
    return Draft(since=at("14:00"), next_update=None if update is None else at(update), **{**said, **texts})


async def raised(stage: Floor, **fields: Any) -> tuple[int, int]:
    """A ticket of Sato's whose customer is to hear how things stand."""
    number = await stage.ticket(customer=CUSTOMER)
    done = await stage.does("sato", RaiseEscalation(number, "notify", report=draft(), **fields))
    return number, int(done.ref)


async def approved(stage: Floor) -> tuple[int, int]:
    """Suzuki has approved the first report at 14:40."""
    number, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("14:40")
    await stage.does("suzuki", ApproveReport(id_))
    return number, id_


def letters(stage: Floor) -> list[Message]:
    """Every mail that left to a customer."""
    return [message for _, message in stage.mail.sent if message.kind == "customer_report"]


async def takeovers(stage: Floor, number: int) -> list[tuple[str, str, int]]:
    """(state, because, level) of the ticket's takeovers, newest first."""
    case: Case = await stage.ask("sato", GetCase(number))
    return [(one.state, one.because, one.level) for one in case.escalations if one.kind == "takeover"]


async def test_an_approved_report_leaves_by_mail(stage: Floor) -> None:
    """In the desk's language, to the customer's address, with all that was drafted, and the next update is due."""
    number, id_ = await approved(stage)
    (mail,) = letters(stage)
    assert (mail.to, mail.subject, mail.language) == (
        {"address": "yamada@customer.example"}, f"[#{number}] 状況のご報告（第1報）", "ja",
    )  # fmt: skip
    for words in (
        "山田 太郎 様",
        "ご注文を受け付けられない状態です。",
        "すべてのお客様",
        "17時ごろの見込みです。",
        "15:30",
        "14:00",
    ):
        assert words in mail.text
    view = await stage.escalation(id_)
    assert (view.state, view.holder, view.held_by) == ("accepted", "sato", "suzuki")
    assert view.next is not None
    assert (view.next.does, view.next.at) == ("update", at("15:30"))
    assert await stage.holders(number) == [("sato", "14:32")]


async def test_nothing_of_it_stands_in_the_journal(stage: Floor) -> None:
    """Numbers and times only; text, name and address stand in rows that can be erased without breaking the chain."""
    await approved(stage)

    def journal(tx: Transaction) -> str:
        return "".join(row[0] for row in tx.all(Statement("data", "SELECT data FROM journal")))

    said = await stage.store.write(journal)
    assert not any(word in said for word in ("注文", "山田", "yamada", "お客様", "見込み"))

    def erase(tx: Transaction) -> None:
        tx.run(Statement("erase", "UPDATE report_draft SET what = '', affects = '', recovery = ''"))

    await stage.store.write(erase)
    assert (await stage.desk.verify()).broken == ()


async def test_a_report_that_was_erased_before_it_left_does_not(stage: Floor) -> None:
    """An empty mail is none: holder and approver hear that it did not arrive."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.desk.handle(ApproveReport(id_), Actor("person", "suzuki"))

    def erase(tx: Transaction) -> None:
        tx.run(Statement("erase", "UPDATE report_draft SET what = ''"))

    await stage.store.write(erase)
    await stage.settle()
    assert letters(stage) == []
    assert sorted(stage.push.told("report_failed")) == [("14:32", "sato"), ("14:32", "suzuki")]


async def test_accepting_is_checking_it(stage: Floor) -> None:
    """The approver has it in hand; nothing leaves before they approve, and the ticket stays where it is."""
    number, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.escalation(id_)).held_by == "suzuki"
    assert letters(stage) == []
    assert await stage.holders(number) == [("sato", "14:32")]
    assert (await stage.refused("takahashi", ApproveReport(id_))).code == "taken"


async def test_a_report_is_approved_by_whoever_took_it_up(stage: Floor) -> None:
    """Not before they did, not by its author, and by nobody who was not called."""
    _, id_ = await raised(stage)
    assert (await stage.refused("suzuki", ApproveReport(id_))).detail == "not_accepted_yet"
    assert (await stage.refused("sato", ApproveReport(id_))).detail == "approver_only"
    assert (await stage.refused("ito", ApproveReport(id_))).detail == "approver_only"


async def test_a_chief_does_not_approve_their_own_report(stage: Floor) -> None:
    """Two pairs of eyes: they do not step in, and they are not called."""
    number = await stage.ticket("suzuki", customer=CUSTOMER)
    id_ = int((await stage.does("suzuki", RaiseEscalation(number, "notify", level=2, report=draft()))).ref)
    assert await stage.calling(id_) == ["takahashi"]
    assert (await stage.refused("suzuki", AcceptEscalation(id_))).code == "not_allowed"


async def test_approving_twice_sends_once(stage: Floor) -> None:
    """The second press is answered as the first; one mail, one Message-ID."""
    _, id_ = await approved(stage)
    assert (await stage.does("suzuki", ApproveReport(id_))).again
    assert len(letters(stage)) == 1


async def test_without_an_address_nothing_is_approved(stage: Floor) -> None:
    """The holder adds the address, and the same draft can leave."""
    number = await stage.ticket()
    id_ = int((await stage.does("sato", RaiseEscalation(number, "notify", report=draft()))).ref)
    await stage.does("suzuki", AcceptEscalation(id_))
    refusal = await stage.refused("suzuki", ApproveReport(id_))
    assert (refusal.code, refusal.detail) == ("invalid", "no_customer_address")
    version = (await stage.case(number)).ticket.version
    await stage.does("sato", EditTicket(number, version, customer=CUSTOMER))
    await stage.does("suzuki", ApproveReport(id_))
    assert len(letters(stage)) == 1


async def test_a_promise_that_has_passed_is_not_sent(stage: Floor) -> None:
    """Approved after its own next update was due, it would say something untrue."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("15:31")
    assert (await stage.refused("suzuki", ApproveReport(id_))).detail == "update_past"
    assert letters(stage) == []


async def test_remarks_send_it_back(stage: Floor) -> None:
    """The author reads them and puts it forward again, changed: the approver is called first, and it leaves."""
    number, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ReviseReport(id_, "影響の範囲を書いてください。"))
    view = await stage.escalation(id_)
    assert (view.state, view.held_by) == ("answered", None)
    assert stage.push.told("revised") == [("14:32", "sato")]
    assert "影響の範囲を書いてください。" in [line.text for line in (await stage.case(number)).timeline]
    await stage.does("sato", AskAgain(id_, report=draft(affects="関東のお客様")))
    assert await stage.calling(id_) == ["suzuki"]
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    (mail,) = letters(stage)
    assert "関東のお客様" in mail.text
    assert mail.subject.endswith("（第1報）")


async def test_the_same_draft_with_a_word_to_it(stage: Floor) -> None:
    """Whoever stands by a draft says why; without a word or a draft nothing is put forward."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ReviseReport(id_, "長すぎます。"))
    assert (await stage.refused("sato", AskAgain(id_))).detail == "empty"
    await stage.does("sato", AskAgain(id_, "お客様のご希望です。"))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    assert len(letters(stage)) == 1


async def test_remarks_that_nobody_reads_are_told_again(stage: Floor) -> None:
    """As often as the policy asks after what is held; nothing waits for nobody."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ReviseReport(id_, "影響を。"))
    await stage.until("18:40")
    assert stage.push.told("revised") == [("14:32", "sato"), ("16:32", "sato"), ("18:32", "sato")]


async def test_the_next_update_goes_the_same_way(stage: Floor) -> None:
    """Drafted by raiser or holder, the approver is called first; the second mail is the second report."""
    number, id_ = await approved(stage)
    await stage.does("sato", AskAgain(id_, report=draft("16:30", what="復旧作業を進めております。")))
    view = await stage.escalation(id_)
    assert (view.state, await stage.calling(id_)) == ("calling", ["suzuki"])
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    first, second = letters(stage)
    assert second.subject == f"[#{number}] 状況のご報告（第2報）"
    assert first.tag == second.tag, "one thread"
    assert first.id != second.id, "and a Message-ID of its own"
    assert "復旧作業を進めております。" in second.text
    view = await stage.escalation(id_)
    assert view.next is not None
    assert (view.state, view.next.at) == ("accepted", at("16:30"))


async def test_one_draft_at_a_time(stage: Floor) -> None:
    """While one waits for approval, another is a conflict; the same one again is the same."""
    _, id_ = await approved(stage)
    second = draft("16:30", what="復旧作業中です。")
    await stage.does("sato", AskAgain(id_, report=second))
    assert (await stage.does("sato", AskAgain(id_, report=second))).again
    assert (await stage.refused("sato", AskAgain(id_, report=draft("16:40")))).detail == "report_waits"
    assert (await stage.refused("ito", AskAgain(id_, report=draft("16:40")))).detail == "authors_only"


async def test_the_last_report_ends_it(stage: Floor) -> None:
    """One that promises no further update resolves the escalation; the ticket stays with its holder."""
    number, id_ = await approved(stage)
    await stage.does("sato", AskAgain(id_, report=draft(None, what="復旧いたしました。")))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    case = await stage.case(number)
    assert (case.escalations[0].state, case.ticket.holder) == ("resolved", "sato")
    assert "以上" in letters(stage)[-1].text


async def test_the_tickets_holder_resolves_what_was_sent(stage: Floor) -> None:
    """Not before anything was sent, and not the approver."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("sato", ResolveEscalation(id_))).detail == "not_sent_yet"
    await stage.does("suzuki", ApproveReport(id_))
    assert (await stage.refused("suzuki", ResolveEscalation(id_))).detail == "holder_only"
    await stage.does("sato", ResolveEscalation(id_))
    assert (await stage.does("sato", ResolveEscalation(id_))).again
    await stage.until("20:00")
    assert stage.push.told("update_missed") == []


async def test_the_holder_is_told_ten_minutes_before(stage: Floor) -> None:
    """A quiet word, once, while there is time to draft."""
    _, _ = await approved(stage)
    await stage.until("15:29")
    assert stage.push.told("update_soon") == [("15:20", "sato")]


async def test_a_missed_update_calls_a_takeover(stage: Floor) -> None:
    """To the level that approves, by the desk itself; the holder is told, and the report stays open."""
    number, id_ = await approved(stage)
    await stage.until("15:30")
    assert await takeovers(stage, number) == [("calling", "report", 2)]
    assert stage.push.told("update_missed") == [("15:30", "sato")]
    case = await stage.case(number)
    assert [one.kind for one in case.escalations if one.state in ("calling", "accepted")] == ["takeover", "notify"]
    assert case.escalations[0].raised_by is None
    assert (await stage.escalation(id_)).state == "accepted"
    assert ("15:30", "suzuki") in stage.push.calls()


async def test_a_missed_update_presses_an_open_takeover(stage: Floor) -> None:
    """Its holder is told and its next rung is called; there is no second takeover."""
    number, _ = await approved(stage)
    takeover = int((await stage.does("sato", RaiseEscalation(number))).ref)
    await stage.does("suzuki", AcceptEscalation(takeover))
    await stage.until("15:30")
    assert await stage.calling(takeover) == ["hayashi"]
    assert len(await takeovers(stage, number)) == 1
    assert ("15:30", "suzuki") in stage.push.told("update_missed")
    assert await stage.holders(number) == [("sato", "14:32"), ("suzuki", "14:40")]


async def test_a_missed_update_is_pressed_again(stage: Floor) -> None:
    """As long as nothing leaves, every two hours; the next approved report ends that."""
    number, id_ = await approved(stage)
    await stage.until("17:29")
    assert len(stage.push.told("update_missed")) == 1
    await stage.until("17:31")
    assert len(stage.push.told("update_missed")) == 2
    await stage.does("sato", AskAgain(id_, report=draft("23:00")))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    await stage.until("22:00")
    assert len(stage.push.told("update_missed")) == 2
    assert len(await takeovers(stage, number)) == 1


async def test_an_update_in_time_escalates_nothing(stage: Floor) -> None:
    """Approved before it was due: the new promise counts."""
    number, id_ = await approved(stage)
    await stage.until("15:25")
    await stage.does("sato", AskAgain(id_, report=draft("16:30")))
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    await stage.until("16:15")
    assert await takeovers(stage, number) == []


async def test_a_mail_that_is_refused_is_told(stage: Floor) -> None:
    """5xx for good: holder and approver hear so, and approving it again sends it again."""
    number, id_ = await raised(stage)
    stage.mail.answers["customer"] = Failed("smtp_550")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    assert sorted(stage.push.told("report_failed")) == [("14:32", "sato"), ("14:32", "suzuki")]
    kinds = [line.kind for line in (await stage.case(number)).timeline]
    assert "report_failed" in kinds
    assert (await stage.refused("sato", ResolveEscalation(id_))).detail == "not_sent_yet"
    del stage.mail.answers["customer"]
    await stage.does("suzuki", ApproveReport(id_))
    assert [mail.subject for mail in letters(stage)] == [f"[#{number}] 状況のご報告（第1報）"]
    await stage.does("sato", ResolveEscalation(id_))


async def test_a_withdrawn_report_never_leaves(stage: Floor) -> None:
    """Withdrawn between approval and sending: the truth is read again."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.desk.handle(ApproveReport(id_), Actor("person", "suzuki"))
    await stage.desk.handle(WithdrawEscalation(id_), Actor("person", "sato"))
    await stage.settle()
    assert letters(stage) == []
    assert stage.push.told("report_failed") == []


async def test_a_drill_never_reaches_a_customer(stage: Floor) -> None:
    """Marked as a drill, an approved report leaves nothing in the outbox of mails to customers."""
    _, id_ = await raised(stage)

    def mark(tx: Transaction) -> None:
        tx.run(Statement("drill", "UPDATE escalation SET drill = 1"))

    await stage.store.write(mark)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    assert letters(stage) == []


async def test_a_done_ticket_ends_its_reports(stage: Floor) -> None:
    """What was never sent is withdrawn; what was, is resolved."""
    unsent, _ = await raised(stage)
    await stage.does("sato", CloseTicket(unsent))
    assert (await stage.case(unsent)).escalations[0].state == "withdrawn"
    sent, _ = await approved(stage)
    await stage.does("sato", CloseTicket(sent))
    assert (await stage.case(sent)).escalations[0].state == "resolved"


async def test_one_report_at_a_time(stage: Floor) -> None:
    """A second notify on the ticket is a conflict, with the first one's id; a takeover beside it is not."""
    number, id_ = await raised(stage)
    refusal = await stage.refused("sato", RaiseEscalation(number, "notify", report=draft()))
    assert (refusal.code, refusal.values["id"]) == ("conflict", str(id_))
    await stage.does("sato", RaiseEscalation(number))


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (None, "report.what"),
        (draft(what=" "), "report.what"),
        (Draft("障害", next_update=at("14:00")), "report.next_update"),
        (Draft("障害", next_update=at("14:00", "2028-01-01")), "report.next_update"),
        (Draft("障害", since=at("14:40")), "report.since"),
        (Draft("障害", since=-1), "report.since"),
    ],
)
async def test_a_report_that_says_nothing_true_is_refused(stage: Floor, report: Draft | None, field: str) -> None:
    """Without words, with a promise in the past, or a beginning in the future: the field is named, nobody is called."""
    number = await stage.ticket(customer=CUSTOMER)
    refusal = await stage.refused("sato", RaiseEscalation(number, "notify", report=report))
    assert (refusal.code, refusal.field) == ("invalid", field)
    assert stage.push.calls() == []


async def test_only_a_notify_carries_a_report(stage: Floor) -> None:
    """A takeover with one is a mistake somebody should hear of."""
    number = await stage.ticket()
    refusal = await stage.refused("sato", RaiseEscalation(number, report=draft()))
    assert (refusal.code, refusal.field) == ("invalid", "report")


@pytest.mark.parametrize("command", [AnswerConsult, ReviseReport])
async def test_ten_megabytes_are_refused_whole(stage: Floor, command: Any) -> None:
    """Refused at the door; nothing is kept and nothing changes."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("suzuki", command(id_, "x" * 10_000_000))).code == "invalid"
    assert (await stage.escalation(id_)).state == "accepted"


async def test_remarks_need_words_and_a_draft(stage: Floor) -> None:
    """Empty remarks are none; what has left is not sent back; twice is once."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    assert (await stage.refused("suzuki", ReviseReport(id_, " "))).detail == "empty"
    await stage.does("suzuki", ReviseReport(id_, "影響を。"))
    assert (await stage.does("suzuki", ReviseReport(id_, "影響を。"))).again
    assert (await stage.refused("suzuki", ApproveReport(id_))).detail == "remarks_wait"
    assert (await stage.refused("sato", ConfirmEscalation(id_))).detail == "remarks_wait"
    _, sent = await approved(stage)
    assert (await stage.refused("suzuki", ReviseReport(sent, "遅い"))).detail == "nothing_to_approve"


async def test_the_approver_declines_the_next_draft(stage: Floor) -> None:
    """Then the rung is asked, without them; whoever accepts approves."""
    _, id_ = await approved(stage)
    await stage.does("sato", AskAgain(id_, report=draft("16:30")))
    await stage.does("suzuki", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["takahashi"]
    await stage.does("takahashi", AcceptEscalation(id_))
    await stage.does("takahashi", ApproveReport(id_))
    assert len(letters(stage)) == 2


async def test_after_a_long_sleep_a_missed_update_is_told_once(stage: Floor) -> None:
    """Nine hours without an engine: one takeover, one word to the holder, and the next look is in the future."""
    number, id_ = await approved(stage)
    stage.clock.time = at("23:59")
    await stage.settle()
    assert len(await takeovers(stage, number)) == 1
    assert len(stage.push.told("update_missed")) == 1
    view = await stage.escalation(id_)
    assert view.next is not None
    assert view.next.at > stage.clock.time, clock_of(view.next.at)


async def test_notices_about_a_report_say_nothing_of_it(stage: Floor) -> None:
    """Number, level, time: no name of a customer and no word of the report leaves to a colleague."""
    await approved(stage)
    await stage.until("15:31")
    for _, message in [*stage.push.sent, *stage.mail.sent]:
        if message.kind != "customer_report":
            said = message.subject + message.text + message.payload.decode()
            assert not any(word in said for word in ("山田", "注文", "すべてのお客様", "見込み")), said


async def test_what_was_approved_is_not_undone(stage: Floor) -> None:
    """Taking it up can be taken back within ten seconds, but not once the report is on its way."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    assert (await stage.refused("suzuki", Undo(id_))).detail == "undo_overtaken"

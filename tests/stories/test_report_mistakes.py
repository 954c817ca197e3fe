"""What no customer may get, and what is no report."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine.ports import Failed, Transaction
from core.engine.store.sql import Statement
from core.escalation.commands import (
    AcceptEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    ResolveEscalation,
    Undo,
    WithdrawEscalation,
)
from core.escalation.kinds.commands import AnswerConsult, ApproveReport, AskAgain, ReviseReport
from core.escalation.kinds.model import Draft
from core.people.model import Actor
from core.tickets.commands import EditTicket
from tests.stories.floor import Floor, at
from tests.stories.kinds import CUSTOMER, approved, draft, letters, raised


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


async def test_one_draft_at_a_time(stage: Floor) -> None:
    """While one waits for approval, another is a conflict; the same one again is the same."""
    _, id_ = await approved(stage)
    second = draft("16:30", what="復旧作業中です。")
    await stage.does("sato", AskAgain(id_, report=second))
    assert (await stage.does("sato", AskAgain(id_, report=second))).again
    assert (await stage.refused("sato", AskAgain(id_, report=draft("16:40")))).detail == "report_waits"
    assert (await stage.refused("ito", AskAgain(id_, report=draft("16:40")))).detail == "authors_only"


async def test_a_mail_that_is_refused_is_told(stage: Floor) -> None:
    """5xx for good: holder and approver hear so, and approving it again sends it again."""
    number, id_ = await raised(stage)
    stage.mail.answers[f"customer:{number}"] = Failed("smtp_550")
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    assert sorted(stage.push.told("report_failed")) == [("14:32", "sato"), ("14:32", "suzuki")]
    kinds = [line.kind for line in (await stage.case(number)).timeline]
    assert "report_failed" in kinds
    assert (await stage.refused("sato", ResolveEscalation(id_))).detail == "not_sent_yet"
    del stage.mail.answers[f"customer:{number}"]
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


async def test_what_was_approved_is_not_undone(stage: Floor) -> None:
    """Taking it up can be taken back within ten seconds, but not once the report is on its way."""
    _, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.does("suzuki", ApproveReport(id_))
    assert (await stage.refused("suzuki", Undo(id_))).detail == "undo_overtaken"

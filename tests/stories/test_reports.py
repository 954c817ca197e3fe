"""A report to the customer: drafted, approved by the level the policy names, sent by mail."""

from __future__ import annotations

from core.engine.ports import Transaction
from core.engine.store.sql import Statement
from core.escalation.commands import (
    AcceptEscalation,
    RaiseEscalation,
    RefuseEscalation,
    ResolveEscalation,
)
from core.escalation.kinds.commands import ApproveReport, AskAgain, ReviseReport
from core.tickets.commands import CloseTicket
from tests.stories.floor import Floor, at
from tests.stories.kinds import CUSTOMER, approved, draft, letters, raised


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


async def test_a_done_ticket_ends_its_reports(stage: Floor) -> None:
    """What was never sent is withdrawn; what was, is resolved."""
    unsent, _ = await raised(stage)
    await stage.does("sato", CloseTicket(unsent))
    assert (await stage.case(unsent)).escalations[0].state == "withdrawn"
    sent, _ = await approved(stage)
    await stage.does("sato", CloseTicket(sent))
    assert (await stage.case(sent)).escalations[0].state == "resolved"


async def test_the_approver_declines_the_next_draft(stage: Floor) -> None:
    """Then the rung is asked, without them; whoever accepts approves."""
    _, id_ = await approved(stage)
    await stage.does("sato", AskAgain(id_, report=draft("16:30")))
    await stage.does("suzuki", RefuseEscalation(id_))
    assert await stage.calling(id_) == ["takahashi"]
    await stage.does("takahashi", AcceptEscalation(id_))
    await stage.does("takahashi", ApproveReport(id_))
    assert len(letters(stage)) == 2


async def test_notices_about_a_report_say_nothing_of_it(stage: Floor) -> None:
    """Number, level, time: no name of a customer and no word of the report leaves to a colleague."""
    await approved(stage)
    await stage.until("15:31")
    for _, message in [*stage.push.sent, *stage.mail.sent]:
        if message.kind != "customer_report":
            said = message.subject + message.text + message.payload.decode()
            assert not any(word in said for word in ("山田", "注文", "すべてのお客様", "見込み")), said

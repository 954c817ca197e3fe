"""An after-report notes what was handled; it is no escalation."""

from __future__ import annotations

import pytest

from core.escalation.kinds.after import AfterReportView, GetAfterReport
from core.tickets.commands import AddAfterReport, ClaimTicket, CloseTicket
from tests.stories.floor import Floor


async def test_it_calls_nobody(stage: Floor) -> None:
    """The note stands in the record; nobody is called or told, and nobody becomes responsible."""
    number = await stage.ticket()
    await stage.does("sato", AddAfterReport(number, "交換品を手配しました。"))
    case = await stage.case(number)
    assert [(line.kind, line.text) for line in case.timeline][-1] == ("after_report_added", "交換品を手配しました。")
    assert (stage.push.sent, stage.mail.sent, case.escalations, case.ticket.holder) == ([], [], (), None)


async def test_its_answer_says_why_it_is_no_escalation(stage: Floor) -> None:
    """In the reader's language, with the ticket as it is now and the way to call somebody."""
    number = await stage.ticket()
    for reader, word in (("sato", "エスカレーションではありません"), ("ito", "no escalation")):
        view = await stage.ask(reader, GetAfterReport(number))
        assert isinstance(view, AfterReportView)
        assert word in view.why
        assert (view.number, view.raise_route) == (number, f"/api/tickets/{number}/escalations")


async def test_also_of_what_is_done(stage: Floor) -> None:
    """After the matter is closed is when most of them are written."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", CloseTicket(number))
    await stage.does("ito", AddAfterReport(number, "お客様から御礼がありました。"))
    assert (await stage.case(number)).ticket.status == "done"


@pytest.mark.parametrize(("person", "text", "code"), [("sato", " ", "invalid"), ("kansa", "x", "not_allowed")])
async def test_what_is_no_after_report(stage: Floor, person: str, text: str, code: str) -> None:
    """Without words, or by whoever only looks on: refused, nothing is kept."""
    number = await stage.ticket()
    assert (await stage.refused(person, AddAfterReport(number, text))).code == code
    assert (await stage.refused("sato", AddAfterReport(99, "x"))).code == "unknown"
    assert [line.kind for line in (await stage.case(number)).timeline] == ["ticket_created"]

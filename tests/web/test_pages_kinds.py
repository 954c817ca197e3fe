"""Consults, reports to the customer and after-reports on the pages, as a browser without scripts walks them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from core.escalation.queries.questions import GetCase
from core.escalation.queries.views import Case
from core.tickets.commands import EditTicket
from core.tickets.model import Customer
from tests.web.floor import Floor, by
from tests.web.house import House
from tests.web.reading import Page
from tests.web.test_pages_acts import sent

QUESTION = "返金してよいでしょうか"
ANSWER = "かまいません。"


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day; the customer of the new ticket can be written to."""
    async with AsyncExitStack() as opened:
        stage = await Floor(tsubame, opened).furnish()
        version = (await case(stage)).ticket.version
        await stage.house.did(
            EditTicket(stage.new, version, customer=Customer("山田", "y@customer.example")), by("sato")
        )
        yield stage


async def case(floor: Floor) -> Case:
    """The new ticket as it is now."""
    found = await floor.house.desk.ask(GetCase(floor.new), by("sato"))
    assert isinstance(found, Case)
    return found


async def page_of(browser: httpx.AsyncClient, path: str) -> str:
    """The text of a page that has no fault."""
    text = (await browser.get(path)).text
    assert Page(text).faults() == []
    return text


async def raised(floor: Floor, browser: httpx.AsyncClient, kind: str, **fields: str) -> str:
    """Sato raises it by the sheet of this kind; its id."""
    new = f"/desk/tickets/{floor.new}/escalations"
    await page_of(browser, f"{new}/new?kind={kind}")
    answer = await sent(browser, f"{new}/new?kind={kind}", new, **fields)
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == f"/desk/tickets/{floor.new}"
    (escalation,) = (one for one in (await case(floor)).escalations if one.kind == kind)
    return f"/desk/escalations/{escalation.id}"


async def test_a_consult_from_question_to_end(floor: Floor) -> None:
    """Asked on the sheet, taken up on the Calls screen, answered on the ticket, confirmed by whoever asked."""
    sato, suzuki = await floor.browser("sato"), await floor.browser("suzuki")
    ticket = f"/desk/tickets/{floor.new}"
    consult = await raised(floor, sato, "consult", reason=QUESTION)
    assert "相談に応じる" in await page_of(suzuki, "/desk/")
    await sent(suzuki, "/desk/", f"{consult}/acceptance")
    shown = await page_of(suzuki, ticket)
    assert QUESTION in shown
    assert "回答待ち" in shown
    await sent(suzuki, ticket, f"{consult}/answer", text=ANSWER)
    assert "鈴木 一郎さんが回答しました" in await page_of(sato, "/desk/")
    shown = await page_of(sato, ticket)
    assert ANSWER in shown
    assert "もう一度たずねる" in shown
    await sent(sato, ticket, f"{consult}/confirmation")
    assert (await case(floor)).escalations[0].state == "resolved"


async def test_a_consult_becomes_a_takeover(floor: Floor) -> None:
    """One press by whoever answers, and they are responsible."""
    sato, suzuki = await floor.browser("sato"), await floor.browser("suzuki")
    consult = await raised(floor, sato, "consult", reason=QUESTION)
    await sent(suzuki, "/desk/", f"{consult}/acceptance")
    await sent(suzuki, f"/desk/tickets/{floor.new}", f"{consult}/takeover")
    assert (await case(floor)).ticket.holder == "suzuki"


async def test_a_report_from_draft_to_the_next(floor: Floor) -> None:
    """Drafted on the sheet, sent back, changed, approved; then the next update is asked for."""
    sato, suzuki = await floor.browser("sato"), await floor.browser("suzuki")
    ticket = f"/desk/tickets/{floor.new}"
    fields = {"began": "2026-11-20T14:00", "affects": "全店", "recovery": "17時ごろ", "update_in": "60"}
    notify = await raised(floor, sato, "notify", what="レジが止まっています。", **fields)
    await sent(suzuki, "/desk/", f"{notify}/acceptance")
    shown = await page_of(suzuki, ticket)
    for words in ("レジが止まっています。", "全店", "17時ごろ", "承認して送る"):
        assert words in shown
    await sent(suzuki, ticket, f"{notify}/revision", text="店舗名を書いてください。")
    shown = await page_of(sato, ticket)
    assert "店舗名を書いてください。" in shown
    await sent(sato, ticket, f"{notify}/question", what="渋谷店のレジが止まっています。", **fields)
    await sent(suzuki, "/desk/", f"{notify}/acceptance")
    await sent(suzuki, ticket, f"{notify}/approval")
    view = (await case(floor)).escalations[0]
    assert view.report is not None
    assert (view.report.what, view.report.nth) == ("渋谷店のレジが止まっています。", 1)
    shown = await page_of(sato, ticket)
    assert "報告の案を出す" in shown
    assert "お客様への次の連絡は" in shown


async def test_what_is_meant_can_be_chosen(floor: Floor) -> None:
    """With a takeover and a consult open, each has its own acts, one link apart."""
    sato = await floor.browser("sato")
    number = floor.called
    new = f"/desk/tickets/{number}/escalations"
    await sent(sato, f"{new}/new?kind=consult", new, reason=QUESTION)
    found = await floor.house.desk.ask(GetCase(number), by("sato"))
    for escalation in found.escalations:
        shown = await page_of(sato, f"/desk/tickets/{number}?about={escalation.id}")
        assert f'action="/desk/escalations/{escalation.id}/withdrawal"' in shown


async def test_an_after_report_says_what_it_is_not(floor: Floor) -> None:
    """The form says why it is no escalation; sending it calls nobody."""
    sato = await floor.browser("sato")
    sheet = f"/desk/tickets/{floor.new}/escalations/new"
    assert "事後報告はエスカレーションではありません" in await page_of(sato, sheet)
    answer = await sent(sato, sheet, f"/desk/tickets/{floor.new}/after-reports", text="交換を手配済み")
    assert answer.status_code == 303
    found = await case(floor)
    assert (found.escalations, found.timeline[-1].text) == ((), "交換を手配済み")


@pytest.mark.parametrize("fields", [{"began": "gestern"}, {"update_in": "-5"}, {"update_in": "x" * 99}, {"what": "  "}])
async def test_a_form_that_cannot_be_read(floor: Floor, fields: dict[str, str]) -> None:
    """A wrong time, a wrong number, no words: 422, and nobody is called."""
    sato = await floor.browser("sato")
    good = {"kind": "notify", "what": "停止", "began": "2026-11-20T14:00", "update_in": "60"}
    answer = await sato.post(
        f"/desk/tickets/{floor.new}/escalations", data={**good, **fields}, headers={"x-noroshi": "1"}
    )
    assert answer.status_code == 422
    assert (await case(floor)).escalations == ()

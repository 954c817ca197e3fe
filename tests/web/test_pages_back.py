"""The acts beside the main line, on the pages: undo, hand back, help, everyone, several at once, handover, contest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from core.escalation.commands import AcceptEscalation, RaiseEscalation
from core.escalation.queries.questions import GetEscalation, GetTicket
from core.tickets.commands import CreateTicket
from tests.web.floor import Floor, by
from tests.web.house import House
from tests.web.reading import Page
from tests.web.test_pages_acts import HTMX, sent


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day."""
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


async def state(floor: Floor) -> str:
    """Where the escalation stands."""
    return str((await floor.house.desk.ask(GetEscalation(floor.escalation), by("suzuki"))).state)


async def test_after_accepting_one_tap_undoes_it(floor: Floor) -> None:
    """The line that says it is yours has the button; the ticket has it, too, for whoever runs no script."""
    browser = await floor.browser("suzuki")
    said = await browser.post(f"/desk/escalations/{floor.escalation}/acceptance", headers=HTMX)
    assert 'action="/desk/undo"' in said.text
    answer = await sent(browser, f"/desk/tickets/{floor.called}", "/desk/undo")
    assert answer.headers["location"] == f"/desk/tickets/{floor.called}"
    assert await state(floor) == "calling"
    again = await browser.post(f"/desk/escalations/{floor.escalation}/refusal", headers=HTMX)
    assert 'action="/desk/undo"' not in again.text


async def test_after_raising_one_tap_undoes_it(floor: Floor) -> None:
    """Whoever called by mistake takes it back from the line that says so."""
    number = int((await floor.house.did(CreateTicket("数量違い"), by("sato"))).ref)
    browser = await floor.browser("sato")
    said = await browser.post(f"/desk/tickets/{number}/escalations", headers=HTMX)
    assert 'action="/desk/undo"' in said.text
    view = await floor.house.desk.ask(GetTicket(number), by("sato"))
    undone = await browser.post("/desk/undo", headers=HTMX, data={"escalation": view.escalations[0]})
    assert f"#{number} を元に戻しました" in undone.text
    other = await floor.browser("suzuki")
    refused = await other.post("/desk/undo", headers=HTMX, data={"escalation": str(floor.escalation)})
    assert refused.status_code == 403


async def test_handing_back_with_instructions(floor: Floor) -> None:
    """The holder's sheet asks for what is to be done; who is asked reads it on the Calls page."""
    await floor.house.did(AcceptEscalation(floor.escalation), by("suzuki"))
    browser = await floor.browser("suzuki")
    path = f"/desk/escalations/{floor.escalation}/return"
    answer = await sent(browser, f"/desk/tickets/{floor.called}", path, instructions="折り返してください", to="")
    assert answer.status_code == 303
    calls = (await (await floor.browser("sato")).get("/desk/")).text
    assert "折り返してください" in calls
    assert "差し戻し" in calls
    empty = await browser.post(path, headers=HTMX, data={"instructions": " ", "to": "hayashi"})
    assert empty.status_code in (409, 422)


async def test_help_and_everyone(floor: Floor) -> None:
    """Both ask in a sheet of their own before they are sent."""
    await floor.house.did(AcceptEscalation(floor.escalation), by("suzuki"))
    browser, ticket = await floor.browser("suzuki"), f"/desk/tickets/{floor.called}"
    await sent(browser, ticket, f"/desk/escalations/{floor.escalation}/responders", to="hayashi")
    view = await floor.house.desk.ask(GetEscalation(floor.escalation), by("suzuki"))
    assert view.responders == ("hayashi",)
    await sent(browser, ticket, f"/desk/escalations/{floor.escalation}/page-all")
    assert await state(floor) == "calling"


async def test_several_calls_at_once(floor: Floor) -> None:
    """From the second call on, one button accepts all that are shown, and says of how many it was so."""
    browser = await floor.browser("suzuki")
    number = int((await floor.house.did(CreateTicket("数量違い"), by("sato"))).ref)
    await floor.house.did(RaiseEscalation(number), by("sato"))
    page = Page((await browser.get("/desk/calls")).text)
    assert any(form.attributes["action"] == "/desk/calls/acceptances" for form in page.all("form"))
    answer = await sent(browser, "/desk/calls", "/desk/calls/acceptances")
    assert answer.status_code == 303
    for ticket in (floor.called, number):
        assert (await floor.house.desk.ask(GetTicket(ticket), by("suzuki"))).holder == "suzuki"


async def test_a_handover_from_page_to_page(floor: Floor) -> None:
    """Offered with notes, read and taken by the other; until then nothing has moved."""
    await floor.house.did(AcceptEscalation(floor.escalation), by("suzuki"))
    giver, taker = await floor.browser("suzuki"), await floor.browser("takahashi")
    await sent(giver, "/desk/handovers", "/desk/handovers", to="takahashi", notes="折り返し待ちです")
    assert (await floor.house.desk.ask(GetTicket(floor.called), by("suzuki"))).holder == "suzuki"
    assert "折り返し待ちです" in (await taker.get("/desk/handovers")).text
    await sent(taker, "/desk/handovers", "/desk/handovers/1/acceptance")
    assert (await floor.house.desk.ask(GetTicket(floor.called), by("suzuki"))).holder == "takahashi"
    assert (await taker.post("/desk/handovers/99/acceptance", headers=HTMX)).status_code == 404

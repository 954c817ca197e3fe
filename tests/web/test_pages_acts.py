"""Acts on the pages: what is sent, what is said, and what is true afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from core.escalation.commands import AcceptEscalation
from core.escalation.queries.questions import GetEscalation, GetTicket
from core.people.queries import MyDevices
from tests.web.floor import AUTH, ENDPOINT, P256DH, Floor, by
from tests.web.house import House
from tests.web.reading import Page

HTMX = {"hx-request": "true", "x-noroshi": "1"}
WORKER = {"accept": "application/json", "x-noroshi": "1"}


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day."""
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


async def sent(browser: httpx.AsyncClient, path: str, action: str, **fields: str) -> httpx.Response:
    """Fill in the form of this action on this page and send it, as a browser without scripts does."""
    page = Page((await browser.get(path)).text)
    form = next(form for form in page.all("form") if form.attributes["action"] == action)
    hidden = {
        field.attributes["name"]: field.attributes["value"]
        for field in page.all("input")
        if field.within("form") is form and field.attributes.get("type") == "hidden"
    }
    return await browser.post(action, data=hidden | fields)


async def test_accepting_without_scripts(floor: Floor) -> None:
    """The plain form accepts and leads to the ticket, which says who holds it since when."""
    browser = await floor.browser("suzuki")
    answer = await sent(browser, "/desk/", f"/desk/escalations/{floor.escalation}/acceptance")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/tickets/{floor.called}"
    assert "あなたが14:33から責任者です" in (await browser.get(answer.headers["location"])).text


async def test_accepting_with_htmx_says_so(floor: Floor) -> None:
    """htmx gets one sentence for the line above the bar, and the page is told to read itself again."""
    browser = await floor.browser("suzuki")
    answer = await browser.post(f"/desk/escalations/{floor.escalation}/acceptance", headers=HTMX)
    assert answer.status_code == 200
    assert answer.headers["hx-trigger"] == "again"
    assert f"あなたが14:33から #{floor.called} の責任者です" in answer.text


async def test_accepting_from_the_service_worker(floor: Floor) -> None:
    """The worker gets JSON: who holds it, since when, and the sentence to show."""
    browser = await floor.browser("suzuki")
    view = await floor.house.desk.ask(GetEscalation(floor.escalation), by("suzuki"))
    answer = await browser.post(
        f"/desk/escalations/{floor.escalation}/acceptance", json={"call": view.call}, headers=WORKER
    )
    told = answer.json()
    assert (told["ok"], told["holder"], told["ticket"]) == (True, "suzuki", floor.called)
    assert told["sentence"] == f"あなたが14:33から #{floor.called} の責任者です"


async def test_losing_the_race_names_the_holder(floor: Floor) -> None:
    """Of two, the second reads who holds it since when: on the page and in the worker's JSON."""
    first, second = by("suzuki"), await floor.browser("hayashi")
    await floor.house.did(AcceptEscalation(floor.escalation), first)
    page = await second.post(f"/desk/escalations/{floor.escalation}/acceptance", headers=HTMX)
    worker = await second.post(f"/desk/escalations/{floor.escalation}/acceptance", json={}, headers=WORKER)
    assert (page.status_code, worker.status_code) == (409, 409)
    assert "鈴木 一郎さん" in page.text
    assert "14:33" in page.text
    assert worker.json()["holder"] == "suzuki"
    assert "14:33" in worker.json()["detail"]


async def test_a_stranger_to_the_session_is_sent_to_sign_in(floor: Floor) -> None:
    """Without a session the worker gets 401 and nothing changes."""
    visitor = floor.house.visitor(**{"origin": floor.house.origin, "sec-fetch-site": "same-origin"})
    answer = await visitor.post(f"/desk/escalations/{floor.escalation}/acceptance", json={}, headers=WORKER)
    assert answer.status_code == 401
    view = await floor.house.desk.ask(GetEscalation(floor.escalation), by("suzuki"))
    assert view.held_by is None


async def test_passing_on_calls_the_chosen_person(floor: Floor) -> None:
    """The sheet lists who can be reached, and the chosen one is called."""
    browser = await floor.browser("suzuki")
    sheet = f"/desk/escalations/{floor.escalation}/reassignment"
    offered = [
        field.attributes["value"]
        for field in Page((await browser.get(sheet)).text).all("input")
        if field.attributes.get("type") == "radio"
    ]
    assert offered[0] == "takahashi"
    assert (await sent(browser, sheet, sheet, to="hayashi")).status_code == 303
    view = await floor.house.desk.ask(GetEscalation(floor.escalation), by("suzuki"))
    assert [call.person for call in view.calls if call.seat == "side"] == ["hayashi"]


async def test_raising_shows_the_ladder_first(floor: Floor) -> None:
    """What the sheet showed is called; the answer leads to the ticket."""
    browser = await floor.browser("sato")
    sheet = f"/desk/tickets/{floor.new}/escalations/new"
    answer = await sent(browser, sheet, f"/desk/tickets/{floor.new}/escalations", reason="急いでいます。")
    assert answer.headers["location"] == f"/desk/tickets/{floor.new}"
    assert "L2を呼出中" in (await browser.get(f"/desk/tickets/{floor.new}")).text


async def test_raising_asks_again_when_the_ladder_changed(floor: Floor) -> None:
    """If other people would be called than were shown, nothing is sent and the sheet asks once."""
    browser = await floor.browser("sato")
    path = f"/desk/tickets/{floor.new}/escalations"
    answer = await browser.post(path, data={"shown": "another ladder"}, headers=HTMX)
    assert answer.headers["noroshi-then"].startswith(f"{path}/new?changed=true")
    assert "呼ばれる人が変わりました" in (await browser.get(answer.headers["noroshi-then"])).text
    assert (await floor.house.desk.ask(GetTicket(floor.new), by("sato"))).escalations == ()


async def test_a_wait_is_given_in_minutes(floor: Floor) -> None:
    """The phone says how long; the desk records until when."""
    browser = await floor.browser("sato")
    path = f"/desk/tickets/{floor.new}/waiting"
    await browser.post(path, data={"minutes": "30", "on": "customer"}, headers=HTMX)
    ticket = await floor.house.desk.ask(GetTicket(floor.new), by("sato"))
    assert ticket.wake_at == floor.house.clock.time + 30 * 60_000


async def test_an_unknown_verb_is_not_there(floor: Floor) -> None:
    """A noun that is no act answers as an unknown page, and bad fields are named."""
    browser = await floor.browser("suzuki")
    unknown = await browser.post(f"/desk/escalations/{floor.escalation}/explosion", headers=HTMX)
    assert unknown.status_code == 404
    bad = await browser.post(f"/desk/escalations/{floor.escalation}/climb", json={"level": "high"}, headers=WORKER)
    assert bad.status_code == 422
    assert bad.json()["field"] == "level"


async def test_a_phone_task_is_taken_then_answered(floor: Floor) -> None:
    """The number is masked until somebody takes the task; the outcome is recorded for the one who was rung."""
    await floor.wait(11)
    browser = await floor.browser("sato")
    offered = await browser.get("/desk/phone")
    assert "+81-90-1234-5678" not in offered.text
    assert "5678" in offered.text
    taking = next(
        form.attributes["action"]
        for form in Page(offered.text).all("form")
        if form.attributes["action"].endswith("/taking")
    )
    assert (await sent(browser, "/desk/phone", taking)).headers["location"] == "/desk/phone"
    assert 'href="tel:+81-90-1234-5678"' in (await browser.get("/desk/phone")).text
    outcome = taking.replace("/taking", "/outcome")
    await browser.post(outcome, data={"outcome": "accepted"}, headers=HTMX)
    view = await floor.house.desk.ask(GetEscalation(floor.escalation), by("suzuki"))
    assert view.held_by == "suzuki"


async def test_a_standing_alarm_is_on_top_of_every_calls_page(floor: Floor) -> None:
    """When nobody on the whole ladder answered, the alarm stands above everything else."""
    await floor.wait(3 * 60)
    words = Page((await (await floor.browser("hayashi")).get("/desk/")).text).all("section")[0].words
    assert f"未応答警報#{floor.called}" in words
    assert "呼んでいます" not in words.partition("未応答警報")[0]


async def test_my_language_changes_the_next_page(floor: Floor) -> None:
    """The choice on Me is mine from the next page on."""
    browser = await floor.browser("suzuki")
    assert (await sent(browser, "/desk/me", "/desk/me/language", language="en")).status_code == 303
    assert "Calls" in (await browser.get("/desk/")).text


async def test_this_browser_becomes_a_device(floor: Floor) -> None:
    """The script posts the subscription; the answer carries the device's id, and Me lists it."""
    browser = await floor.browser("hayashi")
    body = {"endpoint": f"{ENDPOINT}d", "keys": {"p256dh": P256DH, "auth": AUTH}, "name": "iPhone · Safari"}
    answer = await browser.post("/desk/me/devices", json=body, headers=WORKER)
    devices = await floor.house.desk.ask(MyDevices(), by("hayashi"))
    assert answer.status_code == 201
    assert [device.id for device in devices.items] == [answer.json()["id"]]
    assert "iPhone · Safari" in (await browser.get("/desk/me")).text


async def test_signing_out_everywhere_ends_this_session_too(floor: Floor) -> None:
    """After "sign out everywhere" the next page is the way in."""
    browser = await floor.browser("suzuki")
    answer = await sent(browser, "/desk/me", "/desk/me/sessions/closure")
    assert answer.headers["location"] == "/desk/sign-in"
    assert (await browser.get("/desk/")).headers["location"].startswith("/desk/sign-in")

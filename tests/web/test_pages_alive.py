"""The pages in a real browser: nothing jumps, nothing is lost, nothing breaks the content policy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from core.escalation.commands import AcceptEscalation
from core.people.model import Language
from core.tickets.commands import AddComment
from tests.web.floor import Floor, by
from tests.web.house import LOCAL, house, served
from tests.web.test_pages_render import PATHS

pytestmark = pytest.mark.browser
LISTEN = """() => { window.heard = new Promise((done, late) => {
    document.getElementById("live").addEventListener("desk", () => done(true), { once: true });
    setTimeout(() => late(new Error("no hint came")), 15_000);
}); }"""
SMALL = """[...document.querySelectorAll('.button, .bar a, .tabs a, .back, summary, textarea, select, input')]
    .filter(element => element.checkVisibility() && !element.matches('[type=radio], [type=hidden]'))
    .map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
    .filter(([, box]) => box.height < 48 || box.width < 44)
    .map(([text, box]) => `${text} ${box.width}×${box.height}`)"""
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


class Visit:
    """A page of the desk in a browser, and what that browser complained about."""

    def __init__(self, floor: Floor, url: str, page: Page) -> None:
        self.floor = floor
        self.url = url
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        page.on("console", lambda line: self.complaints.append(line.text) if "Security Policy" in line.text else None)

    async def open(self, path: str) -> None:
        """Go to a page of the desk."""
        await self.page.goto(self.url + path.format(**self.floor.numbers))

    async def sign_in(self, who: str) -> None:
        """By a one-time link."""
        await self.open(await self.floor.house.invite(who))
        await self.page.locator("main button").click()
        await self.page.wait_for_url("**/desk/")


@pytest.fixture
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        await opened.close()


@pytest.fixture
async def visit(tmp_path: Path, browser: Browser) -> AsyncIterator[Visit]:
    """suzuki at the Calls page of a desk in the middle of its day."""
    async with AsyncExitStack() as opened:
        at_home = await opened.enter_async_context(house(tmp_path, LOCAL))
        floor = await Floor(at_home, opened).furnish()
        url = await opened.enter_async_context(served(at_home.app))
        context = await browser.new_context(viewport=NARROW, locale="ja", reduced_motion="reduce")  # type: ignore[arg-type]
        visit = Visit(floor, url, await context.new_page())
        await visit.sign_in("suzuki")
        yield visit
        await context.close()


async def test_accepting_moves_the_card_without_a_new_page(visit: Visit) -> None:
    """One tap: the sentence is shown, the card becomes a thing held, and the page was not loaded anew."""
    await visit.page.evaluate("window.same = true")
    await visit.page.locator(".call .button.ember").click()
    await expect(visit.page.locator("#said")).to_contain_text(f"#{visit.floor.called}")
    await expect(visit.page.locator(f"#held-{visit.floor.called}")).to_be_visible()
    await expect(visit.page.locator(".call")).to_have_count(0)
    assert await visit.page.evaluate("window.same") is True
    assert visit.complaints == []


async def test_a_hint_brings_the_news(visit: Visit) -> None:
    """When somebody else accepts, the card goes away by itself."""
    await expect(visit.page.locator(".call")).to_have_count(1)
    await visit.floor.house.did(AcceptEscalation(visit.floor.escalation), by("takahashi"))
    await expect(visit.page.locator(".call")).to_have_count(0, timeout=15_000)


async def test_what_is_being_typed_stays(visit: Visit) -> None:
    """A hint does not touch a page while a field is at work; the news comes when it is left."""
    await visit.open("/desk/tickets/{called}")
    await visit.page.locator("#comment").fill("書きかけのメモ")
    asked = visit.page.locator(".timeline", has_text="別のメモ")
    await visit.page.evaluate(LISTEN)
    await visit.floor.house.did(AddComment(visit.floor.called, "別のメモ"), by("sato"))
    assert await visit.page.evaluate("window.heard") is True
    await expect(asked).to_have_count(0)
    await visit.page.locator("#comment").blur()
    await expect(asked).to_be_visible()
    await expect(visit.page.locator("#comment")).to_have_value("書きかけのメモ")


async def test_an_acceptance_is_never_kept_for_later(visit: Visit) -> None:
    """Without a network the tap says "not sent, call the desk", and nothing leaves when the network is back."""
    await visit.page.context.set_offline(True)
    await visit.page.locator(".call .button.ember").click()
    await expect(visit.page.locator("#said")).to_contain_text("デスクに電話してください")
    await visit.page.context.set_offline(False)
    async with visit.page.expect_response(lambda answer: answer.request.method == "GET"):
        await visit.page.evaluate("htmx.trigger(document.body, 'again')")
    await expect(visit.page.locator(".call")).to_have_count(1)


async def test_without_a_network_the_worker_has_a_page(visit: Visit) -> None:
    """A page that cannot be reached is answered by the service worker, in its own words."""
    await visit.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await visit.page.reload()
    await visit.page.context.set_offline(True)
    await visit.open("/desk/queue")
    await expect(visit.page.locator("h1")).to_have_text("つながっていません")


async def test_the_first_connection_is_tried_again(visit: Visit, browser: Browser) -> None:
    """A live stream that cannot begin is begun later, and its error is not swapped into the page."""
    context = await browser.new_context(service_workers="block")  # a worker would hide requests from the route below
    other = Visit(visit.floor, visit.url, await context.new_page())
    asked = 0

    async def refuse_once(route: Route) -> None:
        nonlocal asked
        asked += 1
        await (route.fulfill(status=503, body="no") if asked == 1 else route.continue_())

    await other.page.route("**/desk/live", refuse_once)
    async with other.page.expect_response(lambda answer: answer.url.endswith("/live") and answer.status == 200):
        await other.sign_in("hayashi")
    assert asked == 2
    await expect(other.page.locator("h1")).to_be_visible()
    await expect(other.page.locator("#live")).to_be_empty()
    await context.close()


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_no_page_is_wider_than_a_small_phone(visit: Visit, language: Language) -> None:
    """Every page fits 320 px and a desk's screen, and breaks no line of the content policy."""
    await visit.floor.speaks("suzuki", language)
    for size in (NARROW, WIDE):
        await visit.page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in PATHS:
            await visit.open(path)
            width = await visit.page.evaluate("document.documentElement.scrollWidth")
            assert width <= size["width"], f"{path} is {width} px wide"
    assert visit.complaints == []


async def test_what_is_pressed_is_large_enough(visit: Visit) -> None:
    """Buttons, fields and the entries of the bar are at least 44 px high and wide, most 48."""
    for path in ("/desk/", "/desk/queue", "/desk/tickets/{called}", "/desk/me", "/desk/phone"):
        await visit.open(path)
        assert await visit.page.evaluate(SMALL) == [], path

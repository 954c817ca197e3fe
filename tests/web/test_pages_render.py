"""Every page, in both languages, for people who see different things."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from core.people.model import Language
from tests.web.floor import Floor
from tests.web.house import House
from tests.web.reading import Page

KEY = re.compile(r"\b(?:web|timeline|refusal|code|span)\.[a-z_]+(?:\.[a-z_]+)*\b")
SCRIPTED = re.compile(r'<meta name="noroshi-words"[^>]*>')
PATHS = (
    "/desk/", "/desk/queue", "/desk/queue?tab=mine", "/desk/queue?tab=waiting", "/desk/queue?tab=escalated",
    "/desk/queue?tab=done", "/desk/tickets/{called}", "/desk/tickets/{called}?tab=escalated", "/desk/tickets/{held}",
    "/desk/tickets/{new}", "/desk/tickets/{waiting}", "/desk/tickets/{done}?tab=done", "/desk/tickets/{offered}",
    "/desk/tickets/{new}/escalations/new", "/desk/tickets/{new}/escalations/new?level=3",
    "/desk/tickets/{called}/escalations/new", "/desk/escalations/{escalation}/reassignment", "/desk/phone", "/desk/me",
    "/desk/rules",
    "/desk/sign-in", "/desk/offline",
)  # fmt: skip


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day."""
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("who", ["suzuki", "sato"])
async def test_every_page_is_whole(floor: Floor, who: str, language: Language) -> None:
    """A page renders in the reader's language, without missing words, inline code, unnamed or unlabelled elements."""
    await floor.speaks(who, language)
    browser = await floor.browser(who)
    for path in PATHS:
        answer = await browser.get(path.format(**floor.numbers), follow_redirects=True)
        assert answer.status_code == 200, path
        page = Page(answer.text)
        assert page.faults() == [], path
        assert page.unguarded() == [], path
        assert page.all("html")[0].attributes["lang"] == language
        assert KEY.findall(SCRIPTED.sub("", answer.text)) == [], path
        assert len(page.all("h1")) <= 1, path


async def test_fragments_leave_the_frame_away(floor: Floor) -> None:
    """When htmx asks, only what stands inside the frame comes: no head, no second live stream."""
    browser = await floor.browser("suzuki")
    fragment = Page((await browser.get("/desk/", headers={"hx-request": "true"})).text)
    assert fragment.all("html", "head", "body", "script") == []
    assert fragment.all("main")
    assert fragment.all("nav")


async def test_the_call_card_says_who_calls_until_when(floor: Floor) -> None:
    """A card names the caller, the seat and the deadline, and its answers are fenced by the call."""
    browser = await floor.browser("suzuki")
    text = (await browser.get("/desk/")).text
    assert "佐藤 由美さんが呼んでいます" in text
    assert "14:43まで" in text or "15:03まで" in text
    card = next(element for element in Page(text).all("article"))
    assert card.attributes["id"].startswith("call-")
    calls = [field.attributes["value"] for field in Page(text).all("input") if field.attributes.get("name") == "call"]
    assert set(calls) == {card.attributes["id"].removeprefix("call-")}


async def test_nobody_sees_the_other_teams_ticket(floor: Floor) -> None:
    """To somebody of another team the ticket is as unknown as a number that does not exist."""
    browser = await floor.browser("kato")
    ours, none = await browser.get(f"/desk/tickets/{floor.called}"), await browser.get("/desk/tickets/987654")
    assert (ours.status_code, none.status_code) == (404, 404)
    assert ours.text == none.text
    assert "#" not in Page((await browser.get("/desk/queue")).text).all("main")[0].words


async def test_personal_data_needs_clearance(floor: Floor) -> None:
    """Who has no clearance reads why the customer is not shown."""
    cleared, other = await floor.browser("sato"), await floor.browser("suzuki")
    path = f"/desk/tickets/{floor.called}"
    assert "山田商店" in (await cleared.get(path)).text
    text = (await other.get(path)).text
    assert "山田商店" not in text
    assert "許可がある人だけ" in text


async def test_a_stopped_engine_is_said_on_every_page(floor: Floor) -> None:
    """Nothing beats here, so every page says that nobody is called."""
    browser = await floor.browser("suzuki")
    for path in ("/desk/", "/desk/queue", "/desk/phone", "/desk/me", f"/desk/tickets/{floor.new}"):
        assert "エンジンが止まっています" in (await browser.get(path)).text


async def test_what_is_forbidden_says_why(floor: Floor) -> None:
    """An act that the reader may not do is shown, disabled, with its reason."""
    browser = await floor.browser("sato")
    page = Page((await browser.get(f"/desk/tickets/{floor.called}")).text)
    disabled = [button for button in page.all("button") if "disabled" in button.attributes]
    reasons = {element.attributes["id"]: element.words for element in page.all("p") if "id" in element.attributes}
    assert disabled
    assert all(reasons[button.attributes["aria-describedby"]] for button in disabled)


async def test_the_worker_has_words_and_a_shell(floor: Floor) -> None:
    """The service worker gets words in both languages, and every address it keeps can be read without a session."""
    visitor = floor.house.visitor()
    kept = (await visitor.get("/desk/worker.json")).json()
    assert set(kept["words"]) == {"ja", "en"}
    assert set(kept["words"]["ja"]) == set(kept["words"]["en"])
    assert [path for path in kept["shell"] if (await visitor.get(path)).status_code != 200] == []

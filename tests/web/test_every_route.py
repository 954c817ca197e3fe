"""What holds for every route under /desk and /api, also for those that come later: the list is the app's own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest

from core.escalation.queries.questions import GetEscalation
from core.escalation.queries.views import EscalationView
from tests.web.floor import Floor, by
from tests.web.house import ORIGIN, PAGE, House, problem

ENDLESS = ("/desk/live", "/api/live")
FIELD = re.compile(r"{(\w+)(?::\w+)?}")
NOT_ENOUGH = {
    "no origin": {"x-noroshi": "1"},
    "no token": {"origin": ORIGIN, "sec-fetch-site": "same-origin"},
    "elsewhere": {"origin": "https://elsewhere.example", "x-noroshi": "1"},
    "another site": {"sec-fetch-site": "cross-site", "x-noroshi": "1"},
}
"""What a request from a page that is not ours can bring beside somebody's session."""


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day."""
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


def addresses(floor: Floor, method: str, under: str) -> list[str]:
    """Every address that knows this method, about things that are there."""
    known = {"number": floor.called, "n": floor.called, "ticket": floor.called, "escalation": floor.escalation}
    paths = {
        route.path
        for route in floor.house.app.routes
        if route.path.startswith(under) and method in getattr(route, "methods", ())
    }
    return sorted(FIELD.sub(lambda field: str(known.get(field[1], 1)), path) for path in paths.difference(ENDLESS))


def everything(folder: Path) -> str:
    """All that the database holds."""
    with closing(sqlite3.connect(f"file:{folder / 'desk.db'}?mode=ro", uri=True)) as database:
        return "\n".join(database.iterdump())


@pytest.mark.parametrize("brings", NOT_ENOUGH.values(), ids=NOT_ENOUGH)
async def test_no_act_can_be_forced_from_elsewhere(floor: Floor, tmp_path: Path, brings: dict[str, str]) -> None:
    """With a session alone, every act is refused before anything is read of it, and nothing changes."""
    browser = await floor.browser("suzuki")
    for name in ("origin", "sec-fetch-site"):
        del browser.headers[name]
    before, acts = everything(tmp_path), addresses(floor, "POST", "/desk")
    assert len(acts) > 25
    for address in acts:
        answer = await browser.post(address, headers={"accept": "application/json", **brings})
        assert problem(answer) == (403, "not_allowed"), address
    assert everything(tmp_path) == before


async def test_the_same_acts_pass_from_our_own_pages(floor: Floor) -> None:
    """What is refused above is refused for where it comes from: from here, the acceptance happens."""
    browser = await floor.browser("suzuki")
    address = f"/desk/escalations/{floor.escalation}/acceptance"
    assert address in addresses(floor, "POST", "/desk")
    answer = await browser.post(address, headers={"accept": "application/json", "x-noroshi": "1"})
    assert answer.status_code == 200
    view = await floor.house.desk.ask(GetEscalation(floor.escalation), by("suzuki"))
    assert isinstance(view, EscalationView)
    assert view.held_by == "suzuki"


async def test_pages_know_two_verbs(floor: Floor) -> None:
    """Under /desk there is looking and acting; no route hides behind another verb."""
    methods = {method for route in floor.house.app.routes for method in getattr(route, "methods", ())
               if route.path.startswith("/desk")}  # fmt: skip
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST"}


async def test_looking_changes_nothing(floor: Floor, tmp_path: Path) -> None:
    """Whoever is signed in may open every page and ask the API for everything: the database stays as it is."""
    browser, invite = await floor.browser("suzuki"), await floor.house.invite("sato")
    pages = [*addresses(floor, "GET", "/desk"), invite]
    async with await floor.house.program("suzuki") as program:
        # The first request of a session or token marks it as in use.
        assert [(await browser.get("/desk/me")).status_code, (await program.get("/api/me")).status_code] == [200, 200]
        before = everything(tmp_path)
        answers = [(await browser.get(page, headers=PAGE)).status_code for page in pages]
        answers += [(await program.get(address)).status_code for address in addresses(floor, "GET", "/api")]
    assert answers.count(200) > 20
    assert max(answers) < 500
    assert everything(tmp_path) == before

"""The page of rules: for everybody who is signed in, with figures for whoever may change a rule, and on paper."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.web.floor import Floor
from tests.web.house import House
from tests.web.reading import Page


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


async def text(floor: Floor, who: str) -> str:
    answer = await (await floor.browser(who)).get("/desk/rules")
    assert answer.status_code == 200
    return answer.text


async def test_an_operator_reads_when_to_call_whom(floor: Floor) -> None:
    """Rules with what to say, policies with their ladders, and no figures."""
    page = await text(floor, "sato")
    assert "どれにも当てはまらないとき" in page
    assert "プッシュ通知で呼びます" in page
    assert "未応答警報になります" in page
    assert "か月で" not in page


async def test_a_supervisor_sees_how_often_a_rule_was_followed(floor: Floor) -> None:
    """Beside the rule, and without a name."""
    assert "この6か月で2回当てはまり、2回はこのとおり、0回は別の呼び方が選ばれました。" in await text(floor, "suzuki")


async def test_whoever_is_not_signed_in_reads_nothing(floor: Floor) -> None:
    """Names of people on duty stand on it."""
    async with floor.house.visitor() as browser:
        answer = await browser.get("/desk/rules")
    assert answer.status_code == 401
    assert "当番" not in answer.text


async def test_it_has_a_sheet_of_its_own_for_paper(floor: Floor) -> None:
    """Printed, the frame stays away: the style for paper is loaded for paper alone."""
    sheets = Page(await text(floor, "sato")).all("link")
    paper = [sheet for sheet in sheets if sheet.attributes.get("media") == "print"]
    assert [sheet.attributes["rel"] for sheet in paper] == ["stylesheet"]
    assert "/print." in str(paper[0].attributes["href"])


async def test_the_raise_sheet_leads_to_it(floor: Floor) -> None:
    """Who wonders why is one tap away from all the rules."""
    page = (await (await floor.browser("sato")).get(f"/desk/tickets/{floor.new}/escalations/new")).text
    assert 'href="/desk/rules"' in page

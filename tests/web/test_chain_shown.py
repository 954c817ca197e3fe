"""The ticket page shows what became of each message."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from core.engine.dispatch import Dispatcher
from tests.engine.toy import Wire
from tests.web.floor import Floor
from tests.web.house import House
from tests.web.reading import Page


@pytest.fixture
async def floor(tsubame: House) -> AsyncIterator[Floor]:
    """A desk in the middle of its day."""
    async with AsyncExitStack() as opened:
        yield await Floor(tsubame, opened).furnish()


async def test_the_ladder_follows_each_message(floor: Floor) -> None:
    """Queued, sent, accepted by the service: in words, with the time where it changes; the page stays whole."""
    dispatcher = Dispatcher(floor.house.desk, {name: Wire(name) for name in ("push", "mail")}, "test")
    while await dispatcher.step():
        await dispatcher.land()
    browser = await floor.browser("suzuki")
    page = await browser.get(f"/desk/tickets/{floor.numbers['called']}")
    said = " ".join(re.sub(r"<[^>]+>", "", page.text).split())
    assert re.search(r"プッシュ\s*待機 \d\d:\d\d → 送信 → 配信サービスが受理", said)
    assert Page(page.text).faults() == []

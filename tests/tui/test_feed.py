from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from core.console.running import beside
from core.engine.hint import Hint
from tests.tui.fake_door import FakeDoor
from tui import feed as feeding
from tui.feed import Feed, News

PATIENCE = 30


@asynccontextmanager
async def fed(door: FakeDoor, told: list[News], gate: asyncio.Event) -> AsyncIterator[Feed]:
    async def on_news(news: News) -> None:
        told.append(news)
        await gate.wait()

    feed = Feed(door, on_news)
    async with beside(feed.run()):
        yield feed


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0)


async def test_hints_that_come_while_one_is_told_are_told_together() -> None:
    """A busy desk is read again once, not once for each hint."""
    told: list[News] = []
    gate = asyncio.Event()
    async with fed(FakeDoor(), told, gate) as feed:
        feed.hear(Hint("1", "CommentAdded", 1))
        await until(lambda: len(told) == 1)
        for number in (2, 3, 2):
            feed.hear(Hint("2", "CommentAdded", number))
        gate.set()
        await until(lambda: not feed.busy)
    assert told == [News(frozenset({1})), News(frozenset({2, 3}))]


async def test_a_hint_about_no_ticket_means_everything() -> None:
    """`reload`, and whatever has no number."""
    told: list[News] = []
    gate = asyncio.Event()
    gate.set()
    async with fed(FakeDoor(), told, gate) as feed:
        feed.hear(Hint("1", "reload"))
        await until(lambda: bool(told))
    assert told[0].everything


async def test_after_a_cut_everything_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed comes back by itself and begins with a reload."""
    monkeypatch.setattr(feeding, "WAITS", (0.0,))
    told: list[News] = []
    gate = asyncio.Event()
    gate.set()
    door = FakeDoor()
    async with fed(door, told, gate):
        door.cut_off = True
        door.tell(1)
        await until(lambda: any(news.everything for news in told))
        door.cut_off = False
        door.tell(7)
        await until(lambda: any(7 in news.tickets for news in told))

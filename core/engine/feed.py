"""The feed: one follower of the journal per process tells everybody who may know that something happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog

from core.engine.catalogue import Catalogue
from core.engine.hint import Hint as Hint
from core.engine.journal import SQL
from core.engine.place import Place, place_of
from core.engine.ports import NotStored, Reader, Store

log = structlog.get_logger()
ROOM: Final = 256
PAGE: Final = 500
GATHER: Final = 0.02
"""Seconds in which the commits of a busy moment gather to one look."""
LOOK_EVERY: Final = 0.25
"""Seconds between looks for news of other processes on the same file."""
START: Final = Place()


class _Listener:
    __slots__ = ("after", "by", "queue")

    def __init__(self, by: Any, after: Place) -> None:
        self.by = by
        self.after = after
        self.queue: asyncio.Queue[Hint] = asyncio.Queue(ROOM)

    def offer(self, hint: Hint) -> None:
        """A slow reader gets one `reload` instead of a growing backlog."""
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            hint = Hint(hint.cursor, "reload")
        self.queue.put_nowait(hint)


class Follower:
    """Reads new journal rows once and offers a hint to each listener that may see the stream."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue
        self._listeners: set[_Listener] = set()
        self._news = asyncio.Event()
        self._last: Place | None = None
        self._heard = START

    def wake(self, newest: int = 0) -> None:
        """News may have come, up to this event; where nobody listens, nobody looks."""
        self._heard = max(self._heard, Place(id=newest))
        if self._listeners:
            self._news.set()

    async def follow(self, by: Any, after: str | None = None) -> AsyncIterator[Hint]:
        """Hints for one actor; with `after` older than now, first a `reload`."""
        async with self._listening(by) as listener:
            newest = await self._newest()
            if after is not None and after != str(newest):
                yield Hint(str(newest), "reload")
            while True:
                yield await listener.queue.get()

    @asynccontextmanager
    async def _listening(self, by: Any) -> AsyncIterator[_Listener]:
        listener = _Listener(by, max(self._heard, self._last or START))
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    async def _newest(self) -> Place:
        row = await self._store.read(lambda tx: tx.one(SQL["journal_newest"]))
        return place_of(row, 1) if row else START

    async def run(self) -> None:
        """Follow for ever. Own commits wake it; others' are seen by the journal's newest id."""
        while True:
            try:
                while await self.step():
                    pass
            except NotStored as error:
                log.error("feed: nothing read", reason=str(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._news.wait()
                await asyncio.sleep(GATHER)
            self._news.clear()

    async def step(self) -> bool:
        """Tell one page of news; whether there may be more."""
        if self._last is None or not self._listeners:
            await self._skip()
            return False
        after = self._last
        rows, sights = await self._store.read(lambda tx: self._page(tx, after))
        for row in rows:
            _, stream, stream_id, kind = row[:4]
            place = self._last = place_of(row, 4)
            hint = Hint(str(place), kind, stream_id if stream == "ticket" else None)
            may_see = sights[stream, stream_id]
            for listener in self._listeners:
                if place > listener.after and may_see(listener.by):
                    listener.offer(hint)
        return len(rows) == PAGE

    async def _skip(self) -> None:
        """What nobody listens to is not told. Who came before the first look may have missed something: `reload`."""
        first, newest = self._last is None, await self._newest()
        if first or not self._listeners:  # somebody who came while we looked is told all that follows
            self._last = newest
        for listener in self._listeners if first else ():
            listener.offer(Hint(str(newest), "reload"))

    def _page(
        self, tx: Reader, after: Place
    ) -> tuple[list[tuple[Any, ...]], dict[tuple[str, int], Callable[[Any], bool]]]:
        rows = tx.all(SQL["journal_after"], after.params(PAGE))
        streams = {(row[1], row[2]) for row in rows}
        return rows, {key: self._sight(tx, *key) for key in streams}

    def _sight(self, tx: Reader, stream: str, stream_id: int) -> Callable[[Any], bool]:
        try:
            return self._catalogue.sights.get(stream, _unseen)(tx, stream_id)
        except NotStored:
            raise
        except Exception as error:  # a hint is no reason to stop the engine: who reads anew sees what is there
            log.exception("feed: a sight throws", stream=stream, id=stream_id, error=type(error).__name__)
            return _nobody


def _unseen(tx: Reader, stream_id: int) -> Callable[[Any], bool]:
    return _nobody


def _nobody(_: Any) -> bool:
    return False

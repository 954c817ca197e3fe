"""Server-sent events: hints, never the truth. A stream ends when its key is revoked or the server stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec
from litestar import Request, get
from litestar.response import Stream

from core.engine.desk import Desk
from core.engine.hint import Hint
from core.people.model import NOBODY, Actor
from core.people.queries import Authenticate, Identity
from web.api import cursors_of
from web.cursor import CursorError
from web.visit import visit_of

KEEP_ALIVE: Final = 15.0
"""Seconds of silence until a comment is sent, so that nobody on the way hangs up."""
HELLO: Final = b": noroshi\n\n"
HEADERS: Final = {"X-Accel-Buffering": "no"}
MEDIA: Final = "text/event-stream"
ABOUT: Final = "GET /api/live"
Asked = Request[Any, Any, Any]
Write = Callable[[Hint], bytes]


@dataclass(eq=False, slots=True)
class Line:
    """One open stream: whose it is, by which key, and the hint it waits for."""

    by: Actor
    key: Authenticate
    hints: AsyncIterator[Hint]
    coming: asyncio.Future[Hint]

    async def next(self) -> Hint | None:
        """The next hint; None after a while of silence. CancelledError once the line was cut."""
        done, _ = await asyncio.wait({self.coming}, timeout=KEEP_ALIVE)
        if not done:
            return None
        hint = self.coming.result()
        self.coming = asyncio.ensure_future(anext(self.hints))
        return hint

    def cut(self) -> None:
        """End it. Nothing is awaited: this also runs where a stream is being torn down."""
        self.coming.cancel()


class Live:
    """All open streams of this process."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lines: set[Line] = set()

    def __len__(self) -> int:
        return len(self._lines)

    def close(self) -> None:
        """The server stops: every stream ends now."""
        for line in self._lines:
            line.cut()

    async def events(self, by: Actor, key: Authenticate, after: str | None, write: Write) -> AsyncGenerator[bytes]:
        """What is sent on one stream, until its key works no more."""
        hints = self._desk.feed(by, after)
        line = Line(by, key, hints, asyncio.ensure_future(anext(hints)))
        self._lines.add(line)
        try:
            yield HELLO
            while (sent := await self._next(line, write)) is not None:
                yield sent
        finally:
            line.cut()
            self._lines.discard(line)

    async def _next(self, line: Line, write: Write) -> bytes | None:
        try:
            hint = await line.next()
        except (asyncio.CancelledError, StopAsyncIteration):
            if line.coming.cancelled():
                return None
            raise
        if (hint is None or hint.ticket is None) and not await self._still_in(line):
            return None
        return HELLO if hint is None else write(hint)

    async def _still_in(self, line: Line) -> bool:
        """News that is about no ticket may be about this person's own sessions."""
        return isinstance(await self._desk.ask(line.key, NOBODY), Identity)


@get("/live")
async def desk_live(request: Asked) -> Stream:
    """For pages: `desk` with the ticket's number, or nothing for everything else. They read anew what they show."""
    return _stream(request, "session", None, _for_page)


@get("/live")
async def api_live(request: Asked) -> Stream:
    """For programs: the event's kind, with a cursor to go on from (`Last-Event-ID`)."""
    actor = visit_of(request).actor
    cursors = cursors_of(request)

    def write(hint: Hint) -> bytes:
        data = msgspec.json.encode({"ticket": hint.ticket}).decode()
        sealed = cursors.seal(hint.cursor, str(actor), ABOUT)
        return f"id: {sealed}\nevent: {hint.kind}\ndata: {data}\n\n".encode()

    return _stream(request, "token", _after(request, actor), write)


def _stream(request: Asked, kind: Literal["session", "token"], after: str | None, write: Write) -> Stream:
    live: Live = request.app.state.live
    visit = visit_of(request)
    events = live.events(visit.actor, Authenticate(visit.key, kind), after, write)
    return Stream(events, media_type=MEDIA, headers=HEADERS)


def _after(request: Asked, actor: Actor) -> str | None:
    """The engine's cursor. One that is not ours leads to a `reload`, as one from long ago does."""
    sealed = request.headers.get("last-event-id")
    if not sealed:
        return None
    try:
        return cursors_of(request).open(sealed, str(actor), ABOUT)
    except CursorError:
        return ""


def _for_page(hint: Hint) -> bytes:
    return f"event: desk\ndata: {'' if hint.ticket is None else hint.ticket}\n\n".encode()

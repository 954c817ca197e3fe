"""A chat service: takes messages as Mattermost's incoming webhooks do, and answers what a test wants."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.wire.push_service import Answer
from tests.wire.waiting import Arrivals

TOKEN = "3ccdd113474722377935511fc85d3dd4"


class ChatService:
    """`async with ChatService() as service`; its Apprise address is `service.url`, for one person `service.named`."""

    def __init__(self) -> None:
        self._next: deque[Answer] = deque()
        self._closing = asyncio.Event()
        self._posts: Arrivals[dict[str, Any]] = Arrivals()
        self.answer: Answer | None = None
        """Always this answer, when set."""
        self.inside = 0
        """How often the page was fetched that a redirect leads to."""

    @property
    def posts(self) -> list[dict[str, Any]]:
        """Every message that came, whatever was answered."""
        return self._posts.all

    async def posted(self, count: int = 1) -> list[dict[str, Any]]:
        """The first `count` messages, waiting for them."""
        return await self._posts.wait(count)

    def answer_next(self, *answers: Answer) -> None:
        """The next requests get these answers in turn; then 200 again."""
        self._next.extend(answers)

    async def __aenter__(self) -> ChatService:
        app = web.Application()
        app.router.add_post("/hooks/{token}", self._post)
        app.router.add_route("*", "/inside", self._inside)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"mmost://127.0.0.1:{self.port}/{TOKEN}"
        self.named = f"{self.url}/?to={{to}}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        await self._posts.add(await request.json())
        answer = self.answer or (self._next.popleft() if self._next else Answer(200, body=b"ok"))
        if answer.hang:
            await self._closing.wait()
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    async def _inside(self, request: web.Request) -> web.Response:
        self.inside += 1
        return web.Response(text="inside")

"""What every page has around it: who I am, what waits for me, whether an engine runs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Struct

from core.engine.desk import Desk
from core.engine.outcome import Done, Refusal
from core.escalation.queries.cards import DirectoryView, MeView
from core.escalation.queries.questions import Directory, Me, PhoneTasks, Pulse
from core.people.model import Mode
from core.words import say
from web.problems import of_refusal
from web.render import page
from web.sentences import Speech
from web.visit import visit_of

Bar: TypeAlias = Literal["calls", "queue", "phone", "me"]
SCRIPT_WORDS: Final = {
    "not_sent": "web.script.not_sent",
    "not_sent_body": "web.script.not_sent_body",
    "not_accepted": "web.script.not_accepted",
    "accepted": "web.script.accepted",
    "unknown": "web.script.unknown",
    "hours": "span.hours",
    "minutes": "span.minutes",
    "days": "span.days",
    "two": "span.two",
}
"""What scripts and the service worker say, under the names they know."""


class Frame(Struct, frozen=True):
    """One reader's surroundings."""

    me: MeView
    tasks: int
    """Phone tasks that wait for somebody on my floor."""
    stopped: bool
    mode: Mode
    levels: Mapping[int, str]


class Reader:
    """One request's reader: asks the desk as this person, and shows pages to them."""

    def __init__(self, request: Request[Any, Any, Any]) -> None:
        visit = visit_of(request)
        self.request = request
        self.desk: Desk = request.app.state.desk
        self.actor = visit.actor
        self.language = visit.language
        self._directory = visit.directory

    async def act(self, command: Struct) -> Done | Refusal:
        """Hand the desk a command."""
        return await self.desk.handle(command, self.actor)

    async def look(self, query: Struct) -> Any:
        """The answer, or its refusal where the page says that itself."""
        return await self.desk.ask(query, self.actor)

    async def ask(self, query: Struct) -> Any:
        """The answer, or the Problem of its refusal."""
        answer = await self.look(query)
        if isinstance(answer, Refusal):
            raise await self.problem(answer)
        return answer

    async def directory(self) -> DirectoryView:
        """Names, read once a request."""
        if self._directory is None:
            self._directory = await self.ask(Directory())
        return self._directory

    async def speech(self) -> Speech:
        """Sentences with the desk's names and clock, in the reader's language."""
        return Speech(await self.directory(), self.language, self.actor.person)

    async def problem(self, refusal: Refusal) -> Exception:
        """A refusal as the web says it."""
        return of_refusal(refusal, (await self.speech()).refusal(refusal))

    def t(self, key: str, /, **values: Any) -> str:
        """The text of a key."""
        return say(self.language, key, **values)

    async def show(
        self, template: str, *, bar: Bar | None, title: str, status: int = 200, **values: Any
    ) -> Response[str]:
        """A page, or what stands inside its frame when htmx asks."""
        url = self.request.url
        path = "/desk/" if url.path == "/desk" else url.path
        return page(
            self.request,
            template,
            status=status,
            frame=await self._frame(),
            here=f"{path}?{url.query}" if url.query else path,
            script_words=script_words(self.language),
            tab_of_bar=bar,
            title=title,
            **values,
        )

    async def _frame(self) -> Frame:
        me, tasks, pulse, directory = await asyncio.gather(
            self.ask(Me()), self.ask(PhoneTasks()), self.ask(Pulse()), self.directory()
        )
        names = {level.number: level.names.get(self.language, "") for level in directory.levels}
        open_tasks = sum(task.state in ("offered", "taken") for task in tasks.items)
        return Frame(me, open_tasks, pulse.engine == "stopped", directory.mode, names)


async def reader(request: Request[Any, Any, Any]) -> Reader:
    """Who reads, for whichever page asks."""
    return Reader(request)


GivenReader: TypeAlias = NamedDependency[Reader]
"""`reader`, as route functions of a signed-in person's pages are given it."""


def script_words(language: str) -> dict[str, str]:
    """The words of scripts, with their placeholders left in."""
    return {name: say(language, key, n="{n}", first="{first}", second="{second}") for name, key in SCRIPT_WORDS.items()}

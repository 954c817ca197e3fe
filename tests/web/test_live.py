"""Live hints on a real server: what arrives, what does not, and when a stream ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Barrier

import httpx
from msgspec.structs import replace

from core.deskfile.commands import ApplyDeskFile
from core.deskfile.queries import CurrentDesk
from core.people.commands import CloseSessions, RevokeToken
from core.people.model import CONSOLE, Actor
from core.tickets.commands import AddComment, ClaimTicket, CreateTicket, RestrictTicket
from tests.web.house import House, served

SATO = Actor("person", "sato")
READERS = 2
"""Of a store, unless told otherwise."""
SOON = 2.0
"""Seconds: what the contract gives a revoked session."""


class Stream:
    """One open stream, read event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def event(self) -> dict[str, str]:
        """The next event; empty for a comment, EOFError at the end."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            async for line in self._lines:
                if not line:
                    return fields
                name, _, value = line.partition(": ")
                if name:
                    fields[name] = value
        raise EOFError

    async def until_end(self) -> None:
        """Read on until the server closes it."""
        async with asyncio.timeout(SOON):
            async for _ in self._lines:
                pass


@asynccontextmanager
async def stream(address: str, path: str, headers: dict[str, str]) -> AsyncIterator[Stream]:
    """An open stream that has said hello."""
    async with (
        httpx.AsyncClient(base_url=address, timeout=20) as client,
        client.stream("GET", path, headers=headers) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        opened = Stream(answer)
        assert await opened.event() == {}
        yield opened


async def cookie(tsubame: House, who: str) -> dict[str, str]:
    """The header of a browser of this person."""
    async with await tsubame.browser(who) as browser:
        return {"cookie": f"__Secure-noroshi={browser.cookies['__Secure-noroshi']}"}


async def test_a_page_hears_the_number_of_the_ticket(tsubame: House) -> None:
    """An event `desk` with the number, for each thing that happens to a ticket in sight."""
    headers = await cookie(tsubame, "sato")
    async with served(tsubame.app) as address, stream(address, "/desk/live", headers) as page:
        number = (await tsubame.did(CreateTicket("x"), SATO)).ref
        assert await page.event() == {"event": "desk", "data": str(number)}
        await tsubame.did(AddComment(int(number), "ここまで聞いた"), SATO)
        assert await page.event() == {"event": "desk", "data": str(number)}


async def test_a_program_hears_kind_and_cursor(tsubame: House) -> None:
    """The event's name, the ticket, and an opaque place to go on from."""
    headers = await tsubame.token("sato")
    async with served(tsubame.app) as address, stream(address, "/api/live", headers) as program:
        number = (await tsubame.did(CreateTicket("x"), SATO)).ref
        event = await program.event()
    assert (event["event"], event["data"]) == ("ticket_created", f'{{"ticket":{number}}}')
    assert len(event["id"]) > 60
    assert not event["id"].isdigit()


async def test_nobody_hears_of_what_they_may_not_see(tsubame: House) -> None:
    """Another team's and a restricted ticket make no event; what follows them does."""
    headers = await tsubame.token("mori")
    async with served(tsubame.app) as address, stream(address, "/api/live", headers) as program:
        hidden = (await tsubame.did(CreateTicket("x"), Actor("person", "kato"))).ref
        mine = int((await tsubame.did(CreateTicket("x"), SATO)).ref)
        assert (await program.event())["data"] == f'{{"ticket":{mine}}}'
        await tsubame.did(ClaimTicket(mine), SATO)
        assert (await program.event())["event"] == "holder_changed"
        await tsubame.did(RestrictTicket(mine, persons=("sato",)), SATO)
        await tsubame.did(AddComment(mine, "x"), SATO)
        last = (await tsubame.did(CreateTicket("y"), SATO)).ref
        assert (await program.event())["data"] == f'{{"ticket":{last}}}'
    assert hidden not in (mine, last)


async def answered(tsubame: House) -> None:
    """Once everything that was asked of the database has its answer: its readers wait for one another."""
    everybody = Barrier(READERS, timeout=10)
    await asyncio.gather(*(tsubame.desk.store.read(lambda _: everybody.wait()) for _ in range(READERS)))


async def test_a_place_that_is_not_the_newest_means_read_anew(tsubame: House) -> None:
    """Coming back with an old or a made-up cursor brings `reload`; with the newest one nothing is repeated."""
    headers = await tsubame.token("sato")
    async with served(tsubame.app) as address:
        async with stream(address, "/api/live", headers) as program:
            await tsubame.did(CreateTicket("x"), SATO)
            place = (await program.event())["id"]
        async with stream(address, "/api/live", {**headers, "last-event-id": place}) as program:
            await answered(tsubame)
            await tsubame.did(CreateTicket("y"), SATO)
            assert (await program.event())["event"] == "ticket_created"
        for old in (place, "made-up", "A" * 80):
            async with stream(address, "/api/live", {**headers, "last-event-id": old}) as program:
                assert (await program.event())["event"] == "reload"


async def test_a_revoked_session_hears_no_more(tsubame: House) -> None:
    """The stream ends within two seconds, and cannot be opened again."""
    headers = await cookie(tsubame, "sato")
    async with served(tsubame.app) as address:
        async with stream(address, "/desk/live", headers) as page:
            await tsubame.did(CloseSessions("sato"))
            await page.until_end()
        async with httpx.AsyncClient(base_url=address, headers=headers) as browser:
            assert (await browser.get("/desk/live")).status_code == 401


async def test_a_revoked_token_hears_no_more(tsubame: House) -> None:
    """The stream of that token ends; another one of the same person goes on."""
    first, second = await tsubame.token("sato"), await tsubame.token("sato")
    async with (
        served(tsubame.app) as address,
        stream(address, "/api/live", first) as ending,
        stream(address, "/api/live", second) as lasting,
    ):
        await tsubame.did(RevokeToken(1), CONSOLE)
        await ending.until_end()
        await tsubame.did(CreateTicket("x"), SATO)
        while (await lasting.event())["event"] != "ticket_created":
            pass


async def test_streams_leave_nothing_behind(tsubame: House) -> None:
    """Whoever hangs up is forgotten, by the app and by the engine's feed."""
    headers = await tsubame.token("sato")
    live = tsubame.app.state.live
    async with served(tsubame.app) as address:
        for _ in range(3):
            async with stream(address, "/api/live", headers):
                assert len(live) == 1
            async with asyncio.timeout(10), httpx.AsyncClient(base_url=address) as probe:
                while len(live):
                    await probe.get("/healthz")


async def test_stopping_the_server_ends_streams_at_once(tsubame: House) -> None:
    """An open page does not hold the server up."""
    headers = await tsubame.token("sato")
    async with served(tsubame.app) as address:
        hearing = stream(address, "/api/live", headers)
        program = await hearing.__aenter__()
    await program.until_end()
    await hearing.__aexit__(None, None, None)
    assert len(tsubame.app.state.live) == 0


async def test_who_left_the_company_hears_no_more(tsubame: House) -> None:
    """A desk file without this person ends their streams; the others' go on."""
    document = await tsubame.desk.ask(CurrentDesk(), CONSOLE)
    kept = tuple(person for person in document.persons if person.id != "mori")
    leaving, staying = await tsubame.token("mori"), await tsubame.token("sato")
    async with (
        served(tsubame.app) as address,
        stream(address, "/api/live", leaving) as ending,
        stream(address, "/api/live", staying) as lasting,
    ):
        await tsubame.did(ApplyDeskFile(replace(document, persons=kept)))
        await ending.until_end()
        assert (await lasting.event())["event"] == "directory_changed"

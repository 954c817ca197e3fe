"""The remote door on a bad line: a server that only this file speaks for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
import pytest

from core.engine.outcome import Done, Refusal
from core.escalation.queries.cards import PulseView
from core.escalation.queries.questions import Escalations, Pulse
from core.parts import catalogue
from core.tickets.commands import AddComment, PutOnWait
from tui.model.door import Unreachable
from tui.remote import RemoteDoor

CATALOGUE = catalogue("https://desk.example")
PULSE = b'{"engine": "running", "beat_at": "2026-11-20T05:32:00.000+00:00"}'
Say = Callable[[bytes], bytes | None]
"""A request's bytes → the answer's bytes; None hangs up without a word."""


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


class Server:
    """Answers each request with the next of `says`, and remembers what it was asked."""

    def __init__(self, *says: bytes | None) -> None:
        self.says = list(says)
        self.asked: list[bytes] = []
        self.lines = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.lines += 1
        try:
            while request := await self._request(reader):
                self.asked.append(request)
                said = self.says.pop(0) if self.says else None
                if said is None:
                    return
                writer.write(said)
                await writer.drain()
                if b"event-stream" in said:
                    return
        finally:
            writer.close()

    async def _request(self, reader: asyncio.StreamReader) -> bytes:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:")), 0)
        return head + await reader.readexactly(length)


@asynccontextmanager
async def door_to(server: Server) -> AsyncIterator[RemoteDoor]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    door = RemoteDoor(f"http://127.0.0.1:{port}/prefix/", "secret", CATALOGUE, "en")
    async with listening:
        yield door
        await door.close()


async def test_a_question_is_a_get_with_token_and_language() -> None:
    """Path prefix, bearer token, language, public names and only what is not a default."""
    page = answer(b'{"items": [], "next": null}')
    async with door_to(server := Server(page, page)) as door:
        await door.ask(Escalations(for_me=True, limit=7))
        await door.ask(Escalations())
    first, second = server.asked
    assert first.startswith(b"GET /prefix/api/escalations?for=me&limit=7 HTTP/1.1\r\n")
    assert b"authorization: Bearer secret\r\n" in first
    assert b"accept-language: en\r\n" in first
    assert second.startswith(b"GET /prefix/api/escalations HTTP/1.1\r\n")


async def test_times_are_iso_outside_and_milliseconds_inside() -> None:
    """Both ways."""
    async with door_to(server := Server(answer(PULSE), answer(b'{"number": 7}'))) as door:
        assert await door.ask(Pulse()) == PulseView("running", 1_795_152_720_000)
        await door.handle(PutOnWait(7, 1_795_152_720_000, note="…"))
    assert b'"until":"2026-11-20T05:32:00.000+00:00"' in server.asked[1]


async def test_a_connection_is_kept_and_opened_anew_when_the_server_hung_up() -> None:
    """Questions share a line; one that is gone is not used again."""
    async with door_to(
        server := Server(answer(PULSE), answer(PULSE), answer(PULSE, more="connection: close\r\n"))
    ) as door:
        for _ in range(3):
            await door.ask(Pulse())
        assert server.lines == 1
        server.says = [answer(PULSE)]
        await door.ask(Pulse())
        assert server.lines == 2


async def test_chunked_answers_are_read_whole() -> None:
    """A server may not know how long its answer is."""
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (PULSE[:9], PULSE[9:])) + b"0\r\n\r\n"
    async with door_to(Server(head + chunks)) as door:
        assert isinstance(await door.ask(Pulse()), PulseView)


async def test_a_command_whose_answer_was_lost_is_asked_again_under_the_same_key() -> None:
    """Nothing is done twice, and the answer is found out."""
    async with door_to(server := Server(None, answer(b'{"number": 7}'))) as door:
        done = await door.handle(AddComment(7, "在庫を確認中"))
        assert isinstance(done, Done)
        assert done.ref == 7
    keys = {line for asked in server.asked for line in asked.split(b"\r\n") if line.startswith(b"idempotency-key:")}
    assert len(server.asked) == 2
    assert len(keys) == 1


async def test_a_command_that_never_gets_an_answer_is_not_called_failed() -> None:
    """Sent three times without a word: nobody knows, and the terminal says so."""
    async with door_to(server := Server(None, None, None)) as door:
        with pytest.raises(Unreachable) as gone:
            await door.handle(AddComment(7, "…"))
    assert not gone.value.sure
    assert len(server.asked) == 3


async def test_not_stored_is_certain_and_other_faults_are_not() -> None:
    """503 says that nothing was written; 500 says nothing."""
    async with door_to(Server(answer(b"{}", "503 Service Unavailable"), *[answer(b"oops", "500 Oh")] * 3)) as door:
        with pytest.raises(Unreachable) as stored:
            await door.handle(AddComment(7, "…"))
        assert stored.value.sure
        with pytest.raises(Unreachable) as broken:
            await door.handle(AddComment(7, "…"))
        assert not broken.value.sure


async def test_a_problem_document_is_a_refusal_with_its_sentence() -> None:
    """Code, field and the sentence in the reader's language; an unknown code is an invalid one."""
    told = {"code": "taken", "detail": "鈴木さんが対応しています。", "status": 409}
    other = {"code": "brand_new", "field": "text"}
    answers = [answer(msgspec.json.encode(body), "409 Conflict") for body in (told, other)]
    async with door_to(Server(*answers)) as door:
        assert await door.handle(AddComment(7, "…")) == Refusal("taken", values={"text": "鈴木さんが対応しています。"})
        assert await door.handle(AddComment(7, "…")) == Refusal("invalid", field="text")


@pytest.mark.parametrize("body", [b'{"engine": "purple"}', b"<html>", b""])
async def test_an_answer_of_another_shape_is_unreachable(body: bytes) -> None:
    """A proxy's page or a desk of another age never becomes a value."""
    async with door_to(Server(answer(body))) as door:
        with pytest.raises(Unreachable):
            await door.ask(Pulse())


async def test_live_hints_go_on_from_the_last_cursor() -> None:
    """First read anew, then hint by hint; after a cut the next line asks from there."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    events = b': noroshi\n\nid: c1\nevent: CommentAdded\ndata: {"ticket": 7}\n\n: noroshi\n\nid: c2\nevent: reload\n\n'
    async with door_to(server := Server(head + events, head + b": noroshi\n\n")) as door:
        hints: list[tuple[str, str, int | None]] = []

        async def follow() -> None:
            async for hint in door.feed():
                hints.append((hint.cursor, hint.kind, hint.ticket))

        for _ in range(2):
            with pytest.raises(Unreachable):
                await follow()
    assert hints == [("", "reload", None), ("c1", "CommentAdded", 7), ("c2", "reload", None)]
    assert b"last-event-id: c2" in server.asked[1]


async def test_a_desk_in_another_time_is_believed() -> None:
    """Countdowns run by the desk's clock, not by a terminal that is an hour wrong."""
    ahead = answer(PULSE, more="date: Fri, 20 Nov 2037 05:32:00 GMT\r\n")
    async with door_to(Server(ahead)) as door:
        before = door.now()
        await door.ask(Pulse())
        assert door.now() > before + 24 * 3_600_000

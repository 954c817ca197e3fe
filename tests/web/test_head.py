"""Heads of requests, against a real server: whoever sends without end gets an error, not our memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.web.house import House, served
from web import head
from web.head import LONGEST_HEAD

PATIENCE = 20
PIECE = b"x" * 16_384
START = b"GET /healthz HTTP/1.1\r\nHost: desk\r\n"


@pytest.fixture
async def port(tsubame: House) -> AsyncIterator[int]:
    """Where the desk takes requests."""
    async with served(tsubame.app) as address:
        yield int(address.rpartition(":")[2])


async def answered(port: int, *pieces: bytes) -> bytes:
    """The first line of what comes back; nothing where the door was shut while we still sent."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
            return await reader.readline()
        except ConnectionError:
            return b""
        finally:
            writer.close()


async def test_a_usual_head_is_read(port: int) -> None:
    """A head with long cookies, in pieces, is none too long."""
    assert b" 200 " in await answered(port, START, b"Cookie: a=", PIECE, b"\r\n", b"\r\n")


@pytest.mark.parametrize(
    "pieces",
    [
        [START, b"X: ", PIECE, PIECE, PIECE],
        [b"GET /", PIECE, PIECE, PIECE],
        [START, *[b"X: y\r\n" * 4_000] * 3],
        [b"POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: ", PIECE, PIECE, PIECE],
    ],
    ids=["one header", "the path", "many headers", "a trailer"],
)
async def test_a_head_without_end_is_refused_while_it_comes(port: int, pieces: list[bytes]) -> None:
    """No more than the limit is waited for: the answer comes although the head never ends."""
    assert sum(map(len, pieces)) > LONGEST_HEAD
    line = await answered(port, *pieces)
    assert b" 400 " in line or b" 405 " in line


async def test_a_whole_head_of_a_megabyte_is_refused(port: int) -> None:
    """Also when all of it comes at once, and the desk goes on answering others."""
    line = await answered(port, START + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n")
    assert line == b"" or b" 400 " in line
    assert b" 200 " in await answered(port, START + b"\r\n")


async def given_up(port: int, *pieces: bytes) -> bytes:
    """Everything that comes back until the desk hangs up by itself."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for piece in pieces:
                writer.write(piece)
            return await reader.read()
        finally:
            writer.close()


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"GET /heal"],
        [START, b"X: "],
        [b"POST /receipts/x HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n", b"{"],
    ],
    ids=["silence", "a path", "a header", "a body"],
)
async def test_a_request_that_never_becomes_whole_is_given_up(
    port: int, pieces: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither silence nor half a request keeps a connection."""
    monkeypatch.setattr(head, "HEAD_WITHIN", 0.05)
    monkeypatch.setattr(head, "BODY_WITHIN", 0.05)
    assert await given_up(port, *pieces) == b""


async def test_a_byte_after_an_answer_keeps_no_connection(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole request is answered; what then begins and never becomes one is given up like any other."""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(START + b"\r\n")
        assert b" 200 " in await reader.readuntil(b'"}')
        monkeypatch.setattr(head, "HEAD_WITHIN", 0.05)
        writer.write(b"G")
        assert await reader.read() == b""
        writer.close()

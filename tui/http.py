"""A small HTTP client on asyncio streams and h11: kept connections, whole answers, and event streams.

The terminal must appear at once, so no large client is loaded for it. Every fault is an Unreachable.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

import h11
from msgspec import Struct

from tui.model.door import Unreachable

TIMEOUT: Final = 10.0
"""Seconds for one answer."""
SILENCE: Final = 40.0
"""Seconds without a byte after which an event stream counts as lost."""
CHUNK: Final = 65_536
LARGEST: Final = 32 * 1024 * 1024
IDLE: Final = 6
"""Connections kept for the next question."""
FAULTS: Final = (OSError, TimeoutError, EOFError, h11.ProtocolError)


class Answer(Struct, frozen=True):
    """A whole answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Client:
    """Asks one server. `headers` are sent with every request."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self.url = _checked(base)
        self.headers = dict(headers)
        self._idle: list[_Line] = []
        self._tls = ssl.create_default_context() if self.url.scheme == "https" else None

    async def call(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """One request, one answer. Unreachable is `sure` when the request certainly did not arrive."""
        asked = self._request(method, path, body, headers or {})
        while self._idle:
            line = self._idle.pop()
            if not line.gone:
                return await self._over(line, asked, body)
        return await self._over(await self._open(), asked, body)

    async def events(self, path: str, headers: Mapping[str, str]) -> AsyncIterator[str]:
        """The lines of an event stream, until it ends or falls silent."""
        line = await self._open()
        try:
            async with asyncio.timeout(TIMEOUT):
                await line.send(self._request("GET", path, b"", {**headers, "accept": "text/event-stream"}), b"")
                head = await line.head()
            if head.status_code != 200:
                raise Unreachable(f"live: {head.status_code}")
            rest = b""
            async for data in line.body(SILENCE):
                *lines, rest = (rest + data).split(b"\n")
                for one in lines:
                    yield one.decode(errors="replace").rstrip("\r")
        except FAULTS as fault:
            raise Unreachable(_reason(fault)) from fault
        finally:
            line.close()
        raise Unreachable("the stream ended")

    def close(self) -> None:
        """Hang up."""
        for line in self._idle:
            line.close()
        self._idle.clear()

    async def _over(self, line: _Line, asked: h11.Request, body: bytes) -> Answer:
        try:
            async with asyncio.timeout(TIMEOUT):
                await line.send(asked, body)
                answer = await line.answer()
        except FAULTS as fault:
            line.close()
            raise Unreachable(_reason(fault), sure=False) from fault
        except BaseException:
            line.close()
            raise
        if line.again() and len(self._idle) < IDLE:
            self._idle.append(line)
        else:
            line.close()
        return answer

    async def _open(self) -> _Line:
        port = self.url.port or (443 if self._tls else 80)
        try:
            async with asyncio.timeout(TIMEOUT):
                streams = await asyncio.open_connection(self.url.hostname, port, ssl=self._tls)
        except FAULTS as fault:
            raise Unreachable(_reason(fault)) from fault
        return _Line(*streams)

    def _request(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> h11.Request:
        told = {"host": self.url.netloc, **self.headers, **headers}
        if body or method not in ("GET", "DELETE"):
            told |= {"content-type": "application/json", "content-length": str(len(body))}
        return h11.Request(method=method, target=self.url.path.rstrip("/") + path, headers=list(told.items()))


class _Line:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._state = h11.Connection(h11.CLIENT)

    @property
    def gone(self) -> bool:
        """Whether the server has hung up meanwhile."""
        return self._reader.at_eof() or self._writer.is_closing()

    async def send(self, request: h11.Request, body: bytes) -> None:
        events = (request, h11.Data(body), h11.EndOfMessage()) if body else (request, h11.EndOfMessage())
        self._writer.write(b"".join(self._state.send(event) or b"" for event in events))
        await self._writer.drain()

    async def head(self) -> h11.Response:
        while not isinstance(event := await self._next(), h11.Response):
            pass
        return event

    async def body(self, silence: float) -> AsyncIterator[bytes]:
        while True:
            async with asyncio.timeout(silence):
                event = await self._next()
            if not isinstance(event, h11.Data):
                return
            yield bytes(event.data)

    async def answer(self) -> Answer:
        head = await self.head()
        body = bytearray()
        async for data in self.body(TIMEOUT):
            body += data
            if len(body) > LARGEST:
                raise OSError("the answer is too large")
        headers = {name.decode(): value.decode("latin-1") for name, value in head.headers}
        return Answer(head.status_code, headers, bytes(body))

    def again(self) -> bool:
        """Make ready for another request; False when the server wants to hang up."""
        if self._state.our_state is not h11.DONE or self._state.their_state is not h11.DONE:
            return False
        self._state.start_next_cycle()
        return True

    def close(self) -> None:
        self._writer.close()

    async def _next(self) -> h11.Event:
        while (event := self._state.next_event()) is h11.NEED_DATA:
            self._state.receive_data(await self._reader.read(CHUNK))
        if not isinstance(event, h11.Event) or isinstance(event, h11.ConnectionClosed):
            raise EOFError("the connection was closed")
        return event


def _checked(base: str) -> SplitResult:
    """A token leaves this machine by https only."""
    url = urlsplit(base)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError(f"expected https://…, got {base}")
    if url.scheme == "http" and not _is_loopback(url.hostname):
        raise ValueError(f"expected https:// (plain http works on this machine only), got {base}")
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(fault: BaseException) -> str:
    return str(fault) or type(fault).__name__

"""Requests have an end, in bytes and in time: the fast parser itself would gather whatever comes, for ever."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD: Final = 32 * 1024
"""Bytes of request line and headers, or of the trailers after a body."""
PIECE: Final = 8 * 1024
"""Bytes looked at at a time; a request whose first bytes are among them is counted from the next piece on."""
BESIDE: Final = len(": \r\n")
HEAD_WITHIN: Final = 20.0
"""Seconds from a connection, or the first byte of a further request, to the end of its headers."""
BODY_WITHIN: Final = 60.0
"""Seconds for what follows them: 64 KiB over the worst of networks."""
REFUSED: Final = "The head of this request is too long."


class TooLong(Exception):
    """The parser turns it into an error of its own, which is answered with 400 and ends the connection."""


class BoundedHead(HttpToolsProtocol):
    """uvicorn's protocol on httptools; a head of more than LONGEST_HEAD bytes is refused before it is whole."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._kept = 0
        """Bytes of this request's line, headers and trailers that are whole."""
        self._pending = 0
        """Bytes that came since the parser last began or finished something: it may be holding them all."""
        self._limit: asyncio.TimerHandle | None = None
        """Runs while a request is not whole."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._within(HEAD_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._whole()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._limit is None:
            self._within(HEAD_WITHIN)
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            self._pending += len(piece)
            super().data_received(piece)
            if self._pending > LONGEST_HEAD and not self.transport.is_closing():
                self.send_400_response(REFUSED)
            if self.transport.is_closing():
                return

    def on_message_begin(self) -> None:
        self._kept = self._pending = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._keep(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._keep(len(name) + len(value) + BESIDE)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._pending = 0
        self._within(BODY_WITHIN)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._pending = 0
        self._whole()
        super().on_message_complete()

    def _within(self, seconds: float) -> None:
        """Whoever sends so slowly, or nothing at all, gives the connection back."""
        self._whole()
        self._limit = self.loop.call_later(seconds, self.transport.close)

    def _whole(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _keep(self, size: int) -> None:
        self._kept += size
        if self._kept > LONGEST_HEAD:
            raise TooLong

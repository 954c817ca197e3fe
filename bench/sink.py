"""A push service that says 201 to everything, as fast as Python can: `python -m bench.sink` prints its port.

It runs in a process of its own, so that what is measured is the sender. It ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


class Sink(asyncio.Protocol):
    """Counts nothing and understands only as much HTTP as it must: where a request ends."""

    def __init__(self) -> None:
        self._unread = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := _end(self._unread)) and end <= len(self._unread):
            self._unread = self._unread[end:]
            self._transport.write(CREATED)


def _end(data: bytes) -> int:
    """Where the first request ends; 0 when its head is not complete."""
    head = data.find(b"\r\n\r\n") + 4
    if head < 4:
        return 0
    low = data[:head].lower()
    start = low.find(b"content-length:")
    return head if start < 0 else head + int(low[start + 15 : low.index(b"\r\n", start)])


@asynccontextmanager
async def sink() -> AsyncIterator[str]:
    """The origin of a sink in another process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.sink", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    try:
        port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        await process.wait()


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())

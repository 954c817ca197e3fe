"""The HTTP client of the measurements, in a process of its own: `python -m bench.client`, a Load as JSON on stdin.

Bare keep-alive connections, so that the figures are the server's and not a client library's.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping

import msgspec
from msgspec import Struct


class Load(Struct):
    """`clients` connections that together make `requests` requests. `{i}` in a body is the request's number."""

    host: str
    port: int
    method: str
    path: str
    requests: int
    clients: int = 1
    headers: Mapping[str, str] = {}
    body: str = ""
    expect: int = 200


class Run(Struct):
    """Seconds in all, and the latencies of the single requests in milliseconds, sorted."""

    seconds: float
    latencies: list[float]
    bytes: int


async def run(load: Load) -> Run:
    """Make all requests; RuntimeError at the first answer that is not the expected one."""
    numbers = iter(range(load.requests))
    latencies: list[float] = []
    sizes: list[int] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection(load.host, load.port)
        for number in numbers:
            begun = time.perf_counter()
            writer.write(_request(load, number))
            status, size = await _answer(reader)
            latencies.append((time.perf_counter() - begun) * 1_000)
            sizes.append(size)
            if status != load.expect:
                raise RuntimeError(f"{load.method} {load.path}: {status}, expected {load.expect}")
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(load.clients)))
    return Run(time.perf_counter() - begun, sorted(latencies), sizes[-1])


def _request(load: Load, number: int) -> bytes:
    body = load.body.replace("{i}", str(number)).encode()
    lines = [f"{load.method} {load.path} HTTP/1.1", f"Host: {load.host}:{load.port}"]
    lines += [f"{name}: {value}" for name, value in load.headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    status = int(head.split(" ", 2)[1])
    if "transfer-encoding: chunked" in head:
        return status, await _chunks(reader)
    size = int(head.partition("content-length: ")[2].partition("\r\n")[0] or 0)
    await reader.readexactly(size)
    return status, size


async def _chunks(reader: asyncio.StreamReader) -> int:
    whole = 0
    while size := int(await reader.readuntil(b"\r\n"), 16):
        await reader.readexactly(size + 2)
        whole += size
    await reader.readuntil(b"\r\n")
    return whole


if __name__ == "__main__":
    done = asyncio.run(run(msgspec.json.decode(sys.stdin.buffer.read(), type=Load)))
    sys.stdout.buffer.write(msgspec.json.encode(done))

"""The address outside that hears from the desk while all is well, and sounds the alarm when it hears nothing more."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from push.addresses import PrivateAddress, guarded_socket, is_this_machine

TIMEOUT = 10.0
"""Seconds for one call, all in all."""


async def call(url: str, *, loopback: bool = False) -> str:
    """GET the address; empty when it heard us, else why not: `address`, `private_address`, `http_<status>`, `timeout`,
    `network`. The address is a secret and stands in none of them.

    https only, no address inside, no redirects; `loopback` also allows this machine, by http too (tests and trials).
    """
    if not _fits(url, loopback):
        return "address"
    connector = TCPConnector(socket_factory=guarded_socket(loopback))
    try:
        async with (
            ClientSession(
                connector=connector, timeout=ClientTimeout(total=TIMEOUT), cookie_jar=DummyCookieJar()
            ) as session,
            session.get(URL(url, encoded=True), allow_redirects=False) as answer,
        ):
            return "" if answer.ok and answer.status < 300 else f"http_{answer.status}"
    except TimeoutError:
        return "timeout"
    except ClientConnectorError as error:
        return "private_address" if isinstance(error.os_error, PrivateAddress) else "network"
    except (ClientError, OSError, ValueError):
        return "network"


def _fits(url: str, loopback: bool) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and loopback and is_this_machine(host))

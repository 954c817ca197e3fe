"""Addresses: where the desk listens, what people type, whom a push service may write to."""

from __future__ import annotations

import os
import socket
from ipaddress import ip_network
from typing import Final
from urllib.parse import urlsplit

from core.console.spoken import Trouble, note, tell

LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "::1", "localhost"})
USUAL: Final = 8000
SWITCH: Final = "NOROSHI_LOOPBACK"
PROXIES: Final = "NOROSHI_TRUSTED_PROXIES"
CONTACT: Final = "mailto:desk@noroshi.example"
"""For push services, when the desk has no https address that they could look at."""


def public(url: str | None, host: str, port: int) -> str:
    """The address people use: the given one, or this machine's own. Trouble when phones could not trust it."""
    if url is None:
        if host not in LOCAL_HOSTS:
            raise Trouble("public", code=2)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"
    parts = urlsplit(url)
    local = parts.scheme == "http" and parts.hostname in LOCAL_HOSTS
    if not (parts.scheme == "https" or local) or not parts.hostname or parts.path.strip("/") or parts.query:
        raise Trouble("url", code=2, url=url)
    return f"{parts.scheme}://{parts.netloc}"


def usable(host: str, port: int) -> int:
    """The port, or for 0 one that nobody uses. Trouble when somebody else has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as found:
            return int(found.getsockname()[1])
    except OSError as error:
        raise Trouble("port", port=port, why=error.strerror) from None


def usual(host: str) -> int:
    """The port people expect, else a free one: a demo should simply start."""
    try:
        return usable(host, USUAL)
    except Trouble:
        return usable(host, 0)


def loopback() -> bool:
    """Whether wires may end on this machine (tests and trials); said loudly when they may."""
    allowed = os.environ.get(SWITCH) == "1"
    if allowed:
        note(tell("warn.loopback"))
    return allowed


def proxies() -> tuple[str, ...]:
    """The addresses and networks whose X-Forwarded-For is believed. Trouble when one is neither."""
    named = tuple(filter(None, map(str.strip, os.environ.get(PROXIES, "").split(","))))
    for one in named:
        try:
            ip_network(one)
        except ValueError:
            raise Trouble("proxies", code=2, named=one) from None
    return named


def contact(public_url: str) -> str:
    """The contact in the header of every push."""
    host = urlsplit(public_url).hostname or ""
    return public_url if public_url.startswith("https:") and "." in host.strip(".") else CONTACT

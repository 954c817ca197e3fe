"""Addresses: where the desk listens, what people type, whom a push service may write to."""

from __future__ import annotations

import os
import socket
from typing import Final
from urllib.parse import urlsplit

from core.console.spoken import Trouble, note, tell

LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "::1", "localhost"})
SWITCH: Final = "NOROSHI_LOOPBACK"
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


def free_port(host: str) -> int:
    """A port that nobody uses now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as found:
        return int(found.getsockname()[1])


def loopback() -> bool:
    """Whether wires may end on this machine (tests and trials); said loudly when they may."""
    allowed = os.environ.get(SWITCH) == "1"
    if allowed:
        note(tell("warn.loopback"))
    return allowed


def contact(public_url: str) -> str:
    """The contact in the header of every push."""
    host = urlsplit(public_url).hostname or ""
    return public_url if public_url.startswith("https:") and "." in host.strip(".") else CONTACT

"""Who is at the door, as one request knows it."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from msgspec import Struct

from core.escalation.queries.cards import DirectoryView
from core.people.model import NOBODY, Actor
from core.people.queries import Identity
from core.words import language_of

Connection = ASGIConnection[Any, Any, Any, Any]


class Visit(Struct, frozen=True):
    """One request's visitor. Without an identity: somebody who is not signed in."""

    actor: Actor = NOBODY
    language: str = "ja"
    form_token: str = ""
    identity: Identity | None = None
    key: bytes = b""
    """Hash of the session or token they came with."""
    directory: DirectoryView | None = None


def enter(connection: Connection, visit: Visit) -> None:
    """Remember who is at the door for the rest of this request."""
    connection.scope["state"]["visit"] = visit


def visit_of(connection: Connection) -> Visit:
    """Who is at the door; before anybody was asked, a nobody who reads what their browser says."""
    visit = connection.scope["state"].get("visit")
    return visit if isinstance(visit, Visit) else Visit(language=language_of(connection.headers.get("accept-language")))


def is_htmx(connection: Connection) -> bool:
    """Whether htmx asks for what stands inside the frame of a page."""
    return "hx-request" in connection.headers


def is_fetch(connection: Connection) -> bool:
    """Whether a script of ours asks (htmx, service worker), not a person who goes to a page."""
    return is_htmx(connection) or "x-noroshi" in connection.headers


def wants_page(connection: Connection) -> bool:
    """Whether a person's browser goes to a page of ours."""
    path = connection.scope["path"]
    under_desk = path == "/desk" or path.startswith("/desk/")
    return under_desk and not is_fetch(connection) and "text/html" in connection.headers.get("accept", "")

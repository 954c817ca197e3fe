"""Who is at the door: sessions under /desk, tokens under /api, and the guards that ask."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import suppress
from typing import Any, Final, Literal

from litestar import Response
from litestar.handlers import BaseRouteHandler
from msgspec.structs import replace

from core.engine.desk import Desk
from core.engine.ports import NotStored
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.questions import Directory
from core.people.commands import TouchSession
from core.people.model import NOBODY, Actor
from core.people.queries import Authenticate, Identity
from core.people.secrets import hash_secret
from core.people.signing import LASTS
from core.words import language_of
from web.problems import Problem
from web.settings import WebSettings
from web.visit import Connection, Visit, enter, visit_of

LONGEST: Final = 200
"""Characters of a secret; ours have 43."""
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="noroshi"'}


async def known(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of everything under /desk: remembers who the session's cookie belongs to, if to anybody."""
    desk, settings = _desk(connection), _settings(connection)
    secret = connection.cookies.get(settings.cookie, "")
    identity = await identify(desk, secret, "session")
    if identity is None:
        language = language_of(connection.headers.get("accept-language"))
        enter(connection, Visit(language=language, form_token=form_token(settings, b"")))
    else:
        key = hash_secret(secret)
        actor = Actor("person", identity.person)
        enter(connection, Visit(actor, identity.language, form_token(settings, key), identity, key))


async def signed_in(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of a person's own pages, after `known`: 401 for nobody, which browsers see as the way to sign in."""
    visit = visit_of(connection)
    if visit.identity is None:
        raise Problem(401, "unauthenticated", "web.problem.unauthenticated")


async def furnished(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of pages, after `signed_in`: names and the zone of the desk lie ready for the template."""
    visit = visit_of(connection)
    directory = await _desk(connection).ask(Directory(), visit.actor)
    if isinstance(directory, DirectoryView):
        enter(connection, replace(visit, directory=directory))


async def bearer(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard of the API: the token's person, or 401."""
    scheme, _space, secret = connection.headers.get("authorization", "").partition(" ")
    secret = secret.strip()
    identity = await identify(_desk(connection), secret, "token") if scheme.lower() == "bearer" else None
    if identity is None:
        raise Problem(401, "unauthenticated", "web.problem.no_token", headers=CHALLENGE)
    visit = Visit(Actor("person", identity.person), identity.language, identity=identity, key=hash_secret(secret))
    enter(connection, visit)


async def identify(desk: Desk, secret: str, kind: Literal["session", "token"]) -> Identity | None:
    """Whose secret this is; None for nobody's. Marks it as in use when that is due."""
    if not secret or len(secret) > LONGEST:
        return None
    hashed = hash_secret(secret)
    identity = await desk.ask(Authenticate(hashed, kind), NOBODY)
    if not isinstance(identity, Identity):
        return None
    if identity.touch_due:
        with suppress(NotStored):  # a full disk keeps nobody out who is in
            await desk.handle(TouchSession(hashed, kind), Actor("person", identity.person))
    return identity


def form_token(settings: WebSettings, session: bytes) -> str:
    """What forms of this session carry: only our own pages of the same session can know it."""
    return hmac.new(settings.key("form"), session, hashlib.sha256).hexdigest()


def give_cookie(response: Response[Any], settings: WebSettings, secret: str) -> None:
    """Hand the browser its session."""
    _set(response, settings, secret, LASTS // 1_000)


def take_cookie(response: Response[Any], settings: WebSettings) -> None:
    """Let the browser forget its session. (With all attributes: browsers ignore `__Secure-` without `Secure`.)"""
    _set(response, settings, "", 0)


def _set(response: Response[Any], settings: WebSettings, value: str, seconds: int) -> None:
    response.set_cookie(
        key=settings.cookie,
        value=value,
        max_age=seconds,
        path="/desk",
        secure=settings.secure,
        httponly=True,
        samesite="lax",
    )


def _desk(connection: Connection) -> Desk:
    desk: Desk = connection.app.state.desk
    return desk


def _settings(connection: Connection) -> WebSettings:
    settings: WebSettings = connection.app.state.settings
    return settings

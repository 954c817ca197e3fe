"""Me 自分: my duty, my devices, my language, my sessions."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath

from core.engine.outcome import Done, Refusal
from core.escalation.queries.cards import MeView
from core.escalation.queries.questions import Me
from core.people.commands import (
    CloseSession,
    CloseSessions,
    RegisterDevice,
    RemoveDevice,
    RevokeToken,
    SetLanguage,
    SetPassword,
    TestDevice,
)
from core.people.passwords import check_password, hash_password
from core.people.queries import MyDevices, MySessions
from core.people.secrets import hash_secret
from web.pages.acts import answered, command, given, only, said
from web.pages.frame import GivenReader, Reader
from web.visit import is_htmx, visit_of

HERE: Final = "/desk/me"
SIGN_IN: Final = "/desk/sign-in"


@get("/me")
async def me(reader: GivenReader) -> Response[str]:
    """Everything of mine."""
    view: MeView = await reader.ask(Me())
    devices, sessions = await reader.ask(MyDevices()), await reader.ask(MySessions())
    speech, identity = await reader.speech(), visit_of(reader.request).identity
    return await reader.show(
        "me.html",
        bar="me",
        title=reader.t("web.me.title"),
        teams=[speech.team(team) for team in view.teams],
        devices=devices.items,
        sessions=sessions.items,
        current=identity.id if identity else None,
    )


@post("/me/language", status_code=200)
async def my_language(reader: GivenReader) -> Response[Any]:
    """My language, from the next page on."""
    outcome = await reader.act(command(SetLanguage, only(await given(reader.request), ["language"])))
    if isinstance(outcome, Done) and is_htmx(reader.request):
        return said(reader, "", good=True, then=HERE)
    return await answered(reader, outcome, "", then=HERE)


@post("/me/password", status_code=200)
async def my_password(reader: GivenReader) -> Response[Any]:
    """A new password; every other session of mine ends."""
    text = str((await given(reader.request)).get("password", ""))
    outcome: Done | Refusal | None = check_password(text)
    if outcome is None:
        encoded = await asyncio.to_thread(hash_password, text)
        session = reader.request.cookies.get(reader.request.app.state.settings.cookie, "")
        outcome = await reader.act(SetPassword(encoded, hash_secret(session)))
    return await answered(reader, outcome, reader.t("web.said.password"), then=HERE)


@post("/me/devices", status_code=200)
async def my_new_device(reader: GivenReader) -> Response[Any]:
    """This browser takes pushes; the same one again refreshes it."""
    outcome = await reader.act(command(RegisterDevice, await given(reader.request)))
    members = {} if isinstance(outcome, Refusal) else {"id": str(outcome.ref)}
    return await answered(reader, outcome, reader.t("web.said.device"), then=HERE, members=members, status=201)


@post("/me/devices/{device:str}/test", status_code=200)
async def my_device_test(reader: GivenReader, device: FromPath[str]) -> Response[Any]:
    """Send this device a notification of its own."""
    outcome = await reader.act(TestDevice(device))
    return await answered(reader, outcome, reader.t("web.said.test"), then=HERE)


@post("/me/devices/{device:str}/removal", status_code=200)
async def my_device_removal(reader: GivenReader, device: FromPath[str]) -> Response[Any]:
    """No more pushes to this device."""
    outcome = await reader.act(RemoveDevice(device))
    return await answered(reader, outcome, reader.t("web.said.removed"), then=HERE)


@post("/me/sessions/{session:int}/closure", status_code=200)
async def my_session_closure(reader: GivenReader, session: FromPath[int]) -> Response[Any]:
    """Sign out one of my browsers, or end one of my tokens."""
    mine = await reader.ask(MySessions())
    is_token = any(one.id == session and one.kind == "token" for one in mine.items)
    outcome = await reader.act(RevokeToken(session) if is_token else CloseSession(id=session))
    identity = visit_of(reader.request).identity
    if isinstance(outcome, Done) and identity is not None and identity.id == session and not is_token:
        return _signed_out(reader)
    return await answered(reader, outcome, reader.t("web.said.signed_out"), then=HERE)


@post("/me/sessions/closure", status_code=200)
async def my_sessions_closure(reader: GivenReader) -> Response[Any]:
    """Sign out everywhere, here too: a phone was lost."""
    outcome = await reader.act(CloseSessions())
    return _signed_out(reader) if isinstance(outcome, Done) else await answered(reader, outcome, "", then=HERE)


def _signed_out(reader: Reader) -> Response[Any]:
    """This browser's session is over: the next page is the way in."""
    if is_htmx(reader.request):
        return Response(b"", headers={"HX-Redirect": SIGN_IN})
    return Response(b"", status_code=303, headers={"Location": SIGN_IN})

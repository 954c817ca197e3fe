"""Letting a terminal in by the code it shows, and the PIN for terminals that are shared."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromQuery

from core.engine.outcome import Done, Refusal
from core.people.terminals.codes import check_pin, hash_code, hash_pin, read_code, shown_code
from core.people.terminals.commands import ConfirmSignIn, RefuseSignIn, SetPin
from core.people.terminals.questions import SignInAsked, SignInView
from core.people.terminals.sign_in import OVER
from core.words import span
from web.pages.acts import answered, given
from web.pages.frame import GivenReader, Reader
from web.render import page
from web.signin import Gate

HERE: Final = "/desk/terminal"
ANSWERS: Final = ("yes", "shared", "no")


@get("/terminal")
async def terminal(reader: GivenReader, code: FromQuery[str] = "") -> Response[str]:
    """Asks for the code; then shows what asks under it."""
    if not code.strip():
        return _show(reader)
    wait = _gate(reader).typing.admit(str(reader.actor), reader.desk.clock.steady())
    if wait:
        words = reader.t("web.problem.sign_in_wait", time=span(-(-wait // 1_000) * 1_000, reader.language))
        return _show(reader, refused=words, status=429)
    known = read_code(code)
    view = OVER if known is None else await reader.look(SignInAsked(_hash(reader, known)))
    if known is None or not isinstance(view, SignInView):
        return _show(reader, refused=await _words(reader, view), status=404)
    _gate(reader).typing.forgive(str(reader.actor))
    return _show(reader, code=shown_code(known), view=view)


@post("/terminal", status_code=200)
async def terminal_answer(reader: GivenReader) -> Response[Any]:
    """Yes or no to what asks."""
    values = await given(reader.request)
    answer, code = str(values.get("answer", "")), read_code(str(values.get("code", "")))
    wait = _gate(reader).typing.admit(str(reader.actor), reader.desk.clock.steady())
    if wait or code is None or answer not in ANSWERS:
        return _show(reader, refused=await _words(reader, OVER), status=404)
    hashed = _hash(reader, code)
    command = RefuseSignIn(hashed) if answer == "no" else ConfirmSignIn(hashed, shared=answer == "shared")
    outcome = await reader.act(command)
    if isinstance(outcome, Refusal):
        return _show(reader, refused=await _words(reader, outcome), status=404)
    _gate(reader).typing.forgive(str(reader.actor))
    return _show(reader, said=answer)


@post("/terminal/pin", status_code=200)
async def terminal_pin(reader: GivenReader) -> Response[Any]:
    """A PIN of mine, another one, or with nothing typed none any more."""
    text = str((await given(reader.request)).get("pin", ""))
    outcome: Done | Refusal | None = check_pin(text) if text else None
    if outcome is None:
        encoded = await asyncio.to_thread(hash_pin, text) if text else None
        outcome = await reader.act(SetPin(encoded))
    words = reader.t("web.terminal.pin.saved" if text else "web.terminal.pin.gone")
    return await answered(reader, outcome, words, then=HERE)


def _show(
    reader: Reader,
    *,
    code: str = "",
    view: SignInView | None = None,
    refused: str = "",
    said: str = "",
    status: int = 200,
) -> Response[str]:
    title = reader.t("web.terminal.title")
    values: dict[str, Any] = {"title": title, "code": code, "view": view, "refused": refused, "said": said}
    return page(reader.request, "terminal.html", status=status, **values)


async def _words(reader: Reader, refusal: Any) -> str:
    return (await reader.speech()).refusal(refusal if isinstance(refusal, Refusal) else OVER)


def _hash(reader: Reader, code: str) -> bytes:
    return hash_code(reader.request.app.state.settings.key("code"), code)


def _gate(reader: Reader) -> Gate:
    gate: Gate = reader.request.app.state.gate
    return gate

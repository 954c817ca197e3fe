"""Terminals at the door of /api, before anybody is signed in: asking with a code, and sitting down with a PIN."""

from __future__ import annotations

from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar import Request, Response, post
from msgspec import Meta, Struct

from core.engine.desk import Desk
from core.engine.outcome import Done, Refusal
from core.engine.wire import outside
from core.escalation.queries.speech import sentence
from core.people.model import NOBODY
from core.people.secrets import hash_secret, make_secret
from core.people.terminals.codes import hash_code, make_code, read_pin, shown_code
from core.people.terminals.commands import AskSignIn, LockTerminal, SwitchPerson, TryPin
from core.people.terminals.questions import PinOf, PinView, SignInState, StateView
from core.people.terminals.sharing import WRONG
from core.words import span
from web.auth import CHALLENGE, LONGEST
from web.given import GivenDesk
from web.problems import Problem, invalid, of_refusal
from web.settings import WebSettings
from web.signin import Gate
from web.visit import visit_of

Asked = Request[Any, Any, Any]
T = TypeVar("T")
JSON: Final = "application/json"
PAGE: Final = "/desk/terminal"
EVERY: Final = 5
"""Seconds between two looks whether somebody has said yes."""
BODY: Final = 4_096


class Wish(Struct, frozen=True, forbid_unknown_fields=True):
    """What a terminal says of itself."""

    name: Annotated[str, Meta(max_length=100)] = ""


class Waiting(Struct, frozen=True):
    """A sign-in that waits for a person's yes.

    Show `code` and `page`; keep `secret`, which becomes the token. Ask every `interval` seconds until `expires_at`.
    """

    code: str
    secret: str
    page: str
    page_with_code: str
    expires_at: int
    interval: int = EVERY


class Kept(Struct, frozen=True, forbid_unknown_fields=True):
    """The secret that a terminal keeps."""

    secret: Annotated[str, Meta(max_length=LONGEST)]


class Pin(Struct, frozen=True, forbid_unknown_fields=True):
    """Who sits down, by id or mail, and their PIN."""

    person: Annotated[str, Meta(max_length=LONGEST)]
    pin: Annotated[str, Meta(max_length=40)]


class Seated(Struct, frozen=True):
    """Who sits at the shared terminal now, with their token."""

    person: str
    token: str
    expires_at: int


@post("/sign-ins", status_code=201, request_max_body_size=BODY)
async def sign_ins(request: Asked, desk: GivenDesk) -> Response[bytes]:
    """A terminal asks to be let in."""
    wish, settings = await _read(request, Wish), _settings(request)
    gate: Gate = request.app.state.gate
    _patient(request, gate.asking.admit(request.client.host if request.client else "", desk.clock.steady()))
    code, secret = make_code(), make_secret()
    command = AskSignIn(hash_secret(secret), hash_code(settings.key("code"), code), wish.name)
    done = await _done(request, desk, await desk.handle(command, NOBODY))
    page = f"{settings.public_url}{PAGE}"
    shown = shown_code(code)
    return _answer(Waiting(shown, secret, page, f"{page}?code={shown}", int(done.ref)), 201)


@post("/sign-ins/state", status_code=200, request_max_body_size=BODY)
async def sign_in_state(request: Asked, desk: GivenDesk) -> Response[bytes]:
    """How far it is. The secret comes in the body: addresses are written down in many places."""
    kept = await _read(request, Kept)
    state = await desk.ask(SignInState(hash_secret(kept.secret)), NOBODY)
    if isinstance(state, Refusal):
        raise await _problem(request, desk, state)
    assert isinstance(state, StateView)
    return _answer(state, 200)


@post("/terminal/person", status_code=200, request_max_body_size=BODY)
async def terminal_person(request: Asked, desk: GivenDesk) -> Response[bytes]:
    """Somebody sits down at a shared terminal: its key as Bearer, their PIN in the body."""
    key, given = _key(request), await _read(request, Pin)
    gate: Gate = request.app.state.gate
    _patient(request, gate.throttle.admit(f"pin {given.person}", key.hex(), desk.clock.steady()))
    view = await desk.ask(PinOf(given.person), NOBODY)
    assert isinstance(view, PinView)
    tried = await desk.handle(TryPin(key, view.person or ""), NOBODY)
    if isinstance(tried, Refusal) and tried.code == "too_many":
        _patient(request, int(tried.values["wait"]))
    await _done(request, desk, tried)
    fits = await gate.fits(view.encoded, read_pin(given.pin))
    if not fits or view.person is None:
        raise await _problem(request, desk, WRONG)
    token = make_secret()
    done = await _done(request, desk, await desk.handle(SwitchPerson(key, view.person, hash_secret(token)), NOBODY))
    gate.throttle.succeeded(f"pin {given.person}", key.hex())
    return _answer(Seated(view.person, token, int(done.ref)), 200)


@post("/terminal/lock", status_code=204, request_max_body_size=BODY)
async def terminal_lock(request: Asked, desk: GivenDesk) -> None:
    """Nobody sits there now."""
    await _done(request, desk, await desk.handle(LockTerminal(_key(request)), NOBODY))


async def _read(request: Asked, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=shape)
    except msgspec.ValidationError as fault:
        field = str(fault).rpartition("$.")[2].rstrip("`") if "$." in str(fault) else None
        raise invalid(field, str(fault)) from fault
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise invalid(None, "JSON", "web.problem.unreadable") from fault


def _key(request: Asked) -> bytes:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not 0 < len(secret) <= LONGEST:
        raise Problem(401, "unauthenticated", "web.problem.no_token", headers=CHALLENGE)
    return hash_secret(secret)


def _patient(request: Asked, wait: int) -> None:
    """Whoever guesses waits."""
    if wait:
        seconds = -(-wait // 1_000)
        time = span(seconds * 1_000, visit_of(request).language)
        headers = {"Retry-After": str(seconds)}
        raise Problem(429, "too_many", "web.problem.sign_in_wait", values={"time": time}, headers=headers)


async def _done(request: Asked, desk: Desk, outcome: Done | Refusal) -> Done:
    if isinstance(outcome, Refusal):
        raise await _problem(request, desk, outcome)
    return outcome


async def _problem(request: Asked, desk: Desk, refusal: Refusal) -> Problem:
    return of_refusal(refusal, await sentence(desk, NOBODY, visit_of(request).language, refusal))


def _answer(shown: Struct, status: int) -> Response[bytes]:
    return Response(msgspec.json.encode(outside(shown)), status_code=status, media_type=JSON)


def _settings(request: Asked) -> WebSettings:
    settings: WebSettings = request.app.state.settings
    return settings


handlers: Final = [sign_ins, sign_in_state, terminal_person, terminal_lock]

"""What stands outside pages and API: receipts from devices, health, the way in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from core.engine.ports import NotStored
from core.escalation.queries.cards import PulseView
from core.escalation.queries.questions import Pulse
from core.people.model import SYSTEM
from web.given import GivenDesk

RECEIPT_LIMIT: Final = 1_024
LONGEST: Final = 100
Asked = Request[Any, Any, Any]


class Receipt(Struct, frozen=True):
    """What a device says about one notification."""

    state: Literal["shown", "opened"]


@post("/receipts/{receipt:str}", status_code=204, request_max_body_size=RECEIPT_LIMIT)
async def receipt(request: Asked, desk: GivenDesk, receipt: FromPath[str]) -> None:
    """A notification was shown or opened. The answer is always the same: it tells nobody which receipts exist."""
    with suppress(msgspec.DecodeError, NotStored):
        said = msgspec.json.decode(await request.body(), type=Receipt)
        if len(receipt) <= LONGEST:
            await desk.receipt(receipt, said.state)


@get("/healthz", sync_to_thread=False)
def healthz() -> Response[dict[str, str]]:
    """The process answers."""
    return Response({"status": "ok"}, headers=UNKEPT)


@get("/readyz")
async def readyz(desk: GivenDesk) -> Response[dict[str, str]]:
    """The database answers, and an engine calls people: 200; else 503."""
    pulse = await desk.ask(Pulse(), SYSTEM)
    running = isinstance(pulse, PulseView) and pulse.engine == "running"
    status = "ready" if running else "engine_stopped"
    return Response({"status": status}, status_code=200 if running else 503, headers=UNKEPT)


@get("/", sync_to_thread=False)
def front() -> Redirect:
    """The way in."""
    return Redirect("/desk/", status_code=307)


UNKEPT: Final = {"Cache-Control": "no-store"}
handlers: Final = [front, receipt, healthz, readyz]

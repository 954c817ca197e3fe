"""What stands outside pages and API: receipts from devices, health, the way in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final, Literal

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from msgspec import Struct

from core.engine.outcome import Refusal
from core.engine.ports import NotStored
from core.escalation.queries.vitals import Readiness, ReadinessView, Vitals
from core.people.model import SYSTEM
from web.auth import bearer
from web.given import GivenDesk
from web.metrics import exposed
from web.problems import Problem
from web.visit import visit_of

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
    """The database answers and is ours, and an engine calls people: 200; else 503 and which of them does not hold."""
    try:
        view: ReadinessView = await desk.ask(Readiness(), SYSTEM)
        status: str = view.status
    except NotStored:
        status = "no_database"
    return Response({"status": status}, status_code=200 if status == "ready" else 503, headers=UNKEPT)


@get("/metrics", guards=[bearer])
async def metrics(request: Asked, desk: GivenDesk) -> Response[bytes]:
    """The numbers of the desk as Prometheus reads them, for a token of an admin or an auditor."""
    view = await desk.ask(Vitals(), visit_of(request).actor)
    if isinstance(view, Refusal):
        raise Problem(403, "not_allowed", "web.problem.metrics")
    body, kind = exposed(desk.counts, view, len(request.app.state.live), request.headers.get("accept", ""))
    return Response(body, headers={**UNKEPT, "Content-Type": kind})


@get("/", sync_to_thread=False)
def front() -> Redirect:
    """The way in."""
    return Redirect("/desk/", status_code=307)


UNKEPT: Final = {"Cache-Control": "no-store"}
handlers: Final = [front, receipt, healthz, readyz, metrics]

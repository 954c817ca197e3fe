"""Calls 呼出: who calls me, what I hold, which alarms stand."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from core.engine.desk import Desk
from core.escalation.queries.views import MyCalls
from core.people.model import Actor
from web.pages.frame import Reader


@get(["/", "/calls"])
async def calls(request: Request[Any, Any, Any], desk: Desk, actor: Actor, language: str) -> Response[str]:
    """The first page: everything that wants me now."""
    reader = Reader(request, desk, actor, language)
    mine = await reader.ask(MyCalls())
    return await reader.show("calls.html", bar="calls", title=reader.t("web.calls.title"), mine=mine, ticket=None)

"""Calls 呼出: who calls me, what I hold, which alarms stand."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from core.escalation.queries.questions import MyCalls
from web.given import GivenActor, GivenDesk, GivenText
from web.pages.frame import Reader


@get(["/", "/calls"])
async def calls(
    request: Request[Any, Any, Any], desk: GivenDesk, actor: GivenActor, language: GivenText
) -> Response[str]:
    """The first page: everything that wants me now."""
    reader = Reader(request, desk, actor, language)
    mine = await reader.ask(MyCalls())
    return await reader.show("calls.html", bar="calls", title=reader.t("web.calls.title"), mine=mine, ticket=None)

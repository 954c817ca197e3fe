"""Calls 呼出: who calls me, what I hold, which alarms stand."""

from __future__ import annotations

from litestar import Response, get

from core.escalation.queries.questions import MyCalls
from web.pages.frame import GivenReader


@get(["/", "/calls"])
async def calls(reader: GivenReader) -> Response[str]:
    """The first page: everything that wants me now."""
    mine = await reader.ask(MyCalls())
    return await reader.show("calls.html", bar="calls", title=reader.t("web.calls.title"), mine=mine, ticket=None)

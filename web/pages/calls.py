"""Calls 呼出: who calls me, what I hold, which alarms stand."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post

from core.engine.outcome import Refusal
from core.escalation.commands import AcceptAll, Undo
from core.escalation.queries.questions import GetEscalation, MyCalls
from core.escalation.queries.views import EscalationView
from core.escalation.together import Acceptances, AcceptancesView
from web.pages.acts import answered, command, given, only
from web.pages.frame import GivenReader


@get(["/", "/calls"])
async def calls(reader: GivenReader) -> Response[str]:
    """The first page: everything that wants me now."""
    mine = await reader.ask(MyCalls())
    return await reader.show("calls.html", bar="calls", title=reader.t("web.calls.title"), mine=mine, ticket=None)


@post("/calls/acceptances", status_code=200)
async def acceptances(reader: GivenReader) -> Response[Any]:
    """Every call that was shown, at once; each has its own outcome."""
    shown = str((await given(reader.request)).get("calls", ""))
    ids = [int(one) for one in shown.split(",") if one.isascii() and one.isdigit() and len(one) < 16]
    outcome = await reader.act(command(AcceptAll, {"calls": ids}))
    if isinstance(outcome, Refusal):
        return await answered(reader, outcome, "", then="/desk/calls")
    view: AcceptancesView = await reader.ask(Acceptances(str(outcome.ref)))
    done = sum(one.outcome == "accepted" for one in view.items)
    sentence = reader.t("web.said.acceptances", n=done)
    if rest := len(view.items) - done:
        sentence += " " + reader.t("web.said.acceptances.rest", n=rest)
    return await answered(reader, outcome, sentence, then="/desk/calls")


@post("/undo", status_code=200)
async def undo(reader: GivenReader) -> Response[Any]:
    """Take back what I did a moment ago."""
    outcome = await reader.act(command(Undo, only(await given(reader.request), ("escalation",))))
    if isinstance(outcome, Refusal):
        return await answered(reader, outcome, "", then="/desk/calls")
    view: EscalationView = await reader.ask(GetEscalation(int(outcome.ref)))
    sentence = reader.t("web.said.undo", ticket=view.ticket)
    return await answered(reader, outcome, sentence, then=f"/desk/tickets/{view.ticket}")

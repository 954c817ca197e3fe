"""The verbs of an escalation, as nouns: acceptance, refusal, reassignment, climb, withdrawal, resolution, answer …

The service worker answers here too, in JSON.
"""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from core.engine.outcome import Refusal
from core.engine.wire import iso
from core.escalation.commands import (
    AcceptEscalation,
    AddResponder,
    ClimbEscalation,
    ConfirmEscalation,
    PageEveryone,
    ReassignEscalation,
    RefuseEscalation,
    ResolveEscalation,
    ReturnEscalation,
    WithdrawEscalation,
)
from core.escalation.kinds.commands import AnswerConsult, ApproveReport, AskAgain, ReviseReport, TakeOverConsult
from core.escalation.queries.questions import GetEscalation, GetTicket, Reachable
from core.escalation.queries.views import EscalationView, TicketView
from web.pages.acts import answered, command, given, noun_of, only
from web.pages.frame import GivenReader, Reader
from web.pages.reports import report_of

ACTS: Final[dict[str, tuple[type[Struct], tuple[str, ...]]]] = {
    "acceptance": (AcceptEscalation, ("call",)),
    "refusal": (RefuseEscalation, ("call", "reason")),
    "reassignment": (ReassignEscalation, ("to", "call", "reason")),
    "climb": (ClimbEscalation, ("level", "reason")),
    "withdrawal": (WithdrawEscalation, ("reason",)),
    "resolution": (ResolveEscalation, ("note", "close")),
    "confirmation": (ConfirmEscalation, ()),
    "answer": (AnswerConsult, ("text",)),
    "question": (AskAgain, ("text",)),
    "takeover": (TakeOverConsult, ()),
    "approval": (ApproveReport, ()),
    "revision": (ReviseReport, ("text",)),
    "return": (ReturnEscalation, ("instructions", "to")),
    "responders": (AddResponder, ("to", "reason")),
    "page-all": (PageEveryone, ("reason",)),
}


@post([f"/escalations/{{escalation:int}}/{noun}" for noun in ACTS], status_code=200)
async def escalation_act(reader: GivenReader, escalation: FromPath[int]) -> Response[Any]:
    """One act, and what is true now."""
    noun = noun_of(reader.request)
    kind, names = ACTS[noun]
    sent = await given(reader.request)
    values = only(sent, names) | {"escalation": escalation}
    if noun == "question":
        zone = (await reader.directory()).timezone
        values["report"] = report_of(sent, reader.desk.clock.now(), zone)
    intention = command(kind, values)
    outcome = await reader.act(intention)
    if isinstance(outcome, Refusal):
        return await answered(reader, outcome, "", then="")
    view: EscalationView = await reader.ask(GetEscalation(escalation))
    sentence = await _sentence(reader, noun, view, getattr(intention, "to", None))
    undo = view.id if noun == "acceptance" and not outcome.again else None
    then = f"/desk/tickets/{view.ticket}"
    return await answered(reader, outcome, sentence, then=then, members=_members(view), undo=undo)


@get("/escalations/{escalation:int}/reassignment")
async def reassignment(reader: GivenReader, escalation: FromPath[int], call: FromQuery[str] = "") -> Response[str]:
    """Who can be reached now, nearest first."""
    view: EscalationView = await reader.ask(GetEscalation(escalation))
    ticket: TicketView = await reader.ask(GetTicket(view.ticket))
    candidates = await reader.ask(Reachable(escalation))
    return await reader.show(
        "reassign.html",
        bar="calls",
        title=reader.t("web.reassign.title"),
        escalation=view,
        ticket=ticket,
        candidates=candidates.items,
        call=call if call.isdecimal() else "",
    )


async def _sentence(reader: Reader, noun: str, view: EscalationView, to: str | None) -> str:
    """ "You hold #4182 since 14:33", and the like."""
    speech = await reader.speech()
    since = view.held_since if view.held_since is not None else reader.desk.clock.now()
    if noun in ("acceptance", "confirmation") and view.kind != "takeover":
        return speech.say(f"web.said.{noun}.{view.kind}", ticket=view.ticket)
    return speech.say(f"web.said.{noun}", ticket=view.ticket, since=since, to=to)


def _members(view: EscalationView) -> dict[str, Any]:
    since = None if view.held_since is None else iso(view.held_since)
    return {"holder": view.held_by, "since": since, "ticket": view.ticket, "state": view.state}

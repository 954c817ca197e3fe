"""Handover 引き継ぎ: what I hold to somebody else, what is handed over to me."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath

from core.escalation.handing.commands import AcceptHandover, HandOver, RefuseHandover
from core.escalation.handing.views import Handovers, HandoversView
from web.pages.acts import answered, command, given, noun_of, only
from web.pages.frame import GivenReader

HERE: Final = "/desk/handovers"


@get("/handovers")
async def handovers(reader: GivenReader) -> Response[str]:
    """Everything that waits to change hands."""
    view: HandoversView = await reader.ask(Handovers())
    directory, me = await reader.directory(), reader.actor.person
    colleagues = [person for person in directory.persons if person.active and person.id != me]
    title = reader.t("web.handover.title")
    return await reader.show("handovers.html", bar="me", title=title, view=view, colleagues=colleagues)


@post("/handovers", status_code=200)
async def hand_over(reader: GivenReader) -> Response[Any]:
    """An offer for each."""
    values = only(await given(reader.request), ("to", "notes", "holder"))
    outcome = await reader.act(command(HandOver, values))
    return await answered(reader, outcome, reader.t("web.said.handover"), then=HERE)


@post([f"/handovers/{{handover:int}}/{noun}" for noun in ("acceptance", "refusal")], status_code=200)
async def handover_act(reader: GivenReader, handover: FromPath[int]) -> Response[Any]:
    """All of it, or none of what is left."""
    noun = noun_of(reader.request)
    act = AcceptHandover(handover) if noun == "acceptance" else RefuseHandover(handover)
    return await answered(reader, await reader.act(act), reader.t(f"web.said.handover.{noun}"), then=HERE)

"""Phone 電話: somebody on the floor rings the person who is called."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get, post
from litestar.params import FromPath

from core.escalation.commands import ContestAcceptance, ReportPhoneOutcome, TakePhoneTask
from core.escalation.queries.questions import PhoneTasks
from web.pages.acts import answered, command, given, noun_of, only
from web.pages.frame import GivenReader

HERE: Final = "/desk/phone"


@get("/phone")
async def phone(reader: GivenReader) -> Response[str]:
    """The tasks that I may take or have taken."""
    tasks = await reader.ask(PhoneTasks())
    return await reader.show("phone.html", bar="phone", title=reader.t("web.phone.title"), tasks=tasks.items)


@post([f"/phone-tasks/{{task:int}}/{noun}" for noun in ("taking", "outcome", "contest")], status_code=200)
async def phone_act(reader: GivenReader, task: FromPath[int]) -> Response[Any]:
    """I ring them now; this came of it."""
    then = HERE
    if noun_of(reader.request) == "contest":
        act, sentence, then = command(ContestAcceptance, {"task": task}), reader.t("web.said.contest"), "/desk/calls"
    elif noun_of(reader.request) == "taking":
        act, sentence = command(TakePhoneTask, {"task": task}), reader.t("web.said.taking")
    else:
        act = command(ReportPhoneOutcome, only(await given(reader.request), ["outcome"]) | {"task": task})
        assert isinstance(act, ReportPhoneOutcome)
        sentence = reader.t(f"web.said.outcome.{act.outcome}")
    return await answered(reader, await reader.act(act), sentence, then=then)

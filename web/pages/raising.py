"""Raise: who will be called when, before anything is sent; then the call itself."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from core.engine.outcome import Refusal
from core.engine.ports import MINUTE
from core.escalation.commands import RaiseEscalation
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.questions import GetCase, Preview
from core.escalation.queries.views import Case, PreviewView
from core.policy.model import Kind
from core.words import span
from web.pages.acts import answered, command, given, only, said
from web.pages.frame import GivenReader, Reader
from web.pages.ladders import split
from web.pages.reports import UPDATES, local_time, report_of
from web.sentences import Speech
from web.visit import is_htmx


@get("/tickets/{number:int}/escalations/new")
async def raising(
    reader: GivenReader, number: FromPath[int], level: FromQuery[int | None] = None,
    kind: FromQuery[Kind | None] = None, changed: FromQuery[bool] = False,
) -> Response[str]:  # fmt: skip
    """The sheet: what the rule proposes, or the chosen kind and level, with its ladder."""
    case: Case = await reader.ask(GetCase(number))
    preview = await reader.look(Preview(ticket=number, kind=kind, level=level))
    speech = await reader.speech()
    values = _told(preview, speech, await reader.directory(), case)
    values |= {"says": case.says.get(reader.language, ""), "guidance": case.guidance.get(reader.language, "")}
    values |= {"ticket": case.ticket, "changed": changed, "chosen": level, "chosen_kind": kind}
    now, zone = reader.desk.clock.now(), (await reader.directory()).timezone
    values |= {"began": local_time(now, zone), "updates": [(n, span(n * MINUTE, reader.language)) for n in UPDATES]}
    values["kind"] = kind or (preview.kind if isinstance(preview, PreviewView) else "takeover")
    return await reader.show("raise.html", bar="queue", title=reader.t("web.raise.title"), **values)


@post("/tickets/{number:int}/escalations", status_code=200)
async def raise_escalation(reader: GivenReader, number: FromPath[int]) -> Response[Any]:
    """Call. If persons or their order are not what the sheet showed, it is shown anew and asks once."""
    sent = await given(reader.request)
    report = report_of(sent, reader.desk.clock.now(), (await reader.directory()).timezone)
    values = only(sent, ("kind", "policy", "level", "to", "reason")) | {"ticket": number, "report": report}
    intention = command(RaiseEscalation, values)
    assert isinstance(intention, RaiseEscalation)
    if "shown" in sent:
        now = await reader.look(Preview(ticket=number, kind=intention.kind, level=intention.level))
        if isinstance(now, PreviewView) and fingerprint(now) != sent["shown"]:
            return _ask_again(reader, number, intention)
    outcome = await reader.act(intention)
    undo = None if isinstance(outcome, Refusal) else str(outcome.ref)
    members = {} if undo is None else {"escalation": undo}
    sentence = reader.t("web.said.raised", ticket=number)
    return await answered(reader, outcome, sentence, then=f"/desk/tickets/{number}", members=members, undo=undo)


def fingerprint(preview: PreviewView) -> str:
    """What was shown, times left aside: a minute's delay is no other ladder."""
    order = [(step.level, step.seat, step.people, step.channel) for step in preview.ladder]
    return hashlib.sha256(msgspec.json.encode(order)).hexdigest()[:32]


def _ask_again(reader: Reader, number: int, intention: RaiseEscalation) -> Response[Any]:
    chosen = f"&level={intention.level}" if intention.level is not None else ""
    chosen += f"&kind={intention.kind}" if intention.kind is not None else ""
    sheet = f"/desk/tickets/{number}/escalations/new?changed=true{chosen}"
    sentence = reader.t("web.raise.changed")
    if is_htmx(reader.request):
        return said(reader, sentence, good=False, then=sheet)
    return Response(b"", status_code=303, headers={"Location": sheet})


def _told(preview: Any, speech: Speech, directory: DirectoryView, case: Case) -> dict[str, Any]:
    """What the sheet says, of a preview or of what forbids it."""
    if isinstance(preview, Refusal):
        levels = [level.number for level in directory.levels]
        return {"refused": speech.refusal(preview), "preview": {"level": None}, "choices": levels}
    levels = next((list(policy.levels) for policy in directory.policies if policy.id == preview.policy.id), [])
    first = next((step.people for step in preview.ladder if step.people), ())
    return {
        "refused": "",
        "preview": preview,
        "steps": split(preview.ladder),
        "choices": sorted(set(levels)),
        "because": preview.says.get(speech.language, preview.because),
        "fingerprint": fingerprint(preview),
        "first_called": speech.people(first) if first else "",
    }

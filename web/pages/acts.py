"""Taking an act at the door and saying what came of it: to htmx, to the service worker, to a plain form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from litestar import Request, Response
from litestar.response import Redirect
from msgspec import Struct

from core.engine.outcome import STATUS, Done, Refusal
from core.engine.shapes import prepared
from web.pages.frame import Reader
from web.problems import invalid
from web.render import page
from web.visit import is_htmx

JSON: Final = "application/json"
NOT_OURS: Final = frozenset({"_token"})


def noun_of(request: Request[Any, Any, Any]) -> str:
    """The last part of the path: which act it is."""
    return request.url.path.rpartition("/")[2]


async def given(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """What was sent, of a form or as JSON; empty fields count as not given."""
    if request.headers.get("content-type", "").startswith(JSON):
        sent = _decoded(await request.body() or b"{}")
        if not isinstance(sent, dict):
            raise invalid(None, "object")
    else:
        sent = dict(await request.form())
    return {name: value for name, value in sent.items() if name not in NOT_OURS and value != ""}


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise invalid(None, "JSON", "web.problem.unreadable") from fault


def command(kind: type[Struct], values: Mapping[str, Any]) -> Struct:
    """The intention, checked; a Problem `invalid` where it is none."""
    try:
        return msgspec.convert(values, prepared(kind), strict=False)
    except msgspec.ValidationError as fault:
        raise invalid(_field(str(fault)), str(fault)) from fault


def only(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The fields of these names."""
    return {name: values[name] for name in names if name in values}


async def answered(
    reader: Reader,
    outcome: Done | Refusal,
    sentence: str,
    *,
    then: str,
    members: Mapping[str, Any] | None = None,
    status: int = 200,
    undo: str | None = None,
) -> Response[Any]:
    """The answer to an act. `then` is where a plain form goes on; `members` join the JSON of a success.

    `undo`: the escalation whose raise or acceptance this was; it can be taken back at once.
    """
    request = reader.request
    if is_htmx(request):
        refused = (await reader.speech()).refusal(outcome) if isinstance(outcome, Refusal) else ""
        back = None if refused else undo
        return said(reader, refused or sentence, good=not refused, status=_status(outcome), undo=back)
    if isinstance(outcome, Refusal):
        raise await reader.problem(outcome)
    if JSON in request.headers.get("accept", ""):
        body = {"ok": True, "sentence": sentence, **(members or {})}
        return Response(msgspec.json.encode(body), status_code=status, media_type=JSON)
    return Redirect(then, status_code=303)


def said(
    reader: Reader, sentence: str, *, good: bool, status: int = 200, then: str = "", undo: str | None = None
) -> Response[Any]:
    """One sentence under the header; the page around it reads itself again."""
    headers = {"HX-Trigger": "again"} | ({"Noroshi-Then": then} if then else {})
    return page(reader.request, "said.html", status=status, headers=headers, sentence=sentence, good=good, undo=undo)


def _status(outcome: Done | Refusal) -> int:
    return STATUS[outcome.code] if isinstance(outcome, Refusal) else 200


def _field(fault: str) -> str | None:
    """The field that msgspec names: `… - at `$.level``."""
    return fault.rpartition("$.")[2].rstrip("`").partition(".")[0] if "$." in fault else None

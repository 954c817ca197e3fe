"""Errors as people and programs read them: RFC 9457 documents, or a page for a person's browser."""

from __future__ import annotations

from collections.abc import Mapping
from traceback import extract_tb
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.response import Redirect
from structlog import get_logger

from core.engine.outcome import STATUS, Code, Refusal
from core.engine.ports import NotStored, Unsure
from core.engine.wire import outside
from core.words import say
from web.render import page
from web.visit import is_fetch, visit_of, wants_page

MEDIA: Final = "application/problem+json"
ProblemCode: TypeAlias = Code | Literal["precondition_required", "method_not_allowed", "unavailable", "internal"]
SIGN_IN: Final = "/desk/sign-in"
MEMBERS: Final = ("holder", "authority", "since", "id")
"""What a refusal may carry besides its sentence."""
BY_STATUS: Final[Mapping[int, ProblemCode]] = {
    401: "unauthenticated", 403: "not_allowed", 404: "unknown", 405: "method_not_allowed", 413: "too_large",
    428: "precondition_required", 429: "too_many", 503: "unavailable",
}  # fmt: skip

log = get_logger("noroshi.web")


class Problem(Exception):
    """An answer that is no success. `detail` is a words key with its values, or a sentence that is ready."""

    def __init__(
        self,
        status: int,
        code: ProblemCode,
        detail: str,
        *,
        values: Mapping[str, Any] | None = None,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.values = values or {}
        self.members = members or {}
        self.headers = headers or {}


def of_refusal(refusal: Refusal, sentence: str) -> Problem:
    """The problem of a refusal, with the sentence that says it to this reader."""
    members = {name: refusal.values[name] for name in MEMBERS if name in refusal.values}
    if refusal.field is not None:
        members["field"] = refusal.field
    return Problem(STATUS[refusal.code], refusal.code, sentence, members=members)


def invalid(field: str | None, expected: str, detail: str = "web.problem.field") -> Problem:
    """Something that was sent is not as it must be. `expected` is for programmers."""
    members = {"field": field, "expected": expected} if field else {"expected": expected}
    return Problem(422, "invalid", detail, values={"field": field or ""}, members=members)


def document(problem: Problem, language: str) -> dict[str, Any]:
    """The members of the problem document in this language."""
    detail = say(language, problem.detail, **problem.values) if _is_key(problem.detail) else problem.detail
    return {
        "type": f"urn:noroshi:problem:{problem.code}",
        "title": say(language, f"web.problem.title.{problem.code}"),
        "status": problem.status,
        "detail": detail,
        "code": problem.code,
        **outside(problem.members),
    }


def answer(request: Request[Any, Any, Any], fault: Exception) -> Response[Any]:
    """The app's exception handler: every fault becomes a problem, an unexpected one without a word of its own."""
    problem = _of(fault)
    if problem.status >= 500:
        _record(request, fault)
    if problem.code == "unauthenticated" and wants_page(request):
        return Redirect(_sign_in(request), status_code=303)
    headers = dict(problem.headers)
    if problem.code == "unauthenticated" and is_fetch(request):
        headers["HX-Redirect"] = SIGN_IN
    language = visit_of(request).language
    told = document(problem, language)
    if wants_page(request):
        values = {"title": told["title"], "heading": told["title"], "sentence": told["detail"], "back": None}
        return page(request, "problem.html", status=problem.status, headers=headers, **values)
    headers["Content-Language"] = language
    return Response(msgspec.json.encode(told), status_code=problem.status, media_type=MEDIA, headers=headers)


def _sign_in(request: Request[Any, Any, Any]) -> str:
    """Where to sign in, and from there back to what was asked for."""
    asked = request.url.path
    worth = request.method == "GET" and asked not in ("/desk", "/desk/")
    return f"{SIGN_IN}?{urlencode({'next': asked})}" if worth else SIGN_IN


def _of(fault: Exception) -> Problem:
    match fault:
        case Problem():
            return fault
        case Unsure():
            return Problem(503, "unavailable", "web.problem.unsure")
        case NotStored():
            return Problem(503, "unavailable", "web.problem.not_stored", headers={"Retry-After": "1"})
        case HTTPException(status_code=400):
            return Problem(422, "invalid", "web.problem.unreadable")
        case HTTPException(status_code=status) if status in BY_STATUS:
            code = BY_STATUS[status]
            return Problem(status, code, f"web.problem.{code}", headers=fault.headers)
    return Problem(500, "internal", "web.problem.internal")


def _record(request: Request[Any, Any, Any], fault: Exception) -> None:
    """Where it broke, without any value: messages of exceptions may quote what people wrote."""
    frames = [f"{frame.filename}:{frame.lineno}" for frame in extract_tb(fault.__traceback__)]
    log.error("fault", route=request.scope.get("path_template", ""), type=type(fault).__name__, frames=frames[-8:])


def _is_key(detail: str) -> bool:
    return detail.startswith(("web.", "refusal."))

"""My duty for a calendar program: at a secret address of its own, or by token."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath

from core.engine.outcome import Refusal
from core.escalation.queries.speech import sentence
from core.people.model import NOBODY
from core.people.secrets import hash_secret, make_secret
from core.roster.commands import OpenCalendar
from core.roster.ical import ical
from core.roster.queries import CalendarOf, CalendarView, MyCalendar
from web.auth import LONGEST
from web.given import GivenDesk
from web.openapi import CalendarAddress
from web.problems import Problem, of_refusal
from web.visit import visit_of

Asked = Request[Any, Any, Any]
PATH: Final = "/calendar/{secret:str}"
MEDIA: Final = "text/calendar; charset=utf-8"
UNKEPT: Final = {"Cache-Control": "no-store", "Content-Disposition": 'inline; filename="noroshi.ics"'}


@get(PATH)
async def feed(desk: GivenDesk, secret: FromPath[str]) -> Response[bytes]:
    """Somebody's duty. Wrong, revoked and too long addresses answer alike."""
    key = secret.removesuffix(".ics")
    view = await desk.ask(CalendarOf(hash_secret(key)), NOBODY) if len(key) <= LONGEST else None
    if not isinstance(view, CalendarView):
        raise Problem(404, "unknown", "web.problem.unknown")
    return Response(ical(view), media_type=MEDIA, headers=UNKEPT)


@get("/me/calendar.ics")
async def mine(request: Asked, desk: GivenDesk) -> Response[bytes]:
    """My duty, by token."""
    view = await desk.ask(MyCalendar(), visit_of(request).actor)
    if isinstance(view, Refusal):
        raise await _refused(request, desk, view)
    return Response(ical(view), media_type=MEDIA, headers=UNKEPT)


@post("/me/calendar", status_code=201)
async def make(request: Asked, desk: GivenDesk) -> CalendarAddress:
    """A new secret address; the one before it works no more."""
    secret = make_secret()
    outcome = await desk.handle(OpenCalendar(hash_secret(secret)), visit_of(request).actor)
    if isinstance(outcome, Refusal):
        raise await _refused(request, desk, outcome)
    return CalendarAddress(f"{request.app.state.settings.origin}/calendar/{secret}.ics")


async def _refused(request: Asked, desk: GivenDesk, refusal: Refusal) -> Problem:
    visit = visit_of(request)
    return of_refusal(refusal, await sentence(desk, visit.actor, visit.language, refusal))


by_token: Final = [mine, make]

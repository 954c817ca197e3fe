"""Ticket: who holds it, the ladder, the record, and what I may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final, Literal

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from msgspec import Struct
from msgspec.structs import asdict

from core.engine.ports import MINUTE
from core.escalation.model import OPEN
from core.escalation.queries.cards import DirectoryView, PersonName
from core.escalation.queries.questions import GetCase, MyCalls, Tab
from core.escalation.queries.views import Case, EscalationView, TicketView
from core.people.model import Actor
from core.tickets.commands import (
    AddAfterReport,
    AddComment,
    ClaimTicket,
    CloseTicket,
    PutOnWait,
    RefuseOffer,
    ReleaseTicket,
    ReopenTicket,
)
from core.words import day_line, span
from web.pages.acts import answered, command, given, noun_of, only
from web.pages.deeds import Deeds
from web.pages.frame import GivenReader, Reader
from web.pages.ladders import split
from web.pages.queue import column
from web.pages.reports import UPDATES, local_time
from web.sentences import Speech

ACTS: Final[dict[str, tuple[type[Struct], tuple[str, ...]]]] = {
    "claim": (ClaimTicket, ()),
    "release": (ReleaseTicket, ("to",)),
    "comments": (AddComment, ("text",)),
    "after-reports": (AddAfterReport, ("text",)),
    "waiting": (PutOnWait, ("until", "on", "note")),
    "closure": (CloseTicket, ("note",)),
    "refusal": (RefuseOffer, ()),
    "reopening": (ReopenTicket, ("note",)),
}
WAITS: Final = (30, 60, 120, 240, 480, 1_440, 2_880, 4_320)
"""How long a ticket may be put to sleep from the phone, minutes."""
ENDED: Final = 3
"""Ladders shown, where fewer are open."""


@get("/tickets/{number:int}")
async def ticket(
    reader: GivenReader, number: FromPath[int], tab: FromQuery[Tab | None] = None, about: FromQuery[str] = ""
) -> Response[str]:
    """One ticket; beside it, on wide screens, the list it was opened from. `about`: which open escalation is meant."""
    case: Case = await reader.ask(GetCase(number))
    if tab:
        beside = await column(reader, tab)
    else:
        beside = {"tab": "", "mine": await reader.ask(MyCalls())}
    values = await told(reader, case, about)
    bar: Literal["queue", "calls"] = "queue" if tab else "calls"
    title = f"#{case.ticket.number} {case.ticket.subject}"
    return await reader.show("ticket.html", bar=bar, title=title, **{**beside, **values})


@post([f"/tickets/{{number:int}}/{noun}" for noun in ACTS], status_code=200)
async def ticket_act(reader: GivenReader, number: FromPath[int]) -> Response[Any]:
    """Claim, offer, note, wait, close, reopen."""
    noun = noun_of(reader.request)
    kind, names = ACTS[noun]
    sent = await given(reader.request)
    values = only(sent, names) | {"ticket": number}
    if noun == "waiting" and "minutes" in sent:
        values["until"] = reader.desk.clock.now() + _minutes(sent["minutes"]) * MINUTE
    outcome = await reader.act(command(kind, values))
    return await answered(reader, outcome, reader.t(f"web.said.{noun}", ticket=number), then=f"/desk/tickets/{number}")


async def told(reader: Reader, case: Case, about: str = "") -> dict[str, Any]:
    """What the ticket page says, of a case."""
    speech, directory, now = await reader.speech(), await reader.directory(), reader.desk.clock.now()
    view, language = case.ticket, reader.language
    open_ = {escalation.id: escalation for escalation in case.escalations if escalation.state in OPEN}
    live = open_.get(about) or open_.get(case.live or "")
    says = case.says.get(language, "")
    return {
        "ticket": view,
        "open": live,
        "about": live.id if live else "",
        "shown": [_told(speech, escalation) for escalation in _shown(case, live)],
        "updates": [(minutes, span(minutes * MINUTE, language)) for minutes in UPDATES],
        "began": local_time(_began(live) or now, directory.timezone),
        "next_sentence": speech.next(live.next, now) if live else "",
        "since": speech.when(view.holder_since or now, now),
        "wakes": speech.when(view.wake_at or now, now),
        "source": speech.source(view.source),
        "team": speech.team(view.team),
        "says": says,
        "guidance": case.guidance.get(language, ""),
        "timeline": list(_days(speech, case, directory.timezone, language)),
        "everybody": [p for p in directory.persons if p.active and p.id not in (reader.actor.person, view.holder)],
        "colleagues": list(colleagues(directory, view, reader.actor)),
        "higher": _higher(directory, live),
        "spans": [(minutes, span(minutes * MINUTE, language)) for minutes in WAITS],
        "call": live.call if live else None,
        **Deeds(case, live, reader.actor.person, speech).values(),
    }


def colleagues(directory: DirectoryView, ticket: TicketView, actor: Actor) -> Iterable[PersonName]:
    """Whom a ticket may be offered to: of its team or a team above it."""
    parents = {team.id: team.parent for team in directory.teams}
    line: set[str] = set()
    at: str | None = ticket.team
    while at is not None and at not in line:
        line.add(at)
        at = parents.get(at)
    return (
        person
        for person in directory.persons
        if person.active and person.id not in (actor.person, ticket.holder) and line & set(person.teams)
    )


def _shown(case: Case, live: EscalationView | None) -> list[EscalationView]:
    """Every open one, what is meant first; then the newest of those that ended."""
    open_ = [one for one in case.escalations if one.state in OPEN]
    over = [one for one in case.escalations if one.state not in OPEN]
    return [*sorted(open_, key=lambda one: one is not live), *over[: max(0, ENDED - len(open_))]]


def _began(live: EscalationView | None) -> int | None:
    return live.report.since if live is not None and live.report is not None else None


def _told(speech: Speech, escalation: EscalationView) -> dict[str, Any]:
    because, version = escalation.says.get(speech.language, escalation.because), speech.version(escalation)
    return asdict(escalation) | {"because_words": because, "policy_words": version, "steps": split(escalation.ladder)}


def _days(speech: Speech, case: Case, zone: str, language: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Newest first, day by day."""
    newest = sorted(enumerate(case.timeline), key=lambda pair: (pair[1].at, pair[0]), reverse=True)
    for day, lines in groupby((entry for _, entry in newest), lambda entry: day_line(entry.at, zone, language)):
        yield day, [{"at": line.at, "sentence": speech.entry(line), "text": line.text} for line in lines]


def _higher(directory: DirectoryView, live: EscalationView | None) -> list[int]:
    if live is None:
        return []
    levels = next((policy.levels for policy in directory.policies if policy.id == live.policy.id), ())
    return sorted({level for level in levels if level > live.level})


def _minutes(text: object) -> int:
    return int(str(text)) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 7 else 0

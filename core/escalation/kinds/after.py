"""An after-report's answer: the ticket as it is now, why this was no escalation, and where one is raised."""

from __future__ import annotations

from msgspec import Struct

from core.engine.outcome import Done, Refusal
from core.engine.work import Ask
from core.escalation.queries.case import get_ticket
from core.escalation.queries.questions import GetTicket
from core.escalation.queries.views import TicketView
from core.people.records import people_of
from core.tickets.commands import AddAfterReport
from core.words import say


class GetAfterReport(Struct, frozen=True):
    """What an after-report is answered with."""

    ticket: int


class AfterReportView(TicketView, frozen=True, kw_only=True):
    """The ticket, and what the note was not."""

    why: str
    """Why it is no escalation, in the reader's language."""
    instead: str
    """What to do where somebody is needed after all."""
    raise_route: str
    """The route that calls somebody."""


def shows_after_report(command: AddAfterReport, _: Done) -> GetAfterReport:
    """The answer to an after-report."""
    return GetAfterReport(command.ticket)


def get_after_report(ask: Ask, query: GetAfterReport) -> AfterReportView | Refusal:
    """Read after the note was kept."""
    ticket = get_ticket(ask, GetTicket(query.ticket))
    if isinstance(ticket, Refusal):
        return ticket
    people = people_of(ask.tx)
    language = people.persons[ask.by.person].language
    return AfterReportView(
        **{name: getattr(ticket, name) for name in ticket.__struct_fields__},
        why=say(language, "after_report.why"),
        instead=say(language, "after_report.instead"),
        raise_route=f"/api/tickets/{query.ticket}/escalations",
    )

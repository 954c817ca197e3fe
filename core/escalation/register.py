"""The escalation part's rows in the catalogue: commands, queries, notices, deadlines, reactions."""

from __future__ import annotations

from typing import Any

from core.engine.catalogue import Catalogue, CommandRow, DeadlineRow, QueryRow, Route
from core.engine.outcome import Done
from core.escalation import acts, commands, duties, notices, reactions, verbs
from core.escalation.checks import watched
from core.escalation.handing import register as handing
from core.escalation.kinds import register as kinds
from core.escalation.plain import page
from core.escalation.plain.views import Rules, RulesView
from core.escalation.queries import around, calls, cards, case, questions, queue, record, ruling, views, vitals
from core.escalation.quiet import left_in_peace
from core.escalation.records import read_ahead
from core.tickets.commands import CloseTicket
from core.tickets.events import HolderChanged, TicketClosed, TicketRestricted, TicketWaits, TicketWoke

FOR_ME = {"for": "for_me"}


def register(catalogue: Catalogue, *, public_url: str) -> None:
    """Add every row of this part."""
    _verbs(catalogue)
    verbs.register(catalogue, shows_escalation, shows_task)
    handing.register(catalogue, public_url=public_url, badge=notices.badge)
    kinds.register(catalogue, shows_escalation)
    _questions(catalogue)
    catalogue.add(*notices.rows(public_url))
    catalogue.quiet = left_in_peace
    catalogue.checks.append(watched)
    catalogue.add(DeadlineRow("escalation", commands.DeadlinePassed, read_ahead))
    duties.register(catalogue)
    catalogue.guard(CloseTicket, reactions.keep_open)
    catalogue.subscribe(TicketClosed, reactions.closed)
    catalogue.subscribe(HolderChanged, reactions.handed)
    catalogue.subscribe(TicketWaits, reactions.waits)
    catalogue.subscribe(TicketWoke, reactions.woke)
    catalogue.subscribe(TicketRestricted, reactions.restricted)


def shows_ticket(command: Any, done: Done) -> questions.GetTicket:
    """The ticket as it is after a command on it."""
    return questions.GetTicket(int(done.ref))


def shows_escalation(command: Any, done: Done) -> questions.GetEscalation:
    """The escalation as it is after a command on it."""
    return questions.GetEscalation(int(done.ref))


def shows_task(command: Any, done: Done) -> questions.GetTask:
    """The phone task as it is after a command on it."""
    return questions.GetTask(int(done.ref))


def _verbs(catalogue: Catalogue) -> None:
    for command, run, noun in (
        (commands.AcceptEscalation, acts.accept, "acceptance"),
        (commands.RefuseEscalation, acts.refuse, "refusal"),
        (commands.ReassignEscalation, acts.reassign, "reassignment"),
        (commands.ClimbEscalation, acts.climb, "climb"),
        (commands.WithdrawEscalation, acts.withdraw, "withdrawal"),
        (commands.ResolveEscalation, acts.resolve, "resolution"),
        (commands.ConfirmEscalation, acts.confirm, "confirmation"),
    ):
        route = Route("POST", f"/escalations/{{escalation}}/{noun}", 200, shows_escalation)
        catalogue.add(CommandRow(command, run, route))
    raising = Route("POST", "/tickets/{ticket}/escalations", 201, shows_escalation)
    catalogue.add(
        CommandRow(commands.RaiseEscalation, acts.raise_, raising),
        CommandRow(
            commands.TakePhoneTask, acts.take_task, Route("POST", "/phone-tasks/{task}/taking", 200, shows_task)
        ),
        CommandRow(
            commands.ReportPhoneOutcome,
            acts.report_outcome,
            Route("POST", "/phone-tasks/{task}/outcome", 200, shows_task),
        ),
        CommandRow(commands.DeadlinePassed, acts.pass_time),
        CommandRow(commands.DeliveryReported, acts.delivered),
    )


def _questions(catalogue: Catalogue) -> None:
    for query, answer, result, path in (
        (questions.Tickets, queue.tickets, views.TicketPage, "/tickets"),
        (questions.Queue, queue.queue, views.QueuePage, "/queue"),
        (questions.QueueCounts, queue.counts, dict[str, int], "/queue/counts"),
        (questions.GetTicket, case.get_ticket, views.TicketView, "/tickets/{ticket}"),
        (questions.GetCase, case.get_case, views.Case, "/tickets/{ticket}/case"),
        (questions.GetEscalation, calls.get_escalation, views.EscalationView, "/escalations/{escalation}"),
        (questions.MyCalls, calls.my_calls, cards.MyCallsView, "/me/calls"),
        (questions.PhoneTasks, calls.phone_tasks, cards.TaskPage, "/phone-tasks"),
        (questions.GetTask, calls.get_task, cards.TaskView, "/phone-tasks/{task}"),
        (questions.Reachable, around.reachable, cards.Candidates, "/escalations/{escalation}/reachable"),
        (Rules, page.rules, RulesView, "/rules"),
        (questions.RuleReview, ruling.rule_review, ruling.RuleReviewView, "/rules/review"),
        (questions.Directory, around.directory, cards.DirectoryView, "/directory"),
        (questions.Journal, record.journal, views.JournalPage, "/journal"),
        (questions.Me, around.me, cards.MeView, "/me"),
        (questions.Pulse, around.pulse, cards.PulseView, "/pulse"),
    ):
        catalogue.add(QueryRow(query, answer, result, Route("GET", path)))
    catalogue.add(
        QueryRow(
            questions.Escalations, calls.escalations, views.EscalationPage, Route("GET", "/escalations", renames=FOR_ME)
        ),
        QueryRow(vitals.Vitals, vitals.vitals, vitals.VitalsView),
        QueryRow(vitals.Readiness, vitals.readiness, vitals.ReadinessView),
        QueryRow(questions.Preview, around.preview, views.PreviewView, Route("POST", "/previews")),
    )

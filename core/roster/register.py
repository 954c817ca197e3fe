"""The roster's rows in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.engine.catalogue import Catalogue, CommandRow, DeadlineRow, QueryRow, Route
from core.engine.outcome import Done
from core.engine.ports import Reader
from core.people.events import DirectoryChanged, LeaveBegan, LeaveEnded, LeaveTaken, PersonDeactivated
from core.people.model import Actor
from core.roster import acts, answers, checks, commands, feeds, handover, queries, swaps
from core.roster.notices import Badge, rows


def register(catalogue: Catalogue, *, public_url: str, badge: Badge) -> None:
    """Add every row of this part. Whoever is signed in may learn that duty changed."""
    catalogue.sights[handover.STREAM] = _sight
    catalogue.checks.append(checks.watched)
    catalogue.add(*_change_rows(), *_swap_rows(), *_query_rows(), *rows(public_url, badge))
    catalogue.add(CommandRow(commands.DutyDue, handover.duty_due), DeadlineRow(handover.DEADLINE, commands.DutyDue))
    # Who has left is off every rota before anything above looks for who is on duty in their place.
    catalogue.subscribe(DirectoryChanged, acts.people_left)
    catalogue.subscribe(DirectoryChanged, handover.directory_changed)
    for event in (LeaveTaken, LeaveBegan, LeaveEnded):
        catalogue.subscribe(event, handover.leave_changed)
    catalogue.subscribe(PersonDeactivated, feeds.left)


def _change_rows() -> list[CommandRow]:
    def override(command: Any, done: Done) -> queries.GetOverride:
        return queries.GetOverride(int(done.ref))

    def plan(command: Any, done: Done) -> queries.GetPlan:
        return queries.GetPlan(int(done.ref))

    return [
        CommandRow(commands.AddOverride, acts.add_override, Route("POST", "/rotas/{rota}/overrides", 201, override)),
        CommandRow(commands.CancelOverride, acts.cancel_override, Route("DELETE", "/overrides/{override}", 204)),
        CommandRow(commands.TakeShift, acts.take_shift, Route("POST", "/rotas/{rota}/taking", 201, override)),
        CommandRow(commands.MakePlan, acts.make_plan, Route("POST", "/rotas/{rota}/plans", 201, plan)),
        CommandRow(commands.CancelPlan, acts.cancel_plan, Route("DELETE", "/plans/{plan}", 204)),
    ]


def _swap_rows() -> list[CommandRow]:
    def swap(command: Any, done: Done) -> queries.GetSwap:
        return queries.GetSwap(int(done.ref))

    one = "/shifts/swaps/{swap}"
    return [
        CommandRow(commands.OfferShift, swaps.offer_shift, Route("POST", "/shifts/swaps", 201, swap)),
        CommandRow(commands.AcceptShift, swaps.accept_shift, Route("POST", f"{one}/acceptance", 200, swap)),
        CommandRow(commands.RefuseShift, swaps.refuse_shift, Route("POST", f"{one}/refusal", 200, swap)),
        CommandRow(commands.WithdrawShift, swaps.withdraw_shift, Route("DELETE", one, 204)),
        CommandRow(commands.OpenCalendar, feeds.open_calendar),
        CommandRow(commands.CloseCalendar, feeds.close_calendar, Route("DELETE", "/me/calendar", 204)),
    ]


def _query_rows() -> list[QueryRow]:
    return [
        QueryRow(queries.RosterPlan, answers.roster_plan, queries.RosterView, Route("GET", "/roster")),
        QueryRow(queries.OnDuty, answers.on_duty, queries.DutyPage, Route("GET", "/duty")),
        QueryRow(
            queries.GetOverride, answers.get_override, queries.OverrideView, Route("GET", "/overrides/{override}")
        ),
        QueryRow(queries.GetPlan, answers.get_plan, queries.PlanView, Route("GET", "/plans/{plan}")),
        QueryRow(queries.MySwaps, answers.my_swaps, queries.SwapPage, Route("GET", "/shifts/swaps")),
        QueryRow(queries.GetSwap, answers.get_swap, queries.SwapView, Route("GET", "/shifts/swaps/{swap}")),
        QueryRow(queries.MyCalendar, answers.my_calendar, queries.CalendarView, Route("GET", "/me/calendar")),
        QueryRow(queries.CalendarOf, answers.calendar_of, queries.CalendarView),
    ]


def _sight(tx: Reader, number: int) -> Callable[[Any], bool]:
    return _signed_in


def _signed_in(actor: Actor) -> bool:
    return actor.kind != "nobody"

"""A ticket in a few lines: what it is, who is responsible, what happens next by itself."""

from __future__ import annotations

from typing import Final

from core.escalation.model import OPEN
from core.escalation.queries.views import Case, EscalationView, NextStep, TicketView
from core.words import knows
from tui.model import countdown, text
from tui.model.lines import Line, Span, Tone, fitted, line, spread
from tui.model.names import Names

SOURCES: Final = ("phone", "mail", "chat", "web")
"""Sources that have a word; others are shown as they were given."""


def burning(case: Case) -> EscalationView | None:
    """The escalation the screen is about: the open one this reader most likely means, else the newest."""
    open_ = {one.id: one for one in case.escalations if one.state in OPEN}
    return open_.get(case.live or "") or next(iter(open_.values()), next(iter(case.escalations), None))


def head(case: Case, names: Names, now: int, cells: int) -> tuple[Line, ...]:
    """Number and subject; facts; who is responsible; what comes next."""
    return (
        title(case, names, now, cells),
        fitted(line(("   " + facts(case.ticket, names, cells - 3), "quiet")), cells),
        fitted(responsible(case, names), cells),
        fitted(coming(case, names, now), cells),
    )


def title(case: Case, names: Names, now: int, cells: int) -> Line:
    """` #4182 取引先からのクレーム            呼出中 1:42 `"""
    escalation = burning(case)
    right: Line = line((f" {names.say(f'tui.ticket.{case.ticket.status}')} ", "quiet"))
    if escalation is not None and escalation.state in OPEN:
        left = "" if escalation.next is None else " " + countdown.left(escalation.next.at - now, names.language)
        tone: Tone = "held" if escalation.state == "accepted" else "ember"
        right = line((f" {names.say(f'tui.state.{escalation.state}')}{left} ", tone))
    return spread(line((f" #{case.ticket.number} {case.ticket.subject}", "strong")), right, cells)


def facts(ticket: TicketView, names: Names, cells: int) -> str:
    """Customer, source, category, severity, when it came, which team: as many as there is room for."""
    customer = ticket.customer.name if ticket.customer is not None else None
    parts = [
        customer or (names.say("tui.masked") if ticket.masked else ""),
        names.say(f"tui.source.{ticket.source}") if ticket.source in SOURCES else ticket.source,
        ticket.category,
        names.say(f"tui.severity.{ticket.severity}") if ticket.severity != "normal" else "",
        names.say("tui.opened", time=names.clock(ticket.created_at)),
        names.team(ticket.team),
        names.say("tui.mark.restricted") if ticket.restricted else "",
    ]
    shown = [part for part in parts if part]
    while len(shown) > 1 and text.width(" | ".join(shown)) > cells:
        shown.pop()
    return " | ".join(shown)


def responsible(case: Case, names: Names) -> Line:
    """Who holds it, since when; to whom it was offered."""
    ticket = case.ticket
    if ticket.holder is None:
        return line(("   " + names.say("tui.holder.none"), "text"))
    since = "" if ticket.holder_since is None else names.clock(ticket.holder_since)
    spans: list[Span | str] = [
        "   ",
        Span(names.say("tui.holder.is", person=names.called(ticket.holder), since=since), "held"),
    ]
    if ticket.offer is not None:
        spans.append("  " + names.say("tui.holder.offered", person=names.called(ticket.offer.to)))
    return line(*spans)


def coming(case: Case, names: Names, now: int) -> Line:
    """What happens by itself, and when."""
    escalation, ticket = burning(case), case.ticket
    if escalation is None or escalation.state not in OPEN:
        if ticket.wake_at is not None:
            return line("   " + names.say("tui.alone.wake", time=names.clock(ticket.wake_at)))
        return line(("   " + names.say("tui.next.nothing"), "quiet"))
    if escalation.asked:
        return line(("   " + names.say("tui.next.asked"), "ember"))
    if escalation.next is None:
        return line(("   " + names.say(f"tui.state.{escalation.state}"), "quiet"))
    burns = escalation.state == "standing" or countdown.burns(escalation.next.at - now)
    tone: Tone = "ember" if burns and escalation.state in ("calling", "standing") else "text"
    return line(("   " + _sentence(escalation, escalation.next, names), tone))


def _sentence(escalation: EscalationView, step: NextStep, names: Names) -> str:
    values = {
        "time": names.clock(step.at),
        "people": names.people(step.people),
        "via": names.say(f"tui.via.{step.via}") if step.via else "",
        "level": names.level(escalation.level if step.level is None else step.level),
        "holder": names.called(escalation.held_by or escalation.holder),
    }
    key = f"tui.next.{step.does}" if step.people else f"tui.alone.{step.does}"
    return names.say(key if knows(names.language, key) else "tui.next.other", **values)

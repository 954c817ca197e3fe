"""What stands on every screen: where I am and who, the tabs with their counts, and what burns."""

from __future__ import annotations

from typing import Final

from tui.model import countdown
from tui.model.lines import Line, Span, Tone, fitted, line, spread
from tui.model.session import Session

TABS: Final = ("new", "mine", "waiting", "escalated", "done", "phone")
"""In the order of their digits."""


def status(session: Session, cells: int) -> Line:
    """The first line: the desk, me, the mode, my duty, the time."""
    names, me = session.names, session.me
    parts: list[Span] = [Span(" NOROSHI ", "strong"), Span(" " + names.directory.name, "quiet")]
    if me is not None:
        parts += [Span("  " + me.name, "text"), Span(f" L{me.level}", "quiet")]
        if me.duty:
            until = names.clock(max(duty.until for duty in me.duty))
            parts.append(Span("  " + names.say("tui.status.duty", time=until), "held"))
    if names.directory.mode != "normal":
        parts.append(Span("  " + names.say(f"tui.mode.{names.directory.mode}"), "ember"))
    return spread(line(*parts), line((f"{names.clock(session.door.now())} ", "strong")), cells)


def tabs(session: Session, chosen: str, cells: int) -> Line:
    """The second line: six tabs; the chosen one in brackets, a mark where something burns."""
    shown: list[Span | str] = []
    for digit, tab in enumerate(TABS, 1):
        label = f"{digit} {session.names.say(f'tui.tab.{tab}')}{_count(session, tab)}"
        shown.append(Span(f"[{label}]", "strong") if tab == chosen else Span(f" {label} ", _tone(session, tab)))
        shown.append(" ")
    return fitted(line(*shown), cells)


def banners(session: Session) -> tuple[Line, ...]:
    """What must be seen on every screen, most burning first."""
    names, now = session.names, session.door.now()
    shown: list[Line] = []
    if session.offline_since is not None:
        shown.append(line((" " + names.say("tui.banner.offline", time=names.clock(session.offline_since)), "alarm")))
    elif session.pulse.engine == "stopped":
        shown.append(line((" " + names.say("tui.banner.stopped"), "alarm")))
    if session.calls.calls:
        first = min(session.calls.calls, key=lambda card: card.accept_by or 0)
        left = "" if first.accept_by is None else countdown.left(first.accept_by - now, names.language)
        key = "tui.banner.call" if len(session.calls.calls) == 1 else "tui.banner.calls"
        words = names.say(
            key, n=len(session.calls.calls), number=first.ticket, subject=first.subject,
            kind=names.say(f"tui.kind.{first.kind}"), left=left,
        )  # fmt: skip
        shown.append(line((" " + words, "alarm")))
    if session.calls.alarms:
        alarm = session.calls.alarms[0]
        words = names.say(
            "tui.banner.alarm", n=len(session.calls.alarms), number=alarm.ticket, subject=alarm.subject,
            since=names.clock(alarm.since),
        )  # fmt: skip
        shown.append(line((" " + words, "alarm")))
    return tuple(shown)


def called_ticket(session: Session) -> int | None:
    """The ticket that the banner names: the most urgent call of mine, else the oldest alarm."""
    if session.calls.calls:
        return min(session.calls.calls, key=lambda card: card.accept_by or 0).ticket
    return session.calls.alarms[0].ticket if session.calls.alarms else None


def _count(session: Session, tab: str) -> str:
    if tab == "phone":
        free = sum(task.state == "offered" for task in session.tasks)
        return f" {len(session.tasks)}{'!' if free else ''}" if session.tasks else ""
    count = session.counts.get(tab)
    burns = "!" if tab == "escalated" and session.calls.alarms else ""
    return f" {count}{burns}" if count else ""


def _tone(session: Session, tab: str) -> Tone:
    return "text" if (tab == "phone" and session.tasks) or session.counts.get(tab) else "quiet"

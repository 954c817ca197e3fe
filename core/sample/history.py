"""The week before a demo begins: who did what, when, as commands in order of time."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

import msgspec
from msgspec import Struct

from core.engine.ports import Millis
from core.escalation.commands import AcceptEscalation, RaiseEscalation, RefuseEscalation, ResolveEscalation
from core.escalation.kinds.commands import AnswerConsult, ApproveReport
from core.escalation.kinds.model import Draft
from core.policy.durations import UNITS
from core.tickets.commands import AddComment, ClaimTicket, CloseTicket, CreateTicket, PutOnWait

PART: Final = re.compile(r"(\d+)([smhdw])")
CALLED: Final = "called"
HOLDER: Final = "holder"
IN_HAND: Final = "in_hand"


class Step(Struct, frozen=True):
    """One thing that somebody did to the `matter`-th ticket."""

    at: Millis
    matter: int
    by: str
    """A person id, or `called`, `holder`, `in_hand` (who answers or approves): whoever that is at that time."""
    does: str
    values: Mapping[str, Any]


def read(now: Millis, pace: float = 1.0) -> list[Step]:
    """Every step up to `now`, oldest first. `pace` shortens all spans (1/60: minutes are seconds)."""
    steps: list[Step] = []
    for matter, row in enumerate(matters()):
        came = now - int(span(row.pop("ago")) * pace)
        history = row.pop("history", [])
        steps.append(Step(came, matter, row.pop("by"), "create", row))
        for entry in history:
            at = came + int(span(entry.pop("after")) * pace)
            steps.append(Step(min(at, now), matter, entry.pop("by"), entry.pop("does"), entry))
    return sorted(steps, key=lambda step: step.at)


def matters() -> list[dict[str, Any]]:
    """The rows of tickets.toml."""
    text = files("core.sample").joinpath("tickets.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text)["ticket"]
    return rows


def command(step: Step, ticket: int, escalation: int, pace: float = 1.0) -> Struct:
    """The command of a step; `ticket` and `escalation` are what the matter was given (0 before)."""
    values = step.values
    match step.does:
        case "create":
            return msgspec.convert(values, CreateTicket)
        case "claim":
            return ClaimTicket(ticket)
        case "comment":
            return AddComment(ticket, values["text"])
        case "wait":
            until = step.at + int(span(values["for"]) * pace)
            return PutOnWait(ticket, until, values["on"], values.get("team"), values.get("note", ""))
        case "done":
            return CloseTicket(ticket, values.get("note", ""))
        case "raise":
            named = {name: values[name] for name in ("kind", "policy", "level", "reason") if name in values}
            return RaiseEscalation(ticket, **named, report=_report(step, pace))
        case "answer":
            return AnswerConsult(escalation, values["text"])
        case "approve":
            return ApproveReport(escalation)
        case "accept":
            return AcceptEscalation(escalation)
        case "refuse":
            return RefuseEscalation(escalation, reason=values.get("reason", ""))
        case "resolve":
            return ResolveEscalation(escalation, values.get("note", ""), values.get("close", False))
    raise ValueError(f"the sample knows no {step.does!r}")


def _report(step: Step, pace: float) -> Draft | None:
    """What the customer reads; `since` is how long before the step it began, `next` how long after it they hear."""
    written = step.values.get("report")
    if written is None:
        return None
    since, after = (int(span(written[name]) * pace) for name in ("since", "next"))
    texts = {name: written[name] for name in ("what", "affects", "recovery")}
    return Draft(since=step.at - since, next_update=step.at + after, **texts)


def span(text: str) -> Millis:
    """`1h30m` in milliseconds."""
    return sum(int(number) * UNITS[unit] for number, unit in PART.findall(text))

"""What a consult or a report wants of the reader: one text sheet, whose words are an answer, a question, remarks."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from core.escalation.commands import ConfirmEscalation, ReturnEscalation
from core.escalation.kinds.commands import AnswerConsult, ApproveReport, AskAgain, ReviseReport
from core.escalation.queries.views import Case

Wanted: TypeAlias = Literal["answer", "check", "settle", "forward", "return"]
"""An answer · the report's approval, or remarks · that it answers the question, or another one · the draft again ·
what is to be done by whoever it goes back to."""
WAYS: tuple[tuple[str, Wanted], ...] = (
    ("approve", "check"), ("confirm", "settle"), ("answer", "answer"), ("update", "forward"),
)  # fmt: skip


def wanted(case: Case) -> Wanted | None:
    """What this reader may say to what is meant on this ticket; None: nothing."""
    live = next((one for one in case.escalations if one.id == case.live), None)
    if live is None or live.kind == "takeover":
        return None
    open_ = {may.act for may in case.may if may.escalation == live.id and may.allowed}
    for act, what in WAYS:
        if act in open_ and (what not in ("settle", "forward") or live.state == "answered"):
            return what
    return None


def needs_words(what: Wanted) -> bool:
    """Whether an empty sheet says nothing."""
    return what in ("answer", "forward", "return")


def command(what: Wanted, escalation: str, text: str) -> Struct:
    """What to send for these words."""
    id_ = int(escalation)
    match what:
        case "answer":
            return AnswerConsult(id_, text)
        case "check":
            return ReviseReport(id_, text) if text else ApproveReport(id_)
        case "settle":
            return AskAgain(id_, text) if text else ConfirmEscalation(id_)
        case "return":
            return ReturnEscalation(id_, text)
    return AskAgain(id_, text)

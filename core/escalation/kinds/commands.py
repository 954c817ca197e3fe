"""What people intend with consults and customer reports."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from core.escalation.kinds.model import Draft

Text = Annotated[str, Meta(max_length=20_000)]


class AnswerConsult(Struct, frozen=True, forbid_unknown_fields=True):
    """The answer to a consult, by anybody who was called for it. Whoever asked is told; the holder stays."""

    escalation: int
    text: Text


class AskAgain(Struct, frozen=True, forbid_unknown_fields=True):
    """Ask whoever answered once more; for a customer report: put the draft (or the next update) before them again."""

    escalation: int
    text: Text = ""
    report: Draft | None = None


class TakeOverConsult(Struct, frozen=True, forbid_unknown_fields=True):
    """A consult becomes a takeover: whoever answers it holds the ticket, or the ladder is called."""

    escalation: int


class ApproveReport(Struct, frozen=True, forbid_unknown_fields=True):
    """The report leaves to the customer by mail, as it was drafted."""

    escalation: int


class ReviseReport(Struct, frozen=True, forbid_unknown_fields=True):
    """The report goes back to its author, with remarks."""

    escalation: int
    text: Text


class ReportDelivered(Struct, frozen=True):
    """The wire's own: how the mail of one report fared."""

    escalation: int
    number: int
    state: Literal["sent", "failed", "gone", "dropped"]

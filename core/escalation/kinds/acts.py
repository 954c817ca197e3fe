"""Answers, further questions, approvals: the commands of consults and reports inside their transaction."""

from __future__ import annotations

from core.engine.outcome import Done, Refusal
from core.engine.work import Work
from core.escalation.acts import act
from core.escalation.decide import consult, report
from core.escalation.decide.verdict import Verdict
from core.escalation.kinds.commands import (
    AnswerConsult,
    ApproveReport,
    AskAgain,
    ReportDelivered,
    ReviseReport,
    TakeOverConsult,
)
from core.escalation.kinds.records import SQL, add_draft, draft_of, has_address, text_of
from core.escalation.model import Escalation
from core.escalation.records import open_of
from core.escalation.seats import Scene
from core.tickets.records import write_note


def answer(work: Work, command: AnswerConsult) -> Done | Refusal:
    """An answer is kept with its escalation; nothing moves."""

    def choose(scene: Scene, esc: Escalation) -> Verdict:
        known = text_of(work.tx, esc.answer.note) if esc.answer is not None else None

        def with_note(note: int | None) -> Verdict:
            return consult.answer(scene, esc, work.by, command.text, known, note, work.now)

        first = with_note(None)
        return first if _idle(first) else with_note(write_note(work, esc.ticket, "answer", command.text))

    return act(work, command.escalation, choose)


def ask_again(work: Work, command: AskAgain) -> Done | Refusal:
    """A question to whoever answered, or a draft to whoever approves."""

    def choose(scene: Scene, esc: Escalation) -> Verdict:
        if esc.kind == "notify":
            return _put_forward(work, command, scene, esc)
        known = text_of(work.tx, esc.answer.question) if esc.answer is not None else None

        def with_note(note: int | None) -> Verdict:
            return consult.ask_again(scene, esc, work.by, command.text, known, note, work.now)

        first = with_note(None)
        return first if _idle(first) else with_note(write_note(work, esc.ticket, "question", command.text))

    return act(work, command.escalation, choose)


def _put_forward(work: Work, command: AskAgain, scene: Scene, esc: Escalation) -> Verdict:
    number = esc.report.number if esc.report is not None else 0
    forward = report.Forward(command.report, draft_of(work.tx, esc.id, number), command.text)

    def with_note(note: int | None) -> Verdict:
        return report.put_forward(scene, esc, work.by, forward, note, work.now)

    first = with_note(None)
    if _idle(first):
        return first
    if command.report is not None:
        add_draft(work.tx, esc.id, number + 1, command.report, work.by.person, work.now)
    return with_note(write_note(work, esc.ticket, "question", command.text)) if command.text else first


def take_over(work: Work, command: TakeOverConsult) -> Done | Refusal:
    """A consult becomes a takeover, unless one is open."""

    def choose(scene: Scene, esc: Escalation) -> Verdict:
        other = next((one for one in open_of(work.tx, esc.ticket) if one.kind == "takeover" and one.id != esc.id), None)
        return consult.take_over(scene, esc, work.by, other, work.now)

    return act(work, command.escalation, choose)


def approve(work: Work, command: ApproveReport) -> Done | Refusal:
    """The report leaves, if the customer can be written to."""

    def choose(scene: Scene, esc: Escalation) -> Verdict:
        return report.approve(scene, esc, work.by, has_address(work.tx, esc.ticket), work.now)

    return act(work, command.escalation, choose)


def revise(work: Work, command: ReviseReport) -> Done | Refusal:
    """Back to its author, with remarks."""

    def choose(scene: Scene, esc: Escalation) -> Verdict:
        known = text_of(work.tx, esc.answer.note) if esc.answer is not None else None

        def with_note(note: int | None) -> Verdict:
            return report.revise(scene, esc, work.by, command.text, known, note, work.now)

        first = with_note(None)
        return first if _idle(first) else with_note(write_note(work, esc.ticket, "remarks", command.text))

    return act(work, command.escalation, choose)


def delivered(work: Work, command: ReportDelivered) -> Done | Refusal:
    """How the mail fared; told once."""
    at = {"escalation": command.escalation, "number": command.number}
    stage = work.tx.one(SQL["stage"], at)
    if stage is None or stage[0] != "leaving":
        return Done(again=True)
    work.tx.run(SQL["draft_stage"], {**at, "stage": "sent" if command.state == "sent" else "failed"})
    return act(
        work, command.escalation,
        lambda scene, esc: report.delivered(scene, esc, command.number, command.state, work.now),
    )  # fmt: skip


def _idle(verdict: Verdict) -> bool:
    """Refused, or done before: no text is kept."""
    return isinstance(verdict, Refusal) or not verdict.events

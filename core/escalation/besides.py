"""The verbs beside the main line, inside their transaction: back down, to everyone at once, one more to help."""

from __future__ import annotations

from core.engine.outcome import Done, Refusal
from core.engine.work import Work
from core.escalation.acts import noted
from core.escalation.commands import AddResponder, PageEveryone, ReturnEscalation
from core.escalation.decide import back, page, responder
from core.escalation.decide.verdict import Verdict
from core.escalation.model import Escalation
from core.escalation.queries.view import events_of, journal_of, responders_of
from core.escalation.seats import Scene
from core.tickets.records import involve


def return_(work: Work, command: ReturnEscalation) -> Done | Refusal:
    """Hand it back down, with instructions that are kept as a text of people."""
    return noted(
        work, command.escalation, command.instructions, "return",
        lambda scene, esc, note: back.return_(scene, esc, work.by, command.to, command.instructions, note, work.now),
    )  # fmt: skip


def page_all(work: Work, command: PageEveryone) -> Done | Refusal:
    """Call everyone on the ladder now."""
    return noted(
        work, command.escalation, command.reason, "page",
        lambda scene, esc, note: page.page_all(scene, esc, work.by, note, work.now),
    )  # fmt: skip


def add_responder(work: Work, command: AddResponder) -> Done | Refusal:
    """Somebody works on it too, and sees the ticket as long as it is open."""

    def choose(scene: Scene, esc: Escalation, note: int | None) -> Verdict:
        known = responders_of(events_of(journal_of(work.tx, esc.ticket), esc.id))
        verdict = responder.add(scene, esc, work.by, command.to, known, note, work.now)
        if not isinstance(verdict, Refusal) and verdict.events:
            involve(work, esc.ticket, command.to)
        return verdict

    return noted(work, command.escalation, command.reason, "responder", choose)

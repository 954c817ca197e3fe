"""The verbs beside the main line, inside their transaction: back down, to everyone at once."""

from __future__ import annotations

from core.engine.outcome import Done, Refusal
from core.engine.work import Work
from core.escalation.acts import noted
from core.escalation.commands import PageEveryone, ReturnEscalation
from core.escalation.decide import back, page


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

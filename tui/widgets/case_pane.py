"""The open ticket: what it is, its ladder, its timeline."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Size

from core.escalation.queries.views import Case
from tui.model import case_lines, ladder_view, timeline
from tui.model.lines import Line, fitted, line
from tui.model.names import Names
from tui.widgets.lines import Lines, ScrollLines

PARTS: Final = ("head", "policy", "ladder", "band")
SHARE: Final = 0.5
"""Of the height, at most, for head and ladder."""


class CasePane(Vertical):
    """A pane beside the list, or the whole body on a narrow screen."""

    def __init__(self) -> None:
        super().__init__(id="case")
        self._case: Case | None = None
        self._seen: tuple[int, Size] | None = None

    def compose(self) -> ComposeResult:
        """Head, ladder, timeline."""
        yield Lines("case-head")
        yield Lines("case-policy", "band")
        yield Lines("case-ladder")
        yield Lines("case-band", "band")
        yield ScrollLines("case-timeline", follows=True)

    def show(self, case: Case | None, names: Names, now: int) -> None:
        """Another case, or the same one as it is now."""
        self._case = case
        self.tick(names, now)
        body = self.query_one(ScrollLines)
        if case is None or not self.size.width:
            body.show([])
            return
        seen = (case.ticket.number, self.size)
        body.show(timeline.lines(case, names, self.size.width - 1), to_end=seen != self._seen)
        self._seen = seen

    def tick(self, names: Names, now: int) -> None:
        """Only what time changes."""
        case, cells = self._case, self.size.width
        head, policy, ladder, band = (self.query_one(f"#case-{part}", Lines) for part in PARTS)
        if case is None:
            for part in (head, policy, ladder, band):
                part.show()
            return
        head.show(*case_lines.head(case, names, now, cells))
        policy.show(*_policy(case, names, cells))
        ladder.show(*_ladder(case, names, cells, self._room()))
        band.show(fitted(line((f" {names.say('tui.timeline')}", "band")), cells, "band"))

    @property
    def timeline(self) -> ScrollLines:
        """What scrolls here."""
        return self.query_one(ScrollLines)

    def _room(self) -> int:
        return max(int(self.size.height * SHARE) - 2, 3)


def _policy(case: Case, names: Names, cells: int) -> tuple[Line, ...]:
    escalation = case_lines.burning(case)
    if escalation is None:
        return ()
    words = names.say(
        "tui.ladder.title",
        kind=names.say(f"tui.kind.{escalation.kind}"),
        policy=names.policy(escalation.policy.id),
        because=names.because(escalation),
    )
    return (fitted(line((f" {words}", "band")), cells, "band"),)


def _ladder(case: Case, names: Names, cells: int, room: int) -> tuple[Line, ...]:
    escalation = case_lines.burning(case)
    if escalation is None:
        return ()
    return ladder_view.folded(escalation.ladder, ladder_view.ladder(escalation, names, cells), names, room)

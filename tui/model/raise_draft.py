"""The raise sheet before it is sent: what can be chosen, and who would be called when."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.escalation.commands import RaiseEscalation
from core.escalation.queries.questions import Preview
from core.escalation.queries.views import PreviewView
from core.policy.model import Kind
from tui.model import ladder_view
from tui.model.lines import Line, Span, fitted, line, spread
from tui.model.names import Names
from tui.model.text import clean, wrap

CHOICES: Final = 6
"""As many as there are digits for them."""
GUIDANCE: Final = 3
"""Lines at most of what to say meanwhile; all of it stands on the page of rules."""


class Choice(Struct, frozen=True):
    """One line of the sheet: what the rule says (nothing named), another level, or a consult."""

    level: int | None = None
    kind: Kind | None = None


class RaiseDraft:
    """What is about to be sent. `shown` is the ladder the reader has seen; `changed` that it was not the same twice."""

    def __init__(self, ticket: int, subject: str, message: str = "") -> None:
        self.ticket = ticket
        self.subject = subject
        self.message = message
        """A word to whoever is called."""
        self.choices: tuple[Choice, ...] = (Choice(),)
        self.chosen = 0
        self.default: PreviewView | None = None
        self.shown: PreviewView | None = None
        self.refused = ""
        """Why there is no ladder for the choice."""
        self.changed = False
        self.sending = False

    @property
    def choice(self) -> Choice:
        """The chosen line."""
        return self.choices[self.chosen]

    def question(self) -> Preview:
        """What to ask for the chosen line."""
        return Preview(ticket=self.ticket, kind=self.choice.kind, level=self.choice.level)

    def command(self) -> RaiseEscalation:
        """What to send for the chosen line."""
        return RaiseEscalation(self.ticket, kind=self.choice.kind, level=self.choice.level, reason=self.message.strip())

    def choose(self, place: int) -> bool:
        """Choose a line; whether there is one."""
        if not 0 <= place < len(self.choices) or self.sending:
            return False
        if place != self.chosen:
            self.chosen, self.shown, self.refused, self.changed = place, None, "", False
        return True

    def answered(self, choice: Choice, view: PreviewView, names: Names) -> None:
        """The ladder of a choice has come. One that is no longer chosen is dropped."""
        if choice == Choice() and self.default is None:
            self.default = view
            above = [level for level in names.policy_levels(view.policy.id) if level > view.level]
            levels = (Choice(), *(Choice(level) for level in sorted(above)))[: CHOICES - 1]
            self.choices = levels if view.kind == "consult" else (*levels, Choice(kind="consult"))
        if choice == self.choice:
            self.shown, self.refused = view, ""

    def differs(self, view: PreviewView) -> bool:
        """Asked again just before sending: whether other persons, or another order, would be called now."""
        different = self.shown is not None and not ladder_view.same_people(self.shown, view)
        self.shown, self.changed = view, different
        return different


def lines(draft: RaiseDraft, names: Names, now: int, cells: int, room: int) -> tuple[Line, ...]:
    """The sheet, at most `room` lines high."""
    title = line((f" {names.say('tui.raise.title')} ", "strong"), f"#{draft.ticket} {draft.subject}")
    right = line((names.say("tui.raise.send") + " ", "quiet"))
    top = [spread(title, right, cells), *(_choice(draft, place, names, cells) for place in range(len(draft.choices)))]
    if draft.message.strip():
        message = names.say("tui.raise.message", text=clean(draft.message.strip()))
        top.append(fitted(line((f" {message}", "text")), cells))
    if draft.changed:
        top.append(fitted(line((" " + names.say("tui.raise.changed"), "alarm")), cells, "alarm"))
    top.append(fitted(line((" " + _caption(draft, names), "quiet")), cells))
    top += _guidance(draft, names, cells, (room - len(top)) // 3)
    return (*top, *_steps(draft, names, now, cells, room - len(top)))


def _choice(draft: RaiseDraft, place: int, names: Names, cells: int) -> Line:
    choice, default = draft.choices[place], draft.default
    mark = ">" if place == draft.chosen else " "
    if choice.kind is not None:
        words = names.say("tui.raise.consult")
    elif choice.level is None:
        words = names.say("tui.raise.by_rule")
        if default is not None:
            level, why = names.level(default.level), names.because(default)
            words = names.say("tui.raise.default", level=level, because=why, kind=names.say(f"tui.kind.{default.kind}"))
    else:
        words = names.say("tui.raise.to_level", level=names.level(choice.level))
    return fitted(line((f" {mark} {place + 1}  ", "key"), Span(words, "strong" if mark == ">" else "text")), cells)


def _caption(draft: RaiseDraft, names: Names) -> str:
    if draft.refused:
        return draft.refused
    if draft.shown is None:
        return names.say("tui.raise.reading")
    key = "tui.raise.empty" if not draft.shown.ladder else "tui.raise.who"
    return names.say(key, policy=names.policy(draft.shown.policy.id), version=draft.shown.policy.version)


def _guidance(draft: RaiseDraft, names: Names, cells: int, room: int) -> list[Line]:
    """What to say to the customer meanwhile."""
    text = draft.shown.guidance.get(names.language, "") if draft.shown else ""
    return [line((f" {part}", "text")) for part in wrap(text, cells - 2)[: min(GUIDANCE, room)]] if text else []


def _steps(draft: RaiseDraft, names: Names, now: int, cells: int, room: int) -> tuple[Line, ...]:
    if draft.shown is None:
        return ()
    steps = ladder_view.preview(draft.shown, names, now, cells)
    ends = draft.shown.ends_at
    last = () if ends is None else (line((f"  {names.clock(ends)} {names.say('tui.raise.ends')}", "quiet")),)
    return (*ladder_view.folded(draft.shown.ladder, steps, names, room - len(last)), *last)

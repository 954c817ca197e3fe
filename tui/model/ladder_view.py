"""The ladder, line by line: who is called when, by which means, and how far the message came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.escalation.queries.views import EscalationView, LadderStep, PreviewView
from tui.model import countdown, text
from tui.model.lines import Line, Span, Tone, fitted, line, width
from tui.model.names import Names
from tui.model.text import fit

WHO: Final = 12
SEAT: Final = 9
MEANS: Final = 8
MARKS: Final = {"done": "-", "now": ">", "planned": " "}
TONES: Final[dict[str, Tone]] = {"done": "quiet", "now": "ember", "planned": "text"}


def preview(view: PreviewView, names: Names, now: int, cells: int) -> tuple[Line, ...]:
    """The ladder that would run, with clock times and how far off they are."""
    return tuple(_planned(step, names, now, cells) for step in view.ladder)


def ladder(escalation: EscalationView, names: Names, cells: int) -> tuple[Line, ...]:
    """The ladder of an escalation as it ran, runs and would go on."""
    return tuple(_running(step, escalation, names, cells) for step in escalation.ladder)


def folded(steps: Sequence[LadderStep], lines: Sequence[Line], names: Names, room: int) -> tuple[Line, ...]:
    """At most `room` lines: what is going on now stays, the far past and the far future go first."""
    if len(lines) <= room or room < 3:
        return tuple(lines[:room])
    now = next((place for place, step in enumerate(steps) if step.state != "done"), len(lines) - 1)
    first = max(0, min(now - 1, len(lines) - room + 1))
    shown = lines[first : first + room - 1]
    return (*shown, line((f"  {names.say('tui.ladder.more', n=len(lines) - len(shown))}", "quiet")))


def same_people(shown: PreviewView, now: PreviewView) -> bool:
    """Whether the same persons would be called in the same order, on the same seats, as was shown."""
    return _order(shown) == _order(now)


def _order(view: PreviewView) -> list[tuple[int, str, tuple[str, ...]]]:
    return [(step.level, step.seat, step.people) for step in view.ladder]


def _planned(step: LadderStep, names: Names, now: int, cells: int) -> Line:
    off = step.at - now
    far = names.say("tui.ladder.now") if off < countdown.MINUTE else f"+{countdown.left(off, names.language)}"
    if countdown.MINUTE <= off < countdown.SECONDS_BELOW:
        far = "+" + names.say("tui.left.minutes", minutes=off // countdown.MINUTE)
    tone: Tone = "quiet" if step.channel is None else "text"
    head = f"  {names.clock(step.at)} {fit(far, 9)}"
    return _row(Span(head, "quiet"), Span(_who(step, names), tone), step, names, cells)


def _running(step: LadderStep, escalation: EscalationView, names: Names, cells: int) -> Line:
    calling = escalation.state in ("calling", "standing")
    tone = TONES[step.state] if calling or step.state != "now" else "held"
    if step.note == "standing" and step.state != "planned":
        tone = "alarm"
    head = f" {MARKS[step.state]} {names.clock(step.at)} "
    return _row(Span(head, tone), Span(_who(step, names), tone), step, names, cells)


def _who(step: LadderStep, names: Names) -> str:
    people = names.people(step.people) if step.people else "-"
    seat = f"L{step.level} {names.say(f'tui.seat.{step.seat}')}"
    means = "" if step.channel is None else names.say(f"tui.via.{step.channel}")
    return f"{fit(people, WHO)} {fit(seat, SEAT)} {fit(means, MEANS)} "


def _row(head: Span, who: Span, step: LadderStep, names: Names, cells: int) -> Line:
    """Head and person always; of the rest whole words only, as many as there is room for."""
    said = []
    if step.note:
        said.append(names.say(f"tui.note.{step.note}"))
    if step.delivery:
        said.append(names.say(f"tui.delivery.{step.delivery}"))
    if step.accept_by is not None:
        said.append(names.say("tui.ladder.accept_by", time=names.clock(step.accept_by)))
    room = cells - width((head, who))
    while len(said) > 1 and text.width("  ".join(said)) > room:
        said.pop()
    return fitted((head, who, Span("  ".join(said), "quiet")), cells)

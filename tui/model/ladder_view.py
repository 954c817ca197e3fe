"""The ladder, line by line: who is called when, by which means, and how far the message came."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

from core.escalation.queries.views import EscalationView, LadderStep, Mark, PreviewView
from tui.model import countdown, text
from tui.model.lines import Line, Span, Tone, fitted, line, width
from tui.model.names import Names
from tui.model.text import fit

WHO: Final = 12
SEAT: Final = 9
MEANS: Final = 8
LEVEL: Final = 3
Clock = Callable[[int], str]
FAR: Final = 7
LONG: Final = 120 * countdown.MINUTE
MARKS: Final = {"done": "-", "now": ">", "planned": " "}
TONES: Final[dict[str, Tone]] = {"done": "quiet", "now": "ember", "planned": "text"}


def preview(view: PreviewView, names: Names, now: int, cells: int) -> tuple[Line, ...]:
    """The ladder that would run, with clock times and how far they are from its beginning."""
    base = min(now, view.ladder[0].at) if view.ladder else now
    clock = _clock(view.ladder, names)
    return tuple(_planned(step, names, clock, base, cells) for step in view.ladder)


def ladder(escalation: EscalationView, names: Names, cells: int) -> tuple[Line, ...]:
    """The ladder of an escalation as it ran, runs and would go on."""
    clock = _clock(escalation.ladder, names)
    return tuple(_running(step, escalation, names, clock, cells) for step in escalation.ladder)


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


def _clock(steps: Sequence[LadderStep], names: Names) -> Clock:
    """The usual clock; to the second where two steps would else read alike, as on a desk that is in a hurry."""
    times = sorted({step.at for step in steps})
    hurry = any(later - earlier < countdown.MINUTE // 2 for earlier, later in pairwise(times))
    return names.second if hurry else names.clock


def _planned(step: LadderStep, names: Names, clock: Clock, base: int, cells: int) -> Line:
    tone: Tone = "quiet" if step.channel is None else "text"
    head = f"  {clock(step.at)} {fit(_far(step.at - base, names), FAR)}"
    return _row(Span(head, "quiet"), Span(_who(step, names), tone), step, names, cells)


def _running(step: LadderStep, escalation: EscalationView, names: Names, clock: Clock, cells: int) -> Line:
    calling = escalation.state in ("calling", "standing")
    tone = TONES[step.state] if calling or step.state != "now" else "held"
    if step.note == "standing" and step.state != "planned":
        tone = "alarm"
    head = f" {MARKS[step.state]} {clock(step.at)} "
    return _row(Span(head, tone), Span(_who(step, names), tone), step, names, cells)


def _far(off: int, names: Names) -> str:
    """`now`, `+5m`, `+90m`, `+3h`; seconds only where nothing else would be said."""
    if off < countdown.SECOND:
        return names.say("tui.ladder.now")
    if off < countdown.MINUTE:
        return f"+0:{off // countdown.SECOND:02}"
    if off < LONG:
        return "+" + names.say("tui.left.minutes", minutes=off // countdown.MINUTE)
    return "+" + names.say("tui.left.whole_hours", hours=off // countdown.HOUR)


def _who(step: LadderStep, names: Names) -> str:
    """Person, seat and means; where nobody is called only the level, if the line is about one."""
    if not step.people:
        return f"{fit(f'L{step.level}', LEVEL)} " if step.level and step.note != "standing" else ""
    people = names.people(step.people)
    seat = f"L{step.level} {names.say(f'tui.seat.{step.seat}')}"
    means = "" if step.channel is None else names.say(f"tui.via.{step.channel}")
    return f"{fit(people, WHO)} {fit(seat, SEAT)} {fit(means, MEANS)} "


def _row(head: Span, who: Span, step: LadderStep, names: Names, cells: int) -> Line:
    """Head and person always; of the rest whole words only, as many as there is room for."""
    said = []
    if step.note:
        said.append(names.say(f"tui.note.{step.note}"))
    if step.chain:
        said.append(_chain(step, names))
    elif step.delivery:
        said.append(names.say(f"tui.delivery.{step.delivery}"))
    if step.accept_by is not None:
        said.append(names.say("tui.ladder.accept_by", time=names.clock(step.accept_by)))
    room = cells - width((head, who))
    if step.chain and text.width("  ".join(said)) > room:  # then only how far it came
        said[1 if step.note else 0] = _mark(step.chain[-1], names)
    while len(said) > 1 and text.width("  ".join(said)) > room:
        said.pop()
    return fitted((head, who, Span("  ".join(said), "quiet")), cells)


def _chain(step: LadderStep, names: Names) -> str:
    """Every station of the message, with the time of the last."""
    before = [names.say(f"chain.{mark.station}") for mark in step.chain[:-1]]
    return " > ".join([*before, _mark(step.chain[-1], names)])


def _mark(mark: Mark, names: Names) -> str:
    said = names.say(f"chain.{mark.station}")
    return said if mark.at is None else f"{said} {names.clock(mark.at)}"

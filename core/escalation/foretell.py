"""What will happen if nobody answers: the ladder walked ahead by the functions that will walk it. Pure.

Rule 12 of the domain: "nobody answers, every message is shown, roster and mode as recorded now".
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from core.escalation.agenda import announced
from core.escalation.model import Escalation
from core.escalation.passing import PASS
from core.escalation.seats import Scene
from core.escalation.turn import Turn

STEPS_AT_MOST: Final = 300


def foretell(scene: Scene, escalation: Escalation) -> tuple[list[Struct], Escalation]:
    """The events from now until the alarm stands, and the state it ends in.

    Of something accepted or answered it tells the next thing only; what comes after depends on people.
    """
    events: list[Struct] = []
    for _ in range(STEPS_AT_MOST):
        due = announced(escalation)
        if due is None or escalation.state == "standing":
            break
        turn = Turn(scene, escalation, due.at)
        PASS[due.what](turn, due)
        events += turn.events
        escalation = turn.esc
        if due.what == "hold" or escalation.state not in ("calling", "standing"):
            break
    return events, escalation

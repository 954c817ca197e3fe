"""The ladder as a page shows it: the walk that comes first, and the later rounds folded away."""

from __future__ import annotations

from collections.abc import Sequence

from core.escalation.queries.views import LadderStep


def split(ladder: Sequence[LadderStep]) -> tuple[Sequence[LadderStep], Sequence[LadderStep]]:
    """The lines until the next foretold round, and those from there on."""
    later = next((at for at, step in enumerate(ladder) if step.note == "round" and step.state == "planned"), None)
    return (ladder, ()) if later is None else (ladder[:later], ladder[later:])

"""State = fold of the journal: what an escalation is, told from nothing but its recorded events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

CALLING: Final = frozenset({
    "called", "waits_for_duty", "duty_changed", "round_began", "hold_passed", "escalation_climbed", "return_asked",
    "escalation_reassigned",
})  # fmt: skip
STANDING: Final = frozenset({"alarm_stands", "recalled"})
ENDED: Final = {
    "escalation_resolved": "resolved", "escalation_withdrawn": "withdrawn", "escalation_returned": "returned",
}  # fmt: skip
ANSWERED: Final = frozenset({"consult_answered", "report_revised"})
TAKEN_BACK: Final = frozenset({"acceptance_undone", "acceptance_contested"})


class Folded(NamedTuple):
    """What the events come to."""

    kind: str = ""
    state: str = ""
    held_by: str | None = None
    was: Mapping[str, Any] = {}
    """What was before the acceptance: it is so again when that is taken back."""


def fold(escalation: int, events: Iterable[tuple[str, Mapping[str, Any]]]) -> Folded:
    """The events of a ticket, oldest first, to the state of one of its escalations."""
    now = Folded()
    for kind, data in events:
        if data.get("escalation") == escalation:
            now = _step(now, kind, data)
        elif kind == "holder_changed" and _handed(now, data):
            now = now._replace(state="accepted", held_by=data["holder"])
    return now


def _step(now: Folded, kind: str, data: Mapping[str, Any]) -> Folded:
    if kind == "escalation_raised":
        return Folded(data["kind"], "calling")
    if kind in ENDED:
        return now._replace(state=ENDED[kind])
    if kind in STANDING:
        return now._replace(state="standing")
    if kind in CALLING:
        return now._replace(state="calling")
    if kind in ANSWERED:
        return now._replace(state="answered", held_by=None)
    return _held(now, kind, data)


def _held(now: Folded, kind: str, data: Mapping[str, Any]) -> Folded:
    match kind:
        case "escalation_accepted":
            return now._replace(state="accepted", held_by=data["person"], was=data.get("was") or {})
        case "still_on_it_confirmed" | "report_approved":
            return now._replace(state="accepted")
        case "everyone_paged":
            return now._replace(state="standing" if now.state == "standing" else "calling")
        case "side_call_ended":
            return now._replace(state="accepted" if now.held_by else "calling")
        case "became_takeover":
            return now._replace(kind="takeover", held_by=None)
        case "asked_again" | "report_drafted":
            return now._replace(state="calling", held_by=None)
    return _as_before(now) if kind in TAKEN_BACK else now


def _as_before(now: Folded) -> Folded:
    """An acceptance taken back; what calls again already, after its hold, calls on."""
    state = now.was["state"] if now.state in ("accepted", "returned") else now.state
    return now._replace(state=state, held_by=now.was.get("held_by"))


def _handed(now: Folded, data: Mapping[str, Any]) -> bool:
    """What was accepted goes with a ticket that changes hands beside the ladder."""
    beside = data["how"] in ("offer", "claimed")
    return (
        beside
        and now.kind == "takeover"
        and now.state in ("accepted", "calling", "standing")
        and (now.held_by is not None and now.held_by == data["before"])
    )

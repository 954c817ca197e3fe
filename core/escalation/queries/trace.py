"""The ladder as lines: folded from events, be they recorded or foretold. One fold for both. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from core.escalation import events as happened
from core.escalation.model import Call, Escalation
from core.escalation.queries.chain import FURTHEST, Messages, Trail, trail
from core.escalation.queries.views import LadderStep


def steps(events: Iterable[Struct]) -> list[LadderStep]:
    """One line per call, change of channel, skip and turn of the ladder, in the order of their times."""
    return [line for event in events for line in _lines(event)]


def _lines(event: Struct) -> Iterable[LadderStep]:
    match event:
        case happened.Called(_, seat, level, people, via, at, accept_by):
            yield LadderStep(at, level, seat, people, via, accept_by=accept_by)
        case happened.ChannelTried(_, seat, level, people, via, at):
            yield LadderStep(at, level, seat, people, via)
        case happened.DutyChanged(_, level, _, off, at):
            yield LadderStep(at, level, "duty", (), None, note="duty_changed")
            if off:
                yield LadderStep(at, level, "duty", off, None, note="off_duty")
        case happened.DutyEnded(_, level, people, at):
            yield LadderStep(at, level, "duty", people, None, note="off_duty")
        case happened.RungSkipped(_, level, at):
            yield LadderStep(at, level, "duty", (), None, note="skipped")
        case happened.SeatEmpty(_, level, seat, at):
            yield LadderStep(at, level, seat, (), None, note="nobody")
        case happened.WaitsForDuty(_, level, _, until):
            yield LadderStep(until, level, "duty", (), None, note="waits_for_duty")
        case happened.RoundBegan(_, _, at):
            yield LadderStep(at, 0, "duty", (), None, note="round")
        case happened.AlarmStands(_, level, at):
            yield LadderStep(at, level, "alarm", (), None, note="standing")
        case happened.Recalled(_, level, people, at):
            yield LadderStep(at, level, "alarm", people, None, note="recall")
        case happened.EveryonePaged(_, people, at, accept_by):
            yield LadderStep(at, 0, "page", people, None, note="page", accept_by=accept_by)
        case happened.StillOnItAsked(_, people, answer_by):
            yield LadderStep(answer_by, 0, "duty", people, None, note="hold")


def with_state(past: Sequence[LadderStep], future: Sequence[LadderStep], burning: bool) -> tuple[LadderStep, ...]:
    """Recorded lines are done, the last one that calls is now (while it burns), foretold ones are planned."""
    done = [replace(step, state="done") for step in past]
    if burning:
        last = max((i for i, step in enumerate(done) if step.people), default=None)
        if last is not None:
            done[last] = replace(done[last], state="now")
    return (*done, *future)


def with_delivery(lines: Iterable[LadderStep], escalation: Escalation, messages: Messages) -> list[LadderStep]:
    """How far each message came, on the line it belongs to."""
    return [_delivered(line, escalation, messages) for line in lines]


def _delivered(line: LadderStep, escalation: Escalation, messages: Messages) -> LadderStep:
    if line.channel is None:
        return line
    trails = [_trail(call, line, escalation, messages) for call in escalation.calls if _belongs(call, line)]
    known = [trail for trail in trails if trail is not None]
    if not known:
        return line
    furthest = max(known, key=lambda trail: (FURTHEST.index(trail.state), len(trail.marks)))
    return replace(line, delivery=furthest.state, chain=furthest.marks)


def _belongs(call: Call, line: LadderStep) -> bool:
    after_end = call.ended_at is not None and call.ended_at < line.at
    return call.person in line.people and call.opened_at <= line.at and not after_end


def _trail(call: Call, line: LadderStep, escalation: Escalation, messages: Messages) -> Trail | None:
    steps = enumerate(escalation.policy.rungs[call.rung].channels)
    tasks = escalation.tasks if line.channel == "phone" else ()
    return trail(call, (index for index, step in steps if step.via == line.channel), messages, tasks)

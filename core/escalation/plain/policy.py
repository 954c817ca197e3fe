"""A policy in sentences, with the times and people of one moment. Pure.

Who sits where is asked of the roster for each line's own time, as the ladder itself does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from core.escalation.because import text_in
from core.escalation.plain.views import Moment, PolicyWords, ReviewDate, RungWords
from core.escalation.queries.speech import Speech
from core.escalation.seats import Scene, named
from core.people.model import People
from core.policy.model import Policy, Rung, Target
from core.words import date_line, say, span

DAY: Final = 86_400_000


def policy_words(
    speech: Speech, scene: Scene, policy: Policy, at: int, teams: Iterable[str], review: ReviewDate | None
) -> PolicyWords:
    """The ladder of a call at a time, if nobody answers."""
    begins = _begins(policy, at)
    return PolicyWords(
        policy.id,
        policy.version,
        text_in(speech.language, policy.name, policy.id),
        tuple(
            RungWords(rung.level, tuple(_Rung(speech, scene, policy, rung, start, at).moments()))
            for rung, start in zip(policy.rungs, begins, strict=False)
        ),
        tuple(_end(speech, policy, begins[-1], at)),
        tuple(_facts(speech, policy)),
        tuple(teams),
        review,
    )


def _begins(policy: Policy, at: int) -> list[int]:
    """When each rung's turn begins, and when the last one's ends."""
    found = [at]
    for rung in policy.rungs:
        found.append(found[-1] + turn(rung, policy))
    return found


def turn(rung: Rung, policy: Policy) -> int:
    """How long a rung's turn is, ms. Under `passes` the backup is called before it ends, however late that is."""
    if policy.authority == "passes" and rung.backup and rung.backup_after is not None:
        return max(rung.accept_within, rung.backup_after)
    return rung.accept_within


class _Rung:
    """One rung that is called at `start`, of a call at `at`."""

    def __init__(self, speech: Speech, scene: Scene, policy: Policy, rung: Rung, start: int, at: int) -> None:
        self.speech, self.scene, self.policy, self.rung = speech, scene, policy, rung
        self.start, self.at = start, at

    def moments(self) -> list[Moment]:
        """Every line, in the order of its time."""
        return sorted((*self._duty(), *self._backup()), key=lambda moment: moment.at)

    def _duty(self) -> Iterator[Moment]:
        steps, who = self.rung.channels, self._who(self.rung.call, self.start)
        yield self._line(0, f"rules.call.{steps[0].via}", who=who)
        after = 0
        for before, step in pairwise(steps):
            after += before.wait or 0
            if after >= self._turn_of_duty():
                return  # the checker names a wait that is never reached
            yield self._line(after, f"rules.next.{step.via}")

    def _backup(self) -> Iterator[Moment]:
        after = self.rung.backup_after
        if not self.rung.backup or after is None or after >= self.rung.accept_within:
            return
        who = self._who(self.rung.backup, self.start + after)
        yield self._line(after, f"rules.backup.{self.policy.authority}", who=who)

    def _turn_of_duty(self) -> int:
        passes = self.policy.authority == "passes" and self.rung.backup and self.rung.backup_after is not None
        return min(self.rung.accept_within, self.rung.backup_after or 0) if passes else self.rung.accept_within

    def _line(self, after: int, key: str, **values: str) -> Moment:
        at = self.start + after
        return Moment(at - self.at, at, say(self.speech.language, key, **values))

    def _who(self, targets: Iterable[Target], at: int) -> str:
        return say(self.speech.language, "name.and").join(self._one(target, at) for target in targets)

    def _one(self, target: Target, at: int) -> str:
        language, speech = self.speech.language, self.speech
        match target.kind:
            case "person":
                return speech.called(target.id)
            case "team":
                return say(language, "rules.who.team", team=speech.team(target.id))
            case "level":
                return say(language, "rules.who.level", level=speech.level(int(target.id)))
        people, time = named(self.scene, (target,), at), _moment(speech, at, self.at)
        if people:
            return say(language, "rules.who.duty", people=speech.people(people), time=time)
        return self._nobody(target, at, time)

    def _nobody(self, target: Target, at: int, time: str) -> str:
        language = self.speech.language
        next_ = self.scene.roster.next_start((target.id,), at)
        if next_ is None:
            return say(language, "rules.who.nobody", time=time)
        return say(language, "rules.who.later", time=time, next=date_line(next_, self.speech.zone, language))


def _end(speech: Speech, policy: Policy, ends: int, at: int) -> Iterator[Moment]:
    """What happens when nobody on the ladder answered."""
    language, length = speech.language, ends - at
    if policy.repeat:
        yield Moment(length, ends, say(language, "rules.again", n=policy.repeat))
    stands = ends + length * policy.repeat
    yield Moment(stands - at, stands, say(language, "rules.stands", every=span(policy.recall, language)))


def _facts(speech: Speech, policy: Policy) -> Iterator[str]:
    language = speech.language
    if policy.hours == "duty":
        yield say(language, "rules.fact.duty")
    yield say(language, f"rules.fact.{policy.authority}")
    yield say(language, "rules.fact.step_in_passes" if policy.authority == "passes" else "rules.fact.step_in")
    if policy.hold is None:
        yield say(language, "rules.fact.never_asked")
    else:
        yield say(language, "rules.fact.hold", every=span(policy.hold, language))
    if policy.record:
        yield say(language, "rules.fact.record")


def _moment(speech: Speech, at: int, near: int) -> str:
    return speech.clock(at) if at - near < DAY // 2 else date_line(at, speech.zone, speech.language)


def defaults(people: People, policy: str) -> tuple[str, ...]:
    """Teams that call under this policy where no rule fits: their own default, or the nearest above them."""
    found = []
    for team in people.teams:
        default = next((own for above in people.line(team) if (own := people.teams[above].default_policy)), None)
        if default == policy:
            found.append(team)
    return tuple(found)

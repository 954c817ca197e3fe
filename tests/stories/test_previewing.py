"""Asking beforehand: for any time, mode and raiser, with each change of duty on the way as a line of its own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.engine.outcome import Refusal
from core.escalation.commands import RaiseEscalation
from core.escalation.queries.questions import Preview
from core.escalation.queries.views import LadderStep
from core.people.model import Mode
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at, clock_of

REMOTE = (
    DESK
    + """
[[rota]]
id = "l2-home"
replaces = "l2"
mode = "remote"
shifts = [{ days = "daily", from = "00:00", to = "00:00", people = ["hayashi"], place = "home" }]
"""
)
LATE = with_policy("late", rung(2, "rota:l2", within="30m") + rung(3, "person:kobayashi"))


def told(ladder: Sequence[LadderStep], many: int = 99) -> list[tuple[str, int, tuple[str, ...], str]]:
    """(time, level, people, means or note) line by line."""
    return [(clock_of(step.at), step.level, step.people, step.note or step.channel or "") for step in ladder[:many]]


async def test_a_change_of_duty_is_a_line_of_its_own(stage: Floor) -> None:
    """Who goes off, who comes on and by what they are called: told before, and then just so."""
    await stage.apply(LATE)
    await stage.until("17:55")
    number = await stage.ticket()
    shown = await stage.ask("sato", Preview(number, policy="late"))
    assert told(shown.ladder, 6) == [
        ("17:55", 2, ("suzuki",), "push"),
        ("17:57", 2, ("suzuki",), "mail"),
        ("18:00", 2, (), "duty_changed"),
        ("18:00", 2, ("suzuki",), "off_duty"),
        ("18:00", 2, ("takahashi",), "push"),
        ("18:02", 2, ("takahashi",), "mail"),
    ]
    id_ = int((await stage.does("sato", RaiseEscalation(number, policy="late"))).ref)
    next_ = (await stage.escalation(id_)).next
    assert next_ is not None
    await stage.until("19:30")
    assert told((await stage.escalation(id_)).ladder)[: len(shown.ladder)] == told(shown.ladder)


async def test_the_next_step_names_who_comes_on_duty(stage: Floor) -> None:
    """Not those who go."""
    await stage.apply(LATE)
    await stage.until("17:58")
    _, id_ = await stage.raised(policy="late")
    await stage.until("18:00")
    await stage.until("17:59", "2026-11-21")
    _, id_ = await stage.raised("ito", policy="late")
    next_ = (await stage.escalation(id_)).next
    assert next_ is not None
    assert (next_.does, next_.people) == ("duty", ("takahashi",))


@pytest.mark.parametrize("policy", ["complaint", "outage", "late"])
@pytest.mark.parametrize("hour", ["03:10", "08:55", "17:50"])
async def test_for_any_time_it_is_what_then_happens(stage: Floor, policy: str, hour: str) -> None:
    """Asked at half past two for tomorrow at that hour: raised then, nobody answering, the ladder is the same."""
    await stage.apply(LATE)
    moment = at(hour, "2026-11-21")
    shown = await stage.ask("sato", Preview(policy=policy, at=moment))
    await stage.pass_to(moment)
    _, id_ = await stage.raised(policy=policy)
    await stage.pass_to(shown.ends_at)
    happened = (await stage.escalation(id_)).ladder
    assert told(happened)[: len(shown.ladder)] == told(shown.ladder)


async def test_for_a_mode_its_plans_hold(stage: Floor) -> None:
    """Asked for the remote mode the stand-ins are called; asked for the normal one they are not."""
    await stage.apply(REMOTE)
    expected: dict[Mode, tuple[str, ...]] = {"remote": ("hayashi",), "normal": ("suzuki",), "advisory": ("suzuki",)}
    for mode, called in expected.items():
        shown = await stage.ask("sato", Preview(policy="complaint", mode=mode))
        assert shown.ladder[0].people == called


async def test_for_a_raiser_it_begins_above_them_and_leaves_them_out(stage: Floor) -> None:
    """Raised by a section chief the manager is called; whoever raises is on no line."""
    shown = await stage.ask("sato", Preview(policy="complaint", by="suzuki"))
    assert shown.level == 3
    low = await stage.ask("sato", Preview(policy="complaint", by="suzuki", level=2))
    assert "suzuki" not in {person for step in low.ladder for person in step.people}


async def test_of_a_policy_alone_the_raisers_team_counts(stage: Floor) -> None:
    """`level:N` is looked for where the raiser's tickets are, whoever asks."""
    text = with_policy("near", rung(2, "level:2") + rung(4, "person:kobayashi"))
    await stage.apply(text)
    ours = await stage.ask("hayashi", Preview(policy="near", by="sato"))
    theirs = await stage.ask("hayashi", Preview(policy="near", by="mori"))
    assert ours.ladder[0].people == ("suzuki", "takahashi")
    assert (theirs.ladder[0].note, theirs.ladder[1].people) == ("skipped", ("kobayashi",))


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Preview(policy="complaint", at=0), "at"),
        (Preview(policy="complaint", at=-1), "at"),
        (Preview(policy="complaint", at=1 << 60), "at"),
        (Preview(policy="complaint", by="nobody"), "by"),
        (Preview(policy="nowhere"), "policy"),
        (Preview(policy="complaint", level=9), "level"),
    ],
)
async def test_what_cannot_be_foretold_is_named(stage: Floor, asked: Preview, field: str) -> None:
    """A time beyond every calendar, a person, a policy or a level that is not there."""
    refusal = await stage.ask("sato", asked)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.field) == ("invalid", field)

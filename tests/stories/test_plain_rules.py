"""The rules in plain words: what the page says is what a call then does, for everybody who is signed in."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine.outcome import Refusal
from core.engine.ports import MINUTE
from core.escalation.plain.views import PolicyWords, Rules, RulesView
from core.escalation.queries.questions import Preview
from core.people.model import NOBODY
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at


async def page(stage: Floor, reader: str = "sato", **asked: Any) -> RulesView:
    view = await stage.ask(reader, Rules(**asked))
    assert isinstance(view, RulesView), view
    return view


async def policy(stage: Floor, id_: str, **asked: Any) -> PolicyWords:
    return next(one for one in (await page(stage, **asked)).policies if one.id == id_)


def told(words: PolicyWords) -> list[tuple[int, int, str]]:
    """(level, minutes from the call, sentence) of every line of the ladder."""
    return [(rung.level, line.after // MINUTE, line.text) for rung in words.rungs for line in rung.moments]


@pytest.mark.parametrize("reader", ["sato", "suzuki", "boss", "kansa"])
async def test_everybody_reads_it(stage: Floor, reader: str) -> None:
    """Operators, supervisors, admins and auditors alike; who is not signed in does not."""
    assert [rule.id for rule in (await page(stage, reader)).rules] == ["asks-for-manager"]
    assert await stage.desk.ask(Rules(), NOBODY) == Refusal("not_allowed", "self")


async def test_a_rule_says_when_and_what(stage: Floor) -> None:
    """Its own sentence, its conditions, what it proposes, what to say, and when it is looked at again."""
    rule = (await page(stage, language="en")).rules[0]
    assert (rule.says, rule.when, rule.then) == (
        "The customer asks for whoever is in charge",
        "its subject or text says “責任者”",
        "Call under “Complaint”, beginning with L3 Manager (takeover)",
    )
    assert rule.guidance == "Thank them, and promise a time to call back."
    assert rule.review is not None
    assert (rule.review.day, rule.review.due, rule.review.owner) == ("2027-03-31", False, None)


async def test_a_date_that_has_come_is_shown(stage: Floor) -> None:
    """From nine that morning the page says that the rule is due."""
    await stage.apply(DESK.replace("2027-03-31", "2026-11-21"))
    before = (await page(stage)).rules[0].review
    await stage.until("09:00", "2026-11-21")
    after = (await page(stage)).rules[0].review
    assert before is not None
    assert after is not None
    assert (before.due, after.due) == (False, True)


async def test_the_ladder_is_told_with_its_waits_and_people(stage: Floor) -> None:
    """Who is called by what after how long, the backup's turn, and the next level, by the clock of this call."""
    assert told(await policy(stage, "complaint", language="en"))[:5] == [
        (2, 0, "Called by push: whoever is on duty (鈴木 一郎 at 14:32)."),
        (2, 5, "No answer: mail follows."),
        (2, 10, "No answer: somebody on shift rings them."),
        (2, 10, "The backup is called too, by the same means: 高橋 次郎. Either may accept."),
        (3, 30, "Called by push: every L3 Manager of the team."),
    ]


async def test_a_change_of_duty_on_the_way_is_in_it(stage: Floor) -> None:
    """A rung that is called after the change names who is on duty then."""
    await stage.apply(with_policy("late", rung(2, "person:kobayashi") + rung(3, "rota:l2")))
    words = await policy(stage, "late", at=at("17:55"), language="en")
    assert (3, 10, "Called by push: whoever is on duty (高橋 次郎 at 18:05).") in told(words)


async def test_nobody_on_duty_is_said(stage: Floor) -> None:
    """A rota that rests says so, with the time it begins again."""
    text = DESK.replace('days = "mon-sun"', 'days = "mon-fri"').replace('to = "09:00"', 'to = "20:00"')
    await stage.apply(text)
    words = await policy(stage, "complaint", at=at("21:00"), language="en")
    assert told(words)[0][2].startswith("Called by push: whoever is on duty (nobody at 21:00, next from Mon, Nov 23")


async def test_under_passes_the_duty_has_its_own_turn(stage: Floor) -> None:
    """Authority passes with the backup: the page says from when, and that those before may not accept."""
    words = await policy(stage, "outage", language="en")
    assert (
        2,
        5,
        "It passes to the backup, called by the same means: 高橋 次郎. From here only the backup may accept.",
    ) in (told(words))
    assert "Authority moves on: once the backup or the next level is called, those called before may not accept." in (
        words.facts
    )


async def test_the_end_is_told(stage: Floor) -> None:
    """How often the ladder is walked again, and from when an alarm stands."""
    complaint, outage = await policy(stage, "complaint"), await policy(stage, "outage")
    assert [line.after // MINUTE for line in complaint.end] == [90, 180]
    assert [line.after // MINUTE for line in outage.end] == [20]


@pytest.mark.parametrize("id_", ["complaint", "outage"])
async def test_its_times_are_those_of_the_preview(stage: Floor, id_: str) -> None:
    """Each level's turn begins, and the alarm stands, when the real ladder says so."""
    words = await policy(stage, id_)
    shown = await stage.ask("sato", Preview(policy=id_, level=2))
    first = {step.level: step.at for step in reversed(shown.ladder) if step.people and step.level}
    assert {rung.level: rung.moments[0].at for rung in words.rungs} == first
    assert words.end[-1].at == shown.ends_at


async def test_a_team_finds_its_own_policy(stage: Floor) -> None:
    """Where no rule fits: the policy names the teams that call under it."""
    assert (await policy(stage, "complaint")).teams == ("support",)
    assert (await policy(stage, "outage")).teams == ()

"""Policies and rules that cannot do what they say: a clear answer, nothing lost, and nobody forgotten."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.deskfile.check import check
from core.deskfile.commands import ApplyDeskFile
from core.deskfile.parse import parse
from core.engine.outcome import Done, Refusal
from core.escalation.commands import AcceptEscalation, ClimbEscalation, RaiseEscalation, RefuseEscalation
from core.escalation.plain.views import Rules
from core.escalation.queries.questions import Preview
from core.people.model import CONSOLE
from core.policy.model import Policy, Rule
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor
from tests.unit.documents import read

SHORT = DESK.replace(
    DESK[DESK.index('[[policy.rung]]\nlevel = 3\ncall = ["level:3"]') : DESK.index('[[policy]]\nid = "outage"')], ""
)
"""The policy `complaint` without its second and third rung."""


def test_a_policy_without_a_rung_is_no_file() -> None:
    """One line with the place and what is missing; nothing of the file is applied."""
    found = parse(f'{DESK}\n[[policy]]\nid = "void"\nname = {{ ja = "空" }}\n', "desk.toml")
    assert isinstance(found, list)
    assert [problem.text("en").split(": ", 1)[1] for problem in found] == ["rung is missing; expected it in this table"]


async def test_a_policy_without_a_rung_calls_nobody_and_says_so(stage: Floor) -> None:
    """Written past the file (an older desk, a program): raise and preview are refused, the page and the checker name
    it, and the ticket stays as it is."""
    document = read(DESK)
    hollow = replace(document, policies=(*document.policies, Policy("void", 0, {"ja": "空"}, ())))
    assert isinstance(await stage.desk.handle(ApplyDeskFile(hollow), CONSOLE), Done)
    number = await stage.ticket()
    for refusal in (
        await stage.refused("sato", RaiseEscalation(number, policy="void")),
        await stage.ask("sato", Preview(number, policy="void")),
    ):
        assert isinstance(refusal, Refusal)
        assert (refusal.code, refusal.field) == ("invalid", "level")
    assert (await stage.case(number)).ticket.holder is None
    assert [one.rungs for one in (await stage.ask("sato", Rules())).policies if one.id == "void"] == [()]
    where = [f.where for f in check(hollow, stage.clock.now()) if f.severity == "error"]
    assert where == ["policy:void"]


async def test_the_rung_being_called_is_deleted(stage: Floor) -> None:
    """What runs goes on by the rules it began with: the deleted rung is called to its end, and accepts."""
    _, id_ = await stage.raised(level=3)
    await stage.until("14:35")
    assert isinstance(await stage.apply(SHORT), Done)
    await stage.until("14:38")
    view = await stage.escalation(id_, "hayashi")
    assert (view.level, view.policy.version, view.policy.newest) == (3, 1, 2)
    await stage.until("15:03")
    assert ("15:02", "kobayashi") in stage.push.calls()
    await stage.does("hayashi", AcceptEscalation(id_))
    assert (await stage.escalation(id_)).holder == "hayashi"


async def test_climbing_from_a_deleted_rung(stage: Floor) -> None:
    """Up is where it was when the call began; a new call knows only what is left."""
    number, id_ = await stage.raised(level=3)
    await stage.apply(SHORT)
    await stage.does("sato", ClimbEscalation(id_))
    assert (await stage.escalation(id_)).level == 4
    other = await stage.ticket()
    refusal = await stage.refused("sato", RaiseEscalation(other, level=4))
    assert (refusal.code, refusal.field) == ("invalid", "level")
    await stage.does("hayashi", RefuseEscalation(id_))
    assert (await stage.case(number)).escalations[0].state == "calling"


async def test_the_policy_being_called_is_deleted(stage: Floor) -> None:
    """The whole policy is gone from the file: what runs goes on; a raise that names it is refused."""
    extra = with_policy("late", rung(2, "person:suzuki") + rung(3, "person:hayashi"))
    await stage.apply(extra)
    _, id_ = await stage.raised(policy="late")
    await stage.apply(DESK)
    await stage.until("14:42")
    assert ("14:42", "hayashi") in stage.push.calls()
    await stage.does("hayashi", AcceptEscalation(id_))
    view = await stage.escalation(id_)
    assert (view.policy.id, view.says["en"]) == ("late", "Policy: late (chosen)")
    refusal = await stage.refused("ito", RaiseEscalation(await stage.ticket("ito"), policy="late"))
    assert refusal.detail == "no_such_policy"


@pytest.mark.parametrize("subject", ["送料について", "", "🙂" * 60])
async def test_a_desk_whose_rules_fit_nothing(stage: Floor, subject: str) -> None:
    """No rule matches: the team's own policy; without one the answer names what is missing, and nobody is called."""
    number = await stage.ticket(subject=subject or "?")
    assert (await stage.ask("sato", Preview(number))).because == "policy:complaint"
    await stage.apply(DESK.replace('default_policy = "complaint"\n', ""))
    refusal = await stage.refused("sato", RaiseEscalation(number))
    assert (refusal.code, refusal.field, refusal.detail) == ("invalid", "policy", "no_such_policy")
    assert stage.push.calls() == []


async def test_a_rule_that_asks_for_a_level_nobody_has(stage: Floor) -> None:
    """The rule's own answer is refused by name; whoever chooses otherwise calls."""
    document = read(DESK)
    rule = document.rules[0]
    high = replace(rule, then=replace(rule.then, policy="outage", level=4))
    assert isinstance(await stage.desk.handle(ApplyDeskFile(replace(document, rules=(high,))), CONSOLE), Done)
    number = await stage.ticket(subject="責任者を出してほしい")
    assert (await stage.refused("sato", RaiseEscalation(number))).field == "level"
    id_ = int((await stage.does("sato", RaiseEscalation(number, policy="complaint"))).ref)
    assert (await stage.escalation(id_)).because == "chosen:asks-for-manager"


async def test_a_rule_without_words_has_its_id(stage: Floor) -> None:
    """A rule that says nothing goes by its id, and has no guidance to show."""
    document = read(DESK)
    assert isinstance(await stage.desk.handle(ApplyDeskFile(replace(document, rules=(Rule("bare"),))), CONSOLE), Done)
    shown = await stage.ask("sato", Preview(await stage.ticket()))
    assert (shown.rule, shown.says["en"], shown.guidance) == ("bare", "Rule: bare", {})

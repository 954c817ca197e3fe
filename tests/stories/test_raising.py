"""Raising: what is called when nothing is said, what a raise changes, and when it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine.outcome import Done
from core.escalation.commands import AcceptEscalation, RaiseEscalation, RefuseEscalation
from core.escalation.queries.questions import MyCalls, Preview
from core.people.model import SYSTEM
from core.tickets.commands import ClaimTicket, CloseTicket
from tests.stories.desks import DESK
from tests.stories.floor import Floor, at


async def test_the_first_rule_that_matches_decides(stage: Floor) -> None:
    """Nothing given: the rule for the words of the ticket names the level, and the answer says so."""
    number = await stage.ticket(subject="責任者を出してほしい")
    id_ = int((await stage.does("sato", RaiseEscalation(number))).ref)
    view = await stage.escalation(id_)
    assert (view.because, view.level, view.policy.id) == ("rule:asks-for-manager", 3, "complaint")
    assert stage.push.calls() == [("14:32", "hayashi")]


@pytest.mark.parametrize(("raiser", "level", "called"), [("sato", 2, "suzuki"), ("suzuki", 3, "hayashi")])
async def test_without_a_rule_the_level_above_the_raiser_is_called(
    stage: Floor, raiser: str, level: int, called: str
) -> None:
    """No rule speaks: the team's own policy, from the first rung above whoever raises."""
    _, id_ = await stage.raised(raiser)
    view = await stage.escalation(id_, raiser)
    assert (view.because, view.level) == ("policy:complaint", level)
    assert stage.push.calls() == [("14:32", called)]


async def test_what_is_chosen_is_called(stage: Floor) -> None:
    """A policy and a level that are named win over rule and default."""
    number = await stage.ticket(subject="責任者を出してほしい")
    id_ = int((await stage.does("sato", RaiseEscalation(number, policy="outage", level=2))).ref)
    view = await stage.escalation(id_)
    assert (view.because, view.policy.id, view.level) == ("chosen:asks-for-manager", "outage", 2)
    assert stage.push.calls() == [("14:32", "suzuki")]


@pytest.mark.parametrize(
    "given", [{}, {"level": 3}, {"kind": "takeover"}, {"policy": "complaint", "level": 3}, {"to": "hayashi"}]
)
async def test_what_is_chosen_as_the_rule_says_follows_the_rule(stage: Floor, given: dict[str, Any]) -> None:
    """Whoever names by hand what the rule proposes has followed it; whom to ask first is no other way of calling."""
    number = await stage.ticket(subject="責任者を出してほしい")
    id_ = int((await stage.does("sato", RaiseEscalation(number, **given))).ref)
    assert (await stage.escalation(id_)).because == "rule:asks-for-manager"


@pytest.mark.parametrize("given", [{"level": 2}, {"level": 4}, {"policy": "outage"}, {"policy": "complaint"}])
async def test_otherwise_than_the_rule_is_kept_with_the_rule(stage: Floor, given: dict[str, Any]) -> None:
    """Another policy or level: the record says what was chosen, and which rule had spoken."""
    number = await stage.ticket(subject="責任者を出してほしい")
    id_ = int((await stage.does("sato", RaiseEscalation(number, **given))).ref)
    assert (await stage.escalation(id_)).because == "chosen:asks-for-manager"
    raised = next(line for line in (await stage.case(number)).timeline if line.kind == "escalation_raised")
    assert raised.values["because"] == "chosen:asks-for-manager"


async def test_why_is_told_in_words_with_what_to_say(stage: Floor) -> None:
    """Preview, raise answer and ticket say the rule's sentence and its guidance, also when it was not followed."""
    number = await stage.ticket(subject="責任者を出してほしい")
    shown = await stage.ask("sato", Preview(number))
    assert shown.says["ja"] == "ルール「お客様が責任者を求めたとき」"
    assert shown.guidance["en"] == "Thank them, and promise a time to call back."
    id_ = int((await stage.does("sato", RaiseEscalation(number, level=2))).ref)
    view = await stage.escalation(id_)
    assert view.says["en"] == (
        "Policy: Complaint (chosen instead of the rule: The customer asks for whoever is in charge)"
    )
    assert view.guidance == shown.guidance == (await stage.case(number)).guidance


async def test_a_rule_with_no_match_leaves_the_teams_own_policy(stage: Floor) -> None:
    """No rule speaks for this ticket: the default is called, and the answer says whose it is."""
    number = await stage.ticket(subject="送料について")
    shown = await stage.ask("sato", Preview(number))
    assert (shown.rule, shown.because, shown.guidance) == (None, "policy:complaint", {})
    assert shown.says["en"] == "Policy: Complaint (the team’s own)"


async def test_a_rule_that_is_gone_goes_by_its_id(stage: Floor) -> None:
    """What was raised by a rule that is deleted since still says by which."""
    number = await stage.ticket(subject="責任者を出してほしい")
    id_ = int((await stage.does("sato", RaiseEscalation(number))).ref)
    await stage.apply(DESK[: DESK.index("[[rule]]")] + DESK[DESK.index("[[channel]]") :])
    assert (await stage.escalation(id_)).says["ja"] == "ルール「asks-for-manager」"


async def test_whoever_raises_an_unclaimed_ticket_holds_it(stage: Floor) -> None:
    """From the raise on the raiser holds what nobody held."""
    number, _ = await stage.raised()
    assert await stage.holders(number) == [("sato", "14:32")]


async def test_a_raise_takes_nothing_from_a_holder(stage: Floor) -> None:
    """Who held the ticket when somebody else raised it still holds it."""
    number = await stage.ticket()
    await stage.does("ito", ClaimTicket(number))
    await stage.does("sato", RaiseEscalation(number))
    assert await stage.holders(number) == [("ito", "14:32")]


async def test_what_the_system_raises_nobody_holds(stage: Floor) -> None:
    """Raised by the system a ticket has no holder until the first acceptance, which is its first line."""
    number = await stage.ticket()
    done = await stage.desk.handle(RaiseEscalation(number), SYSTEM)
    assert isinstance(done, Done)
    await stage.settle()
    assert await stage.holders(number) == []
    await stage.until("14:40")
    await stage.does("suzuki", AcceptEscalation(int(done.ref)))
    assert await stage.holders(number) == [("suzuki", "14:40")]


async def test_whoever_raised_or_holds_it_is_never_called(stage: Floor) -> None:
    """The ladder leaves out the raiser and the holder, and says why."""
    number = await stage.ticket()
    await stage.does("suzuki", ClaimTicket(number))
    id_ = int((await stage.does("takahashi", RaiseEscalation(number, level=2))).ref)
    assert (await stage.escalation(id_)).level == 3
    skipped = next(line for line in (await stage.case(number)).timeline if line.kind == "rung_skipped")
    assert skipped.values["reasons"] == [["suzuki", "holds"], ["takahashi", "raised"]]
    await stage.until("17:00")
    assert {person for _, person in stage.push.calls()} == {"hayashi", "kobayashi"}


async def test_a_rung_with_nobody_is_skipped_at_once_with_a_line(stage: Floor) -> None:
    """Nobody to call on the chosen rung: the next one is called in the same instant, and the ladder shows both."""
    number = await stage.ticket()
    id_ = int((await stage.does("hayashi", RaiseEscalation(number, level=3))).ref)
    ladder = (await stage.escalation(id_, "hayashi")).ladder
    assert [(step.level, step.note) for step in ladder[:2]] == [(3, "skipped"), (4, None)]
    assert stage.push.calls() == [("14:32", "kobayashi")]


async def test_somebody_named_is_called_first(stage: Floor) -> None:
    """A raise to a person calls that person alone; when they refuse, the ladder begins at its first seat."""
    _, id_ = await stage.raised(to="hayashi")
    await stage.until("14:40")
    assert stage.push.calls() == [("14:32", "hayashi")]
    await stage.does("hayashi", RefuseEscalation(id_))
    await stage.until("15:00")
    assert stage.push.calls() == [("14:32", "hayashi"), ("14:40", "suzuki"), ("14:50", "takahashi")]


async def test_a_running_escalation_keeps_its_policy(stage: Floor) -> None:
    """New rules change nothing that runs: it climbs as it was shown, and says that a newer version exists."""
    _, id_ = await stage.raised()
    await stage.apply(DESK.replace('backup_after = "10m"', 'backup_after = "20m"'))
    await stage.until("14:45")
    assert ("14:42", "takahashi") in stage.push.calls()
    policy = (await stage.escalation(id_)).policy
    assert (policy.version, policy.newest) == (1, 2)


async def test_the_reason_stands_in_the_timeline(stage: Floor) -> None:
    """What the raiser wrote is read in the timeline, and nowhere in what leaves the desk."""
    number, _ = await stage.raised(reason="三回目のお問い合わせです")
    line = next(line for line in (await stage.case(number)).timeline if line.kind == "escalation_raised")
    assert (line.actor, line.text) == ("sato", "三回目のお問い合わせです")
    assert not any("三回目" in f"{message}" for _, message in stage.push.sent)


async def test_one_takeover_at_a_time(stage: Floor) -> None:
    """While one is open a second is refused with the id and the time of the first."""
    number, id_ = await stage.raised()
    await stage.until("14:35")
    refusal = await stage.refused("ito", RaiseEscalation(number, policy="nowhere"))
    assert (refusal.code, refusal.values) == ("conflict", {"id": str(id_), "since": at("14:32")})


async def test_a_done_ticket_is_not_raised(stage: Floor) -> None:
    """What is done must be reopened first."""
    number = await stage.ticket()
    await stage.does("sato", CloseTicket(number))
    assert (await stage.refused("sato", RaiseEscalation(number))).code == "closed"


@pytest.mark.parametrize(("person", "code"), [("kansa", "not_allowed"), ("boss", "not_allowed"), ("mori", "unknown")])
async def test_only_who_may_work_on_it_raises(stage: Floor, person: str, code: str) -> None:
    """Who only reads may not raise; for whom the ticket does not exist, it does not exist."""
    number = await stage.ticket()
    assert (await stage.refused(person, RaiseEscalation(number))).code == code


@pytest.mark.parametrize(
    ("fields", "code", "detail"),
    [
        ({"policy": "nowhere"}, "invalid", "no_such_policy"),
        ({"level": 9}, "invalid", "no_such_rung"),
        ({"kind": "notify"}, "invalid", "report_empty"),
        ({"to": "nobody"}, "invalid", "no_such_person"),
        ({"to": "mori"}, "not_allowed", "target_no_channel"),
        ({"to": "kansa"}, "not_allowed", "target_no_sight"),
    ],
)
async def test_a_wrong_raise_changes_nothing(stage: Floor, fields: dict[str, str], code: str, detail: str) -> None:
    """What cannot be called is named, and the ticket is as it was: nobody holds it, nothing is written."""
    number = await stage.ticket()
    refusal = await stage.refused("sato", RaiseEscalation(number, reason="急ぎです", **fields))  # type: ignore[arg-type]
    assert (refusal.code, refusal.detail) == (code, detail)
    case = await stage.case(number)
    assert (case.ticket.holder, case.escalations, [line.kind for line in case.timeline]) == (
        None,
        (),
        ["ticket_created"],
    )


async def test_whoever_holds_it_is_not_called_to_take_it(stage: Floor) -> None:
    """A raise to the one who holds it is refused: they have it already."""
    number = await stage.ticket()
    await stage.does("ito", ClaimTicket(number))
    refusal = await stage.refused("sato", RaiseEscalation(number, to="ito"))
    assert (refusal.code, refusal.values["holder"]) == ("conflict", "ito")


async def test_whoever_is_called_reads_why(stage: Floor) -> None:
    """The card of a call says by which rule, or by whose policy, it came to them."""
    number = await stage.ticket(subject="責任者を出してほしい")
    await stage.does("sato", RaiseEscalation(number))
    card = (await stage.ask("hayashi", MyCalls())).calls[0]
    assert (card.because, card.says["ja"]) == ("rule:asks-for-manager", "ルール「お客様が責任者を求めたとき」")

"""Who comes on duty and who goes off is told: by the clock, by a change, once after a sleep. And shifts on offer."""

from __future__ import annotations

import pytest

from core.engine.outcome import Done
from core.people.commands import TakeLeave
from core.roster.commands import (
    AcceptShift,
    AddOverride,
    OfferShift,
    RefuseShift,
    TakeShift,
    WithdrawShift,
)
from core.roster.queries import GetSwap, MySwaps, OnDuty
from core.words import say
from tests.stories.desks import DESK
from tests.stories.floor import Floor, at

NEXT_DAY = "2026-11-21"
TURNS = (
    '\n[[rota]]\nid = "week"\nrotation = {{ people = [{}], every = "1d", handover = "15:00", starts = 2026-11-19 }}\n'
)


def turns(*people: str) -> str:
    """The desk with a rotation of days that hands over at 15:00."""
    return DESK + TURNS.format(", ".join(f'"{person}"' for person in people))


async def on(stage: Floor, rota: str, time: str, day: str = "2026-11-20") -> list[str]:
    page = await stage.ask("sato", OnDuty(at(time, day)))
    return [line.person for line in page.items if line.rota == rota]


async def test_both_are_told_when_duty_changes_by_the_clock(stage: Floor) -> None:
    """At 18:00 suzuki goes off and takahashi comes on; each hears it once, quietly, with the end of the duty."""
    await stage.until("18:01")
    assert sorted(stage.push.told("duty")) == [("18:00", "suzuki"), ("18:00", "takahashi")]
    for _, message in stage.push.sent:
        text = message.payload.decode()
        assert message.urgency == "low"
        assert '"silent":true' in text
        assert '"navigate":"https://desk.tsubame.example/desk/me"' in text
        title = "notice.duty.on.title" if message.recipient == "takahashi" else "notice.duty.off.title"
        assert say("ja", title, rota="l2") in text
    await stage.until("09:01", NEXT_DAY)
    assert sorted(stage.push.told("duty")[2:]) == [("09:00", "suzuki"), ("09:00", "takahashi")]


async def test_after_a_sleep_there_is_one_current_notice(stage: Floor) -> None:
    """Three days and six changes were slept through: only who is on duty now, and was not, hears of it."""
    stage.clock.time = at("20:00", "2026-11-23")
    await stage.settle()
    assert sorted(stage.push.told("duty")) == [("20:00", "suzuki"), ("20:00", "takahashi")]


async def test_after_a_sleep_that_changed_nothing_nobody_is_told(stage: Floor) -> None:
    """Suzuki was on duty before and is on duty now: what was between is nobody's news."""
    stage.clock.time = at("10:00", "2026-11-23")
    await stage.settle()
    assert stage.push.told("duty") == []


async def test_what_is_true_no_more_is_not_sent(stage: Floor) -> None:
    """The wire hung overnight: only the newest of each leaves, and nobody hears that they came on after going off."""
    stage.clock.time = at("18:00")
    await stage.timers.sweep()
    stage.clock.time = at("09:00", NEXT_DAY)
    await stage.settle()
    titles = {(message.recipient, message.subject) for _, message in stage.push.sent if message.kind == "duty"}
    assert titles == {
        ("suzuki", say("ja", "notice.duty.on.title", rota="l2")),
        ("takahashi", say("ja", "notice.duty.off.title", rota="l2")),
    }


async def test_where_there_is_no_phone_it_is_a_mail(stage: Floor) -> None:
    """Push, then mail: boss has no device, and hears by mail."""
    night = DESK.replace('people = ["takahashi"]', 'people = ["suzuki", "sato"]')
    await stage.apply(night.replace('email = "sato@tsubame.example"', 'email = "sato@elsewhere.example"'))
    await stage.apply(
        night + '\n[[person]]\nid = "neu"\nname = "新 人"\nteams = ["support"]\nemail = "neu@tsubame.example"\n'
        '\n[[rota]]\nid = "late"\nshifts = [{ days = "daily", from = "15:00", to = "16:00", people = ["neu"] }]\n'
    )
    await stage.until("15:01")
    assert stage.mail.told("duty") == [("15:00", "neu")]


async def test_a_new_rota_hands_nothing_over(stage: Floor) -> None:
    """Whoever stands on a rota that was just written was not put on duty by a change of it."""
    await stage.apply(turns("ito", "sato"))
    assert stage.push.told("duty") == []
    await stage.until("15:01")
    assert {person for _, person in stage.push.told("duty")} == {"sato"}


async def test_the_person_on_duty_stays_when_a_member_leaves_the_rotation(stage: Floor) -> None:
    """Of three the first is taken out: who is on duty now stays on duty, and the order goes on behind them."""
    await stage.apply(turns("sato", "suzuki", "takahashi"))
    assert await on(stage, "week", "14:32") == ["sato"]
    await stage.until("15:10")
    assert await on(stage, "week", "15:10") == ["suzuki"]
    await stage.apply(turns("suzuki", "takahashi"))
    assert [await on(stage, "week", "15:10", f"2026-11-{day}") for day in (20, 21, 22)] == [
        ["suzuki"], ["takahashi"], ["suzuki"],
    ]  # fmt: skip
    await stage.apply(turns("hayashi", "suzuki", "takahashi"))
    assert [await on(stage, "week", "15:10", f"2026-11-{day}") for day in (20, 21, 22)] == [
        ["suzuki"], ["takahashi"], ["hayashi"],
    ]  # fmt: skip


async def test_when_the_person_on_duty_leaves_the_rotation_the_next_one_comes_on(stage: Floor) -> None:
    """The next of the old order takes over at once, and is told; applying the same again changes nothing."""
    await stage.apply(turns("hayashi", "suzuki", "takahashi"))
    await stage.until("15:10")
    await stage.apply(turns("hayashi", "takahashi"))
    assert await on(stage, "week", "15:10") == ["takahashi"]
    assert sorted(stage.push.told("duty")[-2:]) == [("15:10", "suzuki"), ("15:10", "takahashi")]
    await stage.apply(turns("hayashi", "takahashi").replace('name = "サポート"', 'name = "窓口"'))
    assert await on(stage, "week", "15:10") == ["takahashi"]


async def test_an_empty_rota_has_nobody_and_says_so(stage: Floor) -> None:
    """Its people are taken out: the ladder goes on at once, and nothing falls in a hole."""
    await stage.apply(
        DESK.replace('people = ["suzuki"]', "people = []").replace('people = ["takahashi"]', "people = []")
    )
    assert await on(stage, "l2", "14:32") == []
    _, id_ = await stage.raised()
    assert await stage.calling(id_) == ["takahashi"]


async def test_a_shift_is_offered_and_taken(stage: Floor) -> None:
    """Suzuki offers the rest of the day; until takahashi accepts it is suzuki's; then it is takahashi's."""
    done = await stage.does("suzuki", OfferShift("l2", "takahashi"))
    swap = int(done.ref)
    assert stage.push.told("swap") == [("14:32", "takahashi")]
    assert await on(stage, "l2", "15:00") == ["suzuki"]
    view = await stage.ask("takahashi", GetSwap(swap))
    assert (view.giver, view.taker, view.since, view.until, view.state) == (
        "suzuki", "takahashi", at("14:32"), at("18:00"), "offered",
    )  # fmt: skip
    await stage.until("15:00")
    await stage.does("takahashi", AcceptShift(swap))
    assert await on(stage, "l2", "15:00") == ["takahashi"]
    assert await on(stage, "l2", "14:59") == ["suzuki"]
    assert (await stage.does("takahashi", AcceptShift(swap))).again
    assert (await stage.refused("suzuki", WithdrawShift(swap))).code == "closed"
    assert stage.push.told("swap") == [("14:32", "takahashi"), ("15:00", "suzuki")]


async def test_an_offer_is_refused_or_withdrawn(stage: Floor) -> None:
    """It stays with who offered it, each hears what the other did, and nobody else knows of it."""
    first = int((await stage.does("suzuki", OfferShift("l2", "takahashi", at("16:00"), at("17:00")))).ref)
    assert (await stage.refused("sato", AcceptShift(first))).code == "unknown"
    assert (await stage.refused("sato", RefuseShift(first))).code == "unknown"
    assert (await stage.refused("takahashi", WithdrawShift(first))).code == "unknown"
    assert (await stage.ask("sato", GetSwap(first))).code == "unknown"
    await stage.does("takahashi", RefuseShift(first))
    assert (await stage.refused("takahashi", AcceptShift(first))).code == "closed"
    second = int((await stage.does("suzuki", OfferShift("l2", "hayashi", at("16:00"), at("17:00")))).ref)
    assert [swap.id for swap in (await stage.ask("hayashi", MySwaps())).items] == [str(second)]
    await stage.does("suzuki", WithdrawShift(second))
    assert (await stage.ask("hayashi", MySwaps())).items == ()
    assert stage.push.told("swap") == [
        ("14:32", "takahashi"), ("14:32", "suzuki"), ("14:32", "hayashi"), ("14:32", "hayashi"),
    ]  # fmt: skip
    assert await on(stage, "l2", "16:00") == ["suzuki"]


async def test_the_same_offer_twice_is_one(stage: Floor) -> None:
    """Pressed twice it is one offer; to somebody else for the same time it is a conflict."""
    first = await stage.does("suzuki", OfferShift("l2", "takahashi", at("16:00"), at("17:00")))
    again = await stage.does("suzuki", OfferShift("l2", "takahashi", at("16:00"), at("17:00")))
    assert (again.ref, again.again) == (first.ref, True)
    other = await stage.refused("suzuki", OfferShift("l2", "hayashi", at("16:30"), at("17:30")))
    assert (other.code, other.detail) == ("conflict", "swap_exists")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (OfferShift("nowhere", "takahashi"), "unknown"),
        (OfferShift("l2", "nobody-known"), "invalid"),
        (OfferShift("l2", "suzuki"), "invalid"),
        (OfferShift("l2", "kansa"), "not_allowed"),
        (OfferShift("l2", "takahashi", at("19:00"), at("20:00")), "conflict"),
        (AcceptShift(99), "unknown"),
    ],
)
async def test_an_offer_that_cannot_be_is_refused(stage: Floor, command: object, code: str) -> None:
    """Nobody offers what they do not have, nor to whom cannot take it."""
    assert (await stage.refused("suzuki", command)).code == code  # type: ignore[arg-type]


async def test_an_offer_is_looked_at_anew_when_it_is_accepted(stage: Floor) -> None:
    """Meanwhile somebody else has the shift, or the taker is away, or it is over: then it is not taken."""
    swap = int((await stage.does("suzuki", OfferShift("l2", "takahashi", at("16:00"), at("17:00")))).ref)
    await stage.does("hayashi", AddOverride("l2", at("17:00"), at("16:00"), add="hayashi", remove="suzuki"))
    assert (await stage.refused("takahashi", AcceptShift(swap))).code == "conflict"
    late = int((await stage.does("suzuki", OfferShift("l2", "takahashi", at("17:00"), at("18:00")))).ref)
    await stage.does("takahashi", TakeLeave(since=at("17:30"), until=at("18:30")))
    assert (await stage.refused("takahashi", AcceptShift(late))).detail == "target_away"
    await stage.until("18:01")
    assert (await stage.refused("takahashi", AcceptShift(late))).code == "closed"


async def test_an_offer_of_a_rota_that_is_gone_is_over(stage: Floor) -> None:
    """The file no longer has the rota: the offer is closed, and nothing is left waiting."""
    swap = int((await stage.does("suzuki", OfferShift("l2", "takahashi"))).ref)
    without = DESK[: DESK.index("[[rota]]")] + DESK[DESK.index("[[policy]]") :].replace("rota:l2", "person:suzuki")
    assert isinstance(await stage.apply(without), Done)
    assert (await stage.refused("takahashi", AcceptShift(swap))).code == "closed"
    assert (await stage.refused("takahashi", TakeShift("l2"))).code == "unknown"

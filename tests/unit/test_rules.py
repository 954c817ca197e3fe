"""Rules: the first in file order whose given conditions all match."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.people.model import Hours, Settings
from core.policy.model import Rule, Then, When
from core.policy.rules import Facts, in_business, match

DESK = Settings(hours=(Hours("mon-fri", "09:00", "18:00"), Hours("fri", "22:00", "02:00")))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()) * 1_000


NOON = at("2026-11-20T12:00")
NIGHT = at("2026-11-20T20:00")


def first(when: When, facts: Facts, now: int = NOON) -> bool:
    return match([Rule("r", when)], facts, DESK, now) is not None


def test_the_first_in_file_order_wins() -> None:
    """Of several rules that match, the one written first speaks; with none there is no rule."""
    rules = [Rule("a", When(category=("refund",))), Rule("b", then=Then(policy="x")), Rule("c")]
    assert match(rules, Facts("refund"), DESK, NOON) == rules[0]
    assert match(rules, Facts("other"), DESK, NOON) == rules[1]
    assert match(rules[:1], Facts("other"), DESK, NOON) is None


def test_all_given_conditions_must_match() -> None:
    """Conditions add up; within one condition any of the list is enough."""
    when = When(("complaint", "claim"), ("critical", "high"), ("phone",), ("vip", "repeat"), ("責任者",))
    facts = Facts("claim", "high", "phone", ("new", "vip"), "責任者を出せと言われた")
    assert first(when, facts)
    for other in (
        Facts("claims", "high", "phone", ("vip",), "責任者"), Facts("claim", "low", "phone", ("vip",), "責任者"),
        Facts("claim", "high", "mail", ("vip",), "責任者"), Facts("claim", "high", "phone", (), "責任者"),
        Facts("claim", "high", "phone", ("vip",), "店長"),
    ):  # fmt: skip
        assert not first(when, other)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("責任者", "お客様が、責任者を出すようにと。"),
        ("クレーム", "ｸﾚｰﾑがありました"),
        ("refund", "REFUND please"),
        ("ＲＥＦＵＮＤ", "a refund"),
        ("straße", "STRASSE"),
        ("㈱", "(株)山田商店"),
        ("クレーム", "くれーむが三回目"),
        ("ﾂｶﾞｲ", "つがいが割れた"),
        ("さーばー", "ｻｰﾊﾞｰが止まった"),
    ],
)
def test_words_are_found_in_subject_and_body(word: str, text: str) -> None:
    """Japanese has no spaces between words, and width and case do not matter."""
    assert first(When(words=(word,)), Facts(subject=text))
    assert first(When(words=("xyz", word)), Facts(body=text))
    assert not first(When(words=(word,)), Facts(subject="別の話"))


def test_words_do_not_join_subject_and_body() -> None:
    """The end of the subject and the beginning of the body are not one word."""
    assert not first(When(words=("責任者",)), Facts(subject="責任", body="者"))


def test_business_hours() -> None:
    """`business` holds inside the desk's hours, `outside` outside, `any` always."""
    for when, inside, outside in (
        (When(hours="any"), True, True), (When(hours="business"), True, False), (When(hours="outside"), False, True),
    ):  # fmt: skip
        assert first(when, Facts(), NOON) is inside
        assert first(when, Facts(), NIGHT) is outside


def test_hours_over_midnight_belong_to_the_day_they_begin() -> None:
    """From Friday 22:00 until Saturday 02:00 the desk is open; the night before it is not."""
    assert in_business(DESK, at("2026-11-20T23:30"))
    assert in_business(DESK, at("2026-11-21T01:59"))
    assert not in_business(DESK, at("2026-11-21T02:00"))
    assert not in_business(DESK, at("2026-11-20T01:00"))


def test_public_holidays_are_off() -> None:
    """On a public holiday nobody counts on business hours, and the night before still ends in it."""
    holidays = {date(2026, 11, 20)}
    assert not in_business(DESK, NOON, holidays)
    assert not in_business(DESK, at("2026-11-21T01:00"), holidays)
    assert in_business(DESK, at("2026-11-21T01:00"), {date(2026, 11, 21)})


def test_a_desk_without_hours_is_always_in_business() -> None:
    """Hours that nobody wrote down close nothing."""
    assert in_business(Settings(), int(datetime(2026, 11, 22, tzinfo=UTC).timestamp()) * 1_000)

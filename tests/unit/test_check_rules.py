"""The checker on rules: none is said to be silent that may speak."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.deskfile.check import check
from core.people.model import Hours, Settings
from core.policy.model import Rule, When
from core.policy.rules import Facts, covers, match
from tests.unit.documents import read
from tests.unit.in_order import DESK, NOW, keys

SECOND = '[[rule]]\nid = "later"\nthen = {{ policy = "p" }}\nwhen = {{ {when} }}\n'


@pytest.mark.parametrize(
    ("before", "later", "shadowed"),
    [
        ('words = ["責任者"]', 'words = ["責任者"]', True),
        ('words = ["責任者"]', 'words = ["責任者を出せ"]', True),
        ('words = ["責任者を出せ"]', 'words = ["責任者"]', False),
        ('words = ["クレーム"]', 'words = ["ｸﾚｰﾑ処理"], severity = "high"', True),
        ('words = ["責任者"]', 'category = "refund"', False),
        ('category = ["refund", "claim"]', 'category = "claim", hours = "outside"', True),
        ('category = "claim"', 'category = ["refund", "claim"]', False),
        ('tags = ["vip", "big"]', 'tags = ["vip"]', True),
        ('severity = ["critical", "high", "normal", "low"]', 'words = ["x"]', True),
        ('hours = "business"', 'hours = "business", words = ["x"]', True),
        ('hours = "business"', 'words = ["x"]', False),
    ],
)
def test_a_rule_behind_a_wider_one_never_speaks(before: str, later: str, shadowed: bool) -> None:
    """Whatever fits it fits an earlier one: told, by the name of that one; where one case is left it may speak."""
    hours = 'holidays = "JP"\nhours = [{ days = "mon-fri", from = "09:00", to = "18:00" }]'
    text = DESK.replace('holidays = "JP"', hours).replace('words = ["責任者"]', before)
    found = [f for f in check(read(text + SECOND.format(when=later)), NOW) if f.key == "finding.never_speaks"]
    assert [(f.where, f.values["rule"]) for f in found] == ([("rule:later", "r")] if shadowed else [])


few = st.lists(st.sampled_from("ab"), max_size=2).map(tuple)
whens = st.builds(
    When, few, st.lists(st.sampled_from(("critical", "high", "low")), max_size=2).map(tuple), few, few,
    st.lists(st.text("xyz", min_size=1, max_size=2), max_size=2).map(tuple),
    st.sampled_from(("any", "business", "outside")),
)  # fmt: skip
OPEN = Settings(hours=(Hours("mon-fri", "09:00", "18:00"),))


@st.composite
def widened(draw: st.DrawFn) -> tuple[When, When]:
    """A rule's conditions, and others that are mostly wider: lists grown or left out, words cut short."""
    narrow = draw(whens)

    def lists(values: tuple[str, ...]) -> tuple[str, ...]:
        return draw(st.sampled_from(((), values, (*values, "b"))))

    wide = When(
        lists(narrow.category), lists(narrow.severity), lists(narrow.source), lists(narrow.tags),
        draw(st.sampled_from(((), tuple(word[:1] for word in narrow.words)))),
        "any" if draw(st.booleans()) else narrow.hours,
    )  # fmt: skip
    return wide, narrow


@st.composite
def fitting(draw: st.DrawFn, when: When) -> Facts:
    """A ticket that mostly fits: each of its facts is one of those that are asked for."""
    category, source, tag = (draw(st.sampled_from((*asked, "a"))) for asked in (when.category, when.source, when.tags))
    severity = draw(st.sampled_from((*when.severity, "high")))
    word = draw(st.sampled_from((*when.words, "z")))
    return Facts(category, severity, source, (tag, "c"), f"x{word}", draw(st.text("xyz", max_size=3)))


@given(st.data())
@settings(max_examples=300)
def test_what_is_said_to_be_shadowed_is(data: st.DataObject) -> None:
    """No ticket and no time reaches a rule that is said to be behind a wider one."""
    wide, narrow = data.draw(widened())
    ticket, at = data.draw(fitting(narrow)), data.draw(st.sampled_from((NOW, NOW + 10 * 3_600_000)))
    if covers(wide, narrow) and match([Rule("narrow", narrow)], ticket, OPEN, at):
        assert match([Rule("wide", wide)], ticket, OPEN, at)


def test_outside_hours_that_nobody_wrote() -> None:
    """A desk without hours is always in business: a rule for the rest of the day never speaks."""
    assert keys(DESK + SECOND.format(when='hours = "outside"'))["never_outside"] == "rule:later"


def test_a_policy_nothing_leads_to() -> None:
    """No team's own and no rule's: good to know."""
    more = DESK[DESK.index("[[policy]]") : DESK.index("[[rule]]")].replace('id = "p"', 'id = "spare"')
    assert keys(DESK + more)["unused"] == "policy:spare"

"""Looking at the rules again: how often each spoke and was followed, for whoever may change that, and of nobody."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins

from core.engine.outcome import Refusal
from core.escalation.commands import RaiseEscalation
from core.escalation.queries.questions import RuleReview
from core.tickets.commands import RestrictTicket
from tests.stories.desks import DESK
from tests.stories.floor import Floor, at

ASKS = "責任者を出してほしい"
RULE = "asks-for-manager"


async def raised(stage: Floor, by: str = "sato", subject: str = ASKS, **given: Any) -> int:
    number = await stage.ticket(by, subject=subject)
    await stage.does(by, RaiseEscalation(number, **given))
    return number


async def figures(stage: Floor, reader: str = "suzuki", months: int = 6) -> dict[str, tuple[int, int, int]]:
    view = await stage.ask(reader, RuleReview(months))
    return {one.rule: (one.matched, one.followed, one.otherwise) for one in view.items}


async def test_followed_and_chosen_otherwise_add_up(stage: Floor) -> None:
    """Every raise for which a rule spoke is counted once, by what became of it; without a rule nothing is."""
    assert await figures(stage) == {RULE: (0, 0, 0)}
    for level in (None, 3, 2):
        await raised(stage, level=level)
    await raised(stage, subject="送料について")
    assert await figures(stage) == {RULE: (3, 2, 1)}


async def test_each_month_of_the_desk_has_its_own_figures(stage: Floor) -> None:
    """A month begins at midnight by the desk's clock; what is older than was asked for is left out."""
    await stage.until("23:59", "2026-11-30")
    await raised(stage)
    await stage.until("00:00", "2026-12-01")
    await raised(stage, level=4)
    view = await stage.ask("suzuki", RuleReview(2))
    assert [(one.month, one.followed, one.otherwise) for one in view.items[0].months] == [
        ("2026-12", 0, 1),
        ("2026-11", 1, 0),
    ]
    assert (view.since, view.until) == (at("00:00", "2026-11-01"), at("00:00", "2027-01-01"))
    assert await figures(stage, months=1) == {RULE: (1, 0, 1)}


async def test_a_rule_that_is_gone_keeps_its_figures(stage: Floor) -> None:
    """What was raised by it stays counted, under its id."""
    await raised(stage)
    await stage.apply(DESK[: DESK.index("[[rule]]")] + DESK[DESK.index("[[channel]]") :])
    assert await figures(stage) == {RULE: (1, 1, 0)}


async def test_figures_end_where_sight_ends(stage: Floor) -> None:
    """A supervisor reads those of their teams, an admin all; a restricted ticket is in nobody's."""
    await raised(stage)
    await raised(stage, by="mori", policy="complaint")
    number = await raised(stage)
    await stage.does("sato", RestrictTicket(number, ("sato",)))
    assert await figures(stage, "suzuki") == {RULE: (1, 1, 0)}
    assert await figures(stage, "hayashi") == await figures(stage, "boss") == {RULE: (2, 1, 1)}


@pytest.mark.parametrize("reader", ["sato", "kansa"])
async def test_others_are_refused(stage: Floor, reader: str) -> None:
    """Who neither supervises nor runs the desk looks at no figures."""
    assert await stage.ask(reader, RuleReview()) == Refusal("not_allowed", "review")


async def test_no_figure_knows_a_person(stage: Floor) -> None:
    """Nobody's id is anywhere in the answer."""
    await raised(stage)
    answer = str(to_builtins(await stage.ask("boss", RuleReview())))
    assert not any(person in answer for person in ("sato", "suzuki", "hayashi", "mori"))

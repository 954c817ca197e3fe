"""The checker of a running desk: what was changed by hand counts over the file."""

from __future__ import annotations

from core.deskfile.queries import CheckNow, FindingsView
from core.engine.outcome import Refusal
from core.people.commands import TakeLeave
from core.roster.commands import AddOverride
from tests.stories.desks import rung, with_policy
from tests.stories.floor import Floor, at

ALONE = with_policy("alone", rung(2, "rota:l2") + rung(3, "person:hayashi"))


async def gaps(stage: Floor) -> list[str]:
    """What is said about times in which nobody of `alone` can be called."""
    view = await stage.ask("boss", CheckNow(language="en"))
    assert isinstance(view, FindingsView), view
    return [
        f"{one.where}: {one.text}" for one in view.items if one.code in ("gap", "dead_end") and "alone" in one.where
    ]


async def test_leave_opens_a_gap_and_an_override_closes_it(stage: Floor) -> None:
    """A shift whose only person is away is named with its times, until somebody is put in their place."""
    await stage.apply(ALONE)
    assert await gaps(stage) == []
    leave = TakeLeave("suzuki", at("00:00", "2026-11-23"), at("00:00", "2026-11-24"))
    await stage.does("hayashi", leave)
    found = await gaps(stage)
    assert [line.split(":")[1] for line in found] == ["alone rung 1"]
    assert "from Mon, Nov 23, 09:00 until Mon, Nov 23, 18:00" in found[0]
    override = AddOverride("l2", at("18:00", "2026-11-23"), at("09:00", "2026-11-23"), add="takahashi")
    await stage.does("hayashi", override)
    assert await gaps(stage) == []


async def test_leave_of_everybody_is_a_dead_end(stage: Floor) -> None:
    """Where both levels are away at once nobody would be called: an error, with its hours."""
    await stage.apply(ALONE)
    for person in ("suzuki", "hayashi"):
        await stage.does(person, TakeLeave(person, at("10:00", "2026-11-23"), at("12:00", "2026-11-23")))
    assert any("on the whole ladder" in line and "10:00 until Mon, Nov 23, 12:00" in line for line in await gaps(stage))


async def test_an_override_that_takes_somebody_off_opens_a_gap(stage: Floor) -> None:
    """Taken off for an hour, and nobody put there."""
    await stage.apply(ALONE)
    since = at("10:00", "2026-11-23")
    await stage.does("hayashi", AddOverride("l2", since + 3_600_000, since, remove="suzuki"))
    assert "from Mon, Nov 23, 10:00 until Mon, Nov 23, 11:00" in (await gaps(stage))[0]


async def test_only_admins_ask_it(stage: Floor) -> None:
    """It looks at everybody."""
    assert await stage.ask("suzuki", CheckNow()) == Refusal("not_allowed", "administer")

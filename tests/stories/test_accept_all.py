"""Accept-all: every open call of mine at once, one acceptance each, each with its own outcome."""

from __future__ import annotations

from core.escalation.commands import AcceptAll, AcceptEscalation, RefuseEscalation
from core.escalation.queries.questions import MyCalls
from core.escalation.together import Acceptances, AcceptancesView
from tests.stories.floor import Floor


async def three(stage: Floor) -> list[tuple[int, int]]:
    """Three tickets that call 鈴木: (ticket, escalation) of each."""
    return [await stage.raised(by) for by in ("sato", "ito", "sato")]


async def outcomes(stage: Floor, person: str, command: AcceptAll) -> dict[str, str]:
    """What came of each, by escalation."""
    done = await stage.does(person, command)
    view = await stage.ask(person, Acceptances(str(done.ref)))
    assert isinstance(view, AcceptancesView)
    return {item.escalation: item.outcome for item in view.items}


async def test_every_open_call(stage: Floor) -> None:
    """Each is held from that instant, each has its own line in its own ledger."""
    raised = await three(stage)
    assert set((await outcomes(stage, "suzuki", AcceptAll())).values()) == {"accepted"}
    for number, _ in raised:
        assert (await stage.holders(number))[-1] == ("suzuki", "14:32")
    assert (await stage.ask("suzuki", MyCalls())).calls == ()


async def test_each_has_its_own_outcome(stage: Floor) -> None:
    """Of the calls that were shown one is taken meanwhile and one was refused: the third is accepted."""
    (_, first), (_, second), (third_ticket, third) = await three(stage)
    await stage.until("14:43")
    calls = tuple(int(card.call) for card in (await stage.ask("suzuki", MyCalls())).calls)
    await stage.does("takahashi", AcceptEscalation(first))
    await stage.does("suzuki", RefuseEscalation(second))
    assert await outcomes(stage, "suzuki", AcceptAll(calls)) == {
        str(first): "taken",
        str(second): "stale",
        str(third): "accepted",
    }
    assert (await stage.holders(third_ticket))[-1] == ("suzuki", "14:43")


async def test_only_what_was_shown(stage: Floor) -> None:
    """A call that came after the screen was read is not accepted with the others."""
    await three(stage)
    calls = tuple(int(card.call) for card in (await stage.ask("suzuki", MyCalls())).calls)
    _, later = await stage.raised()
    await stage.does("suzuki", AcceptAll(calls))
    assert (await stage.escalation(later)).state == "calling"


async def test_twice_is_once(stage: Floor) -> None:
    """The same calls again: accepted, as before."""
    await three(stage)
    calls = tuple(int(card.call) for card in (await stage.ask("suzuki", MyCalls())).calls)
    await stage.does("suzuki", AcceptAll(calls))
    again = await stage.does("suzuki", AcceptAll(calls))
    assert again.again
    assert set((await outcomes(stage, "suzuki", AcceptAll(calls))).values()) == {"accepted"}


async def test_nothing_is_open(stage: Floor) -> None:
    """Nobody is called: nothing happens, and the answer is empty."""
    assert await outcomes(stage, "ito", AcceptAll()) == {}


async def test_other_peoples_calls(stage: Floor) -> None:
    """Calls of somebody else, or of nobody, are unknown; what is not to be seen says nothing of itself."""
    _, id_ = await stage.raised()
    call = await stage.call(id_, "suzuki")
    assert await outcomes(stage, "ito", AcceptAll((call, 99 << 16))) == {str(id_): "unknown", "99": "unknown"}
    view = await stage.ask("mori", Acceptances(f"{id_}:unknown"))
    assert (view.items[0].ticket, view.items[0].holder) == (None, None)


async def test_the_bundle_of_the_calls_screen(stage: Floor) -> None:
    """One call is accepted by its own button; from the second on all can be accepted at once."""
    await stage.raised()
    assert (await stage.ask("suzuki", MyCalls())).bundle == ()
    await stage.raised("ito")
    mine = await stage.ask("suzuki", MyCalls())
    assert mine.bundle == tuple(card.call for card in mine.calls)

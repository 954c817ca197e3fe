"""Taking back, handing back, calling everybody, key by key."""

from __future__ import annotations

from msgspec.structs import replace

from core.escalation.commands import PageEveryone, ReturnEscalation, Undo
from core.escalation.queries.views import May
from tests.tui.fake_door import FakeDoor
from tests.tui.sitting import Sitting, sitting


async def open_to(desk: Sitting, *acts: str) -> None:
    """The ticket under the cursor, whose escalation 92 is open to these acts."""
    await desk.settle()
    case = desk.desk.ticket.case
    assert case is not None
    desk.desk.ticket.case = replace(case, may=(*(May(act, True, None, "92") for act in acts), *case.may))


async def test_undo_is_one_key() -> None:
    """`z` takes back what the desk names, without a question."""
    async with sitting() as desk:
        await open_to(desk, "undo")
        await desk.press("z")
        assert desk.door.commands == [Undo(92)]


async def test_handing_back_wants_words() -> None:
    """`v` opens the sheet; an empty one sends nothing, with words Ctrl+S does."""
    async with sitting() as desk:
        await open_to(desk, "return")
        assert "差し戻し（指示）" in await desk.press("v")
        await desk.press("ctrl+s")
        assert desk.door.commands == []
        await desk.press("o", "k", "ctrl+s")
        assert desk.door.commands == [ReturnEscalation(92, "ok")]


async def test_everyone_is_asked_for_twice() -> None:
    """`P` asks, `n` calls nobody, `y` calls everybody."""
    async with sitting() as desk:
        await open_to(desk, "page_all")
        assert "全員を呼び出しますか" in await desk.press("P")
        await desk.press("n")
        assert desk.door.commands == []
        await open_to(desk, "page_all")
        await desk.press("P", "y")
        assert desk.door.commands == [PageEveryone(92)]


async def test_what_cannot_be_done_is_off() -> None:
    """The keys say so and send nothing."""
    door = FakeDoor()
    async with sitting(door) as desk:
        await desk.press("z", "v", "P")
        assert door.commands == []

"""What the terminal does while nobody presses a key."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.escalation.queries.cards import AlarmCard
from tests.tui import fake_desk as world
from tests.tui.fake_door import FakeDoor
from tests.tui.sitting import sitting
from tui.app import FloorTerminal


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """How often the bell rang."""
    rung: list[bool] = []
    monkeypatch.setattr(FloorTerminal, "bell", lambda _: rung.append(True))
    return rung


async def test_new_tickets_wait_behind_the_dot() -> None:
    """The list does not move; `.` shows what came."""
    async with sitting() as desk:
        before = desk.rows()[3:6]
        desk.door.put(world.row(4300, "新しい件", 0))
        shown = await desk.settle()
        assert desk.rows()[3:6] == before
        assert "新しい行が 1 件あります" in shown
        shown = await desk.press("full_stop")
        assert "新しい件" in desk.rows()[3]
        assert "新しい行が" not in shown


async def test_a_changed_row_is_repainted_in_its_place() -> None:
    """Another holder is seen at once, the cursor stays."""
    async with sitting() as desk:
        await desk.press("j")
        place = desk.row_of("4288")
        desk.door.put(replace(desk.door.rows[4288], holder="ito", updated_at=world.NOW))
        await desk.settle()
        assert desk.row_of("4288") == place
        assert "伊藤 蓮" in desk.rows()[place]
        assert desk.desk.queue.number == 4289


async def test_a_new_call_shows_a_banner_and_rings_once(bells: list[bool]) -> None:
    """On whatever screen: the banner stands, the bell rings for the call and not for every hint."""
    async with sitting() as desk:
        await desk.press("enter")
        desk.door.calls = [world.my_call()]
        desk.door.tell(4177)
        shown = await desk.settle()
        assert "! あなたへの呼出 #4177" in shown
        desk.door.tell(4182)
        await desk.settle()
        assert bells == [True]


async def test_a_call_that_waits_at_the_start_is_shown_without_a_bell(bells: list[bool]) -> None:
    """Opening the terminal is quiet."""
    door = FakeDoor()
    door.calls = [world.my_call()]
    async with sitting(door) as desk:
        assert "! あなたへの呼出 #4177" in desk.text()
        assert bells == []


async def test_a_standing_alarm_is_on_every_screen(bells: list[bool]) -> None:
    """List, ticket, phone tasks and the raise sheet all show it."""
    async with sitting() as desk:
        desk.door.alarms = [AlarmCard("93", 4160, "お客様が責任者を求めています", world.NOW)]
        desk.door.tell(4160)
        await desk.settle()
        for keys in ((), ("enter",), ("q", "6"), ("1", "e")):
            assert "! 未応答警報 1件：#4160" in await desk.press(*keys)
        assert bells == [True]


async def test_a_stopped_engine_is_said_on_every_screen() -> None:
    """Nobody is called then, and nobody must think otherwise."""
    async with sitting() as desk:
        desk.door.pulse = replace(desk.door.pulse, engine="stopped")
        await desk.desk.beat()
        for keys in ((), ("enter",), ("q", "6"), ("1", "e")):
            assert "エンジン停止中" in await desk.press(*keys)


async def test_a_lost_connection_says_how_old_the_screen_is() -> None:
    """What is shown stays, with its time, and comes alive by itself."""
    async with sitting() as desk:
        desk.door.cut_off = True
        await desk.later(5 * world.MINUTE)
        await desk.desk.beat()
        shown = await desk.settle()
        assert "接続が切れています。14:32時点の内容です" in shown
        assert "4290" in shown
        desk.door.cut_off = False
        await desk.desk.beat()
        assert "接続が切れています" not in await desk.settle()


async def test_countdowns_run_and_what_is_late_says_so() -> None:
    """Seconds below two minutes, then "now", then how late."""
    async with sitting() as desk:
        assert "1:42 >予備" in await desk.press("4")
        assert "1:41 >予備" in await desk.later(1_000)
        assert "まもなく >予備" in await desk.later(101_000)
        assert "3分超過 >予備" in await desk.later(3 * world.MINUTE)


async def test_a_deep_list_is_read_page_by_page() -> None:
    """Going down asks for the next pages only, and every row comes once."""
    async with sitting(FakeDoor(400)) as desk:
        for _ in range(8):
            await desk.press("G")
        window = desk.desk.queue.window
        numbers = [row.number for place in range(len(window)) if (row := window.row(place)) is not None]
        assert len(numbers) == len(set(numbers)) == 400
        assert desk.desk.queue.number == 4290 - 399
        assert "3891" in desk.rows()[desk.row_of("3891")]


async def test_a_tab_is_found_again_where_it_was_left() -> None:
    """Cursor and place belong to each tab."""
    async with sitting() as desk:
        await desk.press("j", "j", "4", "j", "1")
        assert desk.desk.queue.number == 4288
        await desk.press("4")
        assert desk.desk.queue.number == 4177


async def test_a_wide_screen_shows_the_ticket_beside_the_list() -> None:
    """From 120 columns on a pane follows the cursor; narrower, Enter opens it in place of the list."""
    async with sitting(size=(120, 40)) as desk:
        assert "記録" in desk.text()
        await desk.pilot.resize_terminal(80, 24)
        shown = await desk.settle()
        assert "記録" not in shown
        assert "記録" in await desk.press("enter")
        assert "次の動き" in await desk.press("q")


async def test_a_fault_in_an_act_is_said_and_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw is a line, not the end of the shift."""
    async with sitting() as desk:
        monkeypatch.setattr(desk.door, "handle", None)
        assert "うまくいきませんでした（TypeError）" in await desk.press("t")
        assert "4289" in await desk.press("j")

"""The screens as text, in both sizes and languages. `NOROSHI_GOLDEN=write` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from core.escalation.queries.cards import AlarmCard
from core.people.model import Language
from tests.tui import fake_desk as world
from tests.tui.fake_door import FakeDoor
from tests.tui.sitting import Sitting, sitting
from tui.model.text import width

GOLDEN = Path(__file__).parent / "golden"
SCREENS: dict[str, tuple[str, ...]] = {
    "new": (),
    "escalated": ("4",),
    "ticket": ("4", "enter"),
    "raise": ("4", "e", "2"),
    "phone": ("p",),
    "help": ("question_mark",),
    "comment": ("c", *"ok"),
}
HOSTILE = "[b]太字[/b] \x1b[31m赤\x07 ☀️ 👍🏽 \u202eשלום מחיר\u202c " + "長" * 300


async def shown_as_golden(desk: Sitting, name: str) -> None:
    """Every row exactly as wide as the screen, and the whole as it was approved."""
    size = desk.app.size
    rows = desk.rows()
    assert len(rows) == size.height
    assert {width(row) for row in rows} == {size.width}
    text = "\n".join(row.rstrip() for row in rows) + "\n"
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("NOROSHI_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_a_screen_looks_as_approved(screen: str, size: tuple[int, int], language: Language) -> None:
    """Text of every screen, both sizes, both languages."""
    async with sitting(size=size, language=language) as desk:
        if SCREENS[screen]:
            await desk.press(*SCREENS[screen])
        await shown_as_golden(desk, f"{screen}-{size[0]}x{size[1]}-{language}")


@pytest.mark.parametrize("language", ["ja", "en"])
async def test_what_burns_stands_above_everything(language: Language) -> None:
    """Engine stopped, a call and an alarm: three banners, and the desk still below them."""
    door = FakeDoor()
    door.pulse = replace(door.pulse, engine="stopped")
    door.calls = [world.my_call()]
    door.alarms = [AlarmCard("93", 4160, "お客様が責任者を求めています", world.NOW)]
    async with sitting(door, language=language) as desk:
        await shown_as_golden(desk, f"burning-80x24-{language}")


@pytest.mark.parametrize("size", [(40, 12), (64, 20), (80, 24), (119, 30), (120, 40), (200, 50)])
async def test_hostile_customer_text_moves_nothing(size: tuple[int, int]) -> None:
    """Markup, control codes, emoji variants, right-to-left and endless lines: rows stay as wide as the screen."""
    door = FakeDoor(3)
    for number in tuple(door.rows):
        door.rows[number] = replace(door.rows[number], subject=HOSTILE)
        door.comments[number] = (HOSTILE * 4,)
    async with sitting(door, size=size) as desk:
        for keys in ((), ("4",), ("enter",), ("e",), ("escape",), ("question_mark",)):
            text = await desk.press(*keys)
            assert {width(row) for row in desk.rows()} == {size[0]}
            assert not set("\x1b\x07\ufe0f\u202e") & set(text)
        assert "[b]太字[/b]" in text

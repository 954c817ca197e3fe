"""What became of a message, in the terminal's ladder: every station where there is room, else how far it came."""

from __future__ import annotations

from msgspec.structs import replace

from core.escalation.queries.views import Mark
from tests.tui import fake_desk as world
from tui.model import ladder_view, lines
from tui.model.names import Names

JA, EN = Names(world.DIRECTORY, "ja"), Names(world.DIRECTORY, "en")
SHOWN = (
    Mark("queued", world.NOW), Mark("tried", world.NOW), Mark("sent", world.NOW), Mark("shown", world.NOW + 60_000),
)  # fmt: skip


def first_line(chain: tuple[Mark, ...], names: Names, cells: int) -> str:
    """The first line of a ladder whose message has come so far."""
    escalation = world.escalation(4177, "7")
    first, *rest = escalation.ladder
    there = replace(escalation, ladder=(replace(first, chain=chain, accept_by=None), *rest))
    return lines.plain(ladder_view.ladder(there, names, cells)[0]).rstrip()


def test_every_station_stands_in_the_line() -> None:
    """In words of the reader's language, with the time of the newest."""
    assert first_line(SHOWN, JA, 120).endswith("待機 > 送信 > 配信サービスが受理 > 表示 14:33")
    assert first_line(SHOWN, EN, 120).endswith("queued > sent > accepted by the service > shown 14:33")


def test_a_narrow_line_says_how_far_it_came() -> None:
    """The newest station alone."""
    line = first_line(SHOWN, JA, 60)
    assert line.endswith("表示 14:33")
    assert "受理" not in line


def test_a_message_that_was_lost_says_so_without_a_time() -> None:
    """A station whose time nobody wrote down."""
    assert first_line((*SHOWN[:2], Mark("failed")), JA, 60).endswith("届きませんでした")

"""Drafts survive: a closed sheet, a closed terminal, a kill, a full disk; and are nobody else's to read."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.escalation.commands import RaiseEscalation
from core.tickets.commands import AddComment
from tests.clock import HandClock
from tests.tui import fake_desk as world
from tests.tui.fake_door import FakeDoor
from tests.tui.sitting import sitting
from tui.model.drafts import KEPT, MOST, Draft, Drafts, Shelf, fresh, put

BOOK = st.dictionaries(st.text(max_size=3), st.builds(Draft, st.text(max_size=5), st.integers(0, 10 * KEPT)))
DAY = 86_400_000


@pytest.fixture
def clock() -> HandClock:
    return HandClock(100 * DAY)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "drafts", "https://desk.tsubame.example")


@given(BOOK, st.text(max_size=3), st.text(max_size=5), st.integers(0, 10 * KEPT))
def test_a_book_holds_what_was_put_last(book: dict[str, Draft], key: str, text: str, now: int) -> None:
    """Blanks are no draft; other drafts stay as they are; what is too old or too much goes."""
    after = put(book, key, text, now)
    assert after.get(key) == (Draft(text, now) if text.strip() else None)
    assert {name: after[name] for name in after if name != key} == {n: d for n, d in book.items() if n != key}
    young = fresh(after, now)
    assert young.items() <= after.items()
    assert all(now - draft.at < KEPT for draft in young.values())


def test_too_many_drafts_lose_the_oldest() -> None:
    """Two hundred of the newest stay."""
    kept = fresh({str(n): Draft("x", n) for n in range(MOST + 5)}, MOST + 5)
    assert set(kept) == {str(n) for n in range(5, MOST + 5)}


def test_drafts_are_there_after_everything(shelf: Shelf, clock: HandClock) -> None:
    """Another terminal of the same person at the same desk finds them; another person and another desk do not."""
    mine = shelf.of("sato", clock.now)
    assert mine.keep("comment 1", "在庫を確認")
    assert not mine.keep("comment 1", "在庫を確認")
    assert mine.save()
    assert shelf.of("sato", clock.now).get("comment 1") == "在庫を確認"
    assert shelf.of("ito", clock.now).get("comment 1") == ""
    assert Shelf(shelf.folder, "sqlite:///desk.db").of("sato", clock.now).get("comment 1") == ""
    clock.time += KEPT
    assert shelf.of("sato", clock.now).get("comment 1") == ""


def test_drafts_are_for_their_owner_alone(shelf: Shelf, clock: HandClock) -> None:
    """Folder and files are closed to others, and no name says whose they are."""
    drafts = shelf.of("sato", clock.now)
    drafts.keep("comment 1", "x")
    assert drafts.save()
    assert shelf.folder is not None
    assert shelf.folder.stat().st_mode & 0o777 == 0o700
    for file in shelf.folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
        assert "sato" not in file.name


def test_two_terminals_lose_nothing_of_each_other(shelf: Shelf, clock: HandClock) -> None:
    """Each writes only what it changed: a draft of the other stays, one that the other sent does not come back."""
    first, second = shelf.of("sato", clock.now), shelf.of("sato", clock.now)
    first.keep("comment 1", "one")
    assert first.save()
    second.keep("comment 2", "two")
    assert second.save()
    first.drop("comment 1")
    first.keep("raise 3", "three")
    assert first.save()
    second.keep("comment 2", "two, and more")
    assert second.save()
    third = shelf.of("sato", clock.now)
    assert [third.get(key) for key in ("comment 1", "comment 2", "raise 3")] == ["", "two, and more", "three"]


def test_many_at_once_leave_a_whole_file(shelf: Shelf, clock: HandClock) -> None:
    """Whoever writes at the same time, every draft is in the file."""

    def write(n: int) -> None:
        drafts = shelf.of("sato", clock.now)
        drafts.keep(f"comment {n}", str(n))
        assert drafts.save()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = shelf.of("sato", clock.now)
    assert [found.get(f"comment {n}") for n in range(12)] == [str(n) for n in range(12)]


def test_a_broken_file_is_no_obstacle(shelf: Shelf, clock: HandClock) -> None:
    """What cannot be read counts as nothing, and is replaced whole."""
    drafts = shelf.of("sato", clock.now)
    drafts.keep("comment 1", "x")
    drafts.save()
    assert shelf.folder is not None
    file = next(shelf.folder.glob("*.json"))
    for rubbish in (b"", b"{", b"[1]", b"\xff\xfe"):
        file.write_bytes(rubbish)
        again = shelf.of("sato", clock.now)
        assert again.get("comment 1") == ""
        again.keep("comment 1", "y")
        assert again.save()
        assert shelf.of("sato", clock.now).get("comment 1") == "y"


def test_a_disk_that_takes_nothing_keeps_the_draft_in_memory(tmp_path: Path, clock: HandClock) -> None:
    """It is said, and tried again; meanwhile nothing of what was typed is lost."""
    blocked = tmp_path / "drafts"
    blocked.write_text("a file where the folder should be")
    drafts = Shelf(blocked, "x").of("sato", clock.now)
    drafts.keep("comment 1", "typed")
    assert not drafts.save()
    assert drafts.get("comment 1") == "typed"
    blocked.unlink()
    assert drafts.save()
    assert Shelf(blocked, "x").of("sato", clock.now).get("comment 1") == "typed"


def test_nowhere_to_keep_them_keeps_them_while_it_runs(clock: HandClock) -> None:
    """Without a folder drafts live as long as the terminal."""
    drafts = Drafts(None, clock.now)
    assert drafts.keep("comment 1", "x")
    assert drafts.save()
    assert drafts.drop("comment 1")
    assert not drafts.drop("comment 1")


async def test_what_is_being_typed_survives_the_terminal(tmp_path: Path) -> None:
    """A second after it was typed it is on the disk, the sheet still open; sent, it is gone from there."""
    shelf = Shelf(tmp_path, "x")

    def kept() -> str:
        return shelf.of("sato", lambda: world.NOW).get("comment 4290")

    async with sitting(shelf=shelf) as at:
        await at.press("c", *"hello")
        await at.later(1_000)
        assert kept() == "hello"
    async with sitting(shelf=shelf) as at:
        assert "hello" in await at.press("c")
        await at.press("!", "ctrl+s")
        assert at.door.commands == [AddComment(4290, "hello!")]
    assert kept() == ""


async def test_a_terminal_that_is_told_to_go_keeps_what_is_typed(tmp_path: Path) -> None:
    """SIGTERM, or a line that is cut: the last second is kept too."""
    shelf = Shelf(tmp_path, "x")
    async with sitting(shelf=shelf) as at:
        await at.press("c", *"half a wor")
        at.app._told_to_go(143)
    assert shelf.of("sato", lambda: world.NOW).get("comment 4290") == "half a wor"


async def test_a_message_goes_with_the_raise(tmp_path: Path) -> None:
    """It stands in the sheet before Enter, survives leaving sheet and terminal, and is gone once it was sent."""
    shelf = Shelf(tmp_path, "x")
    async with sitting(shelf=shelf, language="en") as at:
        assert "Message to whoever is called" in await at.press("e", "m", *"two cases")
        shown = await at.press("ctrl+s")
        assert "Message: two cases" in shown
        assert "Message" not in await at.press("escape")
    async with sitting(shelf=shelf, language="en") as at:
        assert "Message: two cases" in await at.press("e")
        await at.press("enter")
        assert at.door.commands == [RaiseEscalation(4290, reason="two cases")]
        assert "Message: two" not in await at.press("j", "k", "e")
    assert shelf.of("sato", lambda: world.NOW).get("raise 4290") == ""


async def test_drafts_are_of_who_sits_there(tmp_path: Path) -> None:
    """At a terminal that several use, nobody finds the words of another."""
    shelf, door = Shelf(tmp_path, "x"), FakeDoor()
    async with sitting(door, shelf=shelf) as at:
        await at.press("c", *"mine", "escape")
        door.me = replace(door.me, id="ito")
        door.tell()
        await at.settle()
        assert "mine" not in await at.press("c")
        await at.press(*"his", "escape")
        door.me = replace(door.me, id="sato")
        door.tell()
        await at.settle()
        assert "mine" in await at.press("c")


async def test_a_disk_that_takes_nothing_is_said_once(tmp_path: Path) -> None:
    """The terminal goes on; the draft is there as long as it runs."""
    (tmp_path / "file").write_text("")
    async with sitting(shelf=Shelf(tmp_path / "file", "x"), language="en") as at:
        assert "cannot keep your drafts" in await at.press("c", *"typed", "escape")
        assert "typed" in await at.press("c")
        assert "cannot keep your drafts" not in await at.press("x", "escape")

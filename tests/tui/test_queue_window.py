from __future__ import annotations

from itertools import pairwise

from core.escalation.queries.views import QueuePage, QueueRow
from tests.tui.fake_desk import row
from tui.model.queue_window import PAGE, QueueWindow


def page(*numbers: int, next_: str | None = None) -> QueuePage:
    return QueuePage(tuple(row(number, f"件 {number}", number) for number in numbers), next_)


def numbers(window: QueueWindow) -> list[int]:
    return [shown.number for place in range(len(window)) if (shown := window.row(place)) is not None]


def window_of(*pages: QueuePage) -> QueueWindow:
    window = QueueWindow()
    window.first(pages[0])
    for before, one in pairwise(pages):
        assert before.next is not None
        window.append(one, before.next)
    return window


def test_pages_follow_each_other_and_the_cursor_begins_on_top() -> None:
    """Pages are appended in order; an answer to an old question is dropped."""
    window = window_of(page(1, 2, next_="a"), page(3, 4, next_="b"))
    window.append(page(9), "a")
    assert numbers(window) == [1, 2, 3, 4]
    assert window.cursor == 1


def test_the_cursor_belongs_to_a_ticket() -> None:
    """Moving stops at both ends, and the place is the ticket's."""
    window = window_of(page(1, 2, 3))
    window.move(1)
    assert (window.cursor, window.place) == (2, 1)
    window.move(99)
    assert window.cursor == 3
    window.move(-99)
    assert window.cursor == 1


def test_new_rows_wait_and_nothing_moves() -> None:
    """A new ticket is counted, and shown only when asked for."""
    window = window_of(page(1, 2, 3))
    window.move(1)
    changed = window.refreshed([(None, page(7, 8, 1, 2, 3))])
    assert not changed
    assert (numbers(window), window.waiting, window.cursor) == ([1, 2, 3], 2, 2)
    window.first(page(7, 8, 1, 2, 3))
    assert (numbers(window)[0], window.waiting, window.cursor) == (7, 0, 7)


def test_a_changed_row_stays_where_it_is() -> None:
    """What moved to the top of the tab is filled in at its old place."""
    window = window_of(page(1, 2, 3))
    fresh = row(3, "新しい件名", 0)
    assert window.refreshed([(None, QueuePage((fresh, row(1, "件 1", 1), row(2, "件 2", 2))))]) == {3}
    assert numbers(window) == [1, 2, 3]
    assert window.row(2) == fresh


def test_a_row_that_left_becomes_a_ghost_until_the_reader_moves_off_it() -> None:
    """It stays under the eye, and leaves when the cursor does."""
    window = window_of(page(1, 2, 3))
    window.move(1)
    assert window.refreshed([(None, page(1, 3))]) == {2}
    assert window.is_ghost(2)
    assert numbers(window) == [1, 2, 3]
    assert window.move(1) is True
    assert numbers(window) == [1, 3]
    assert (window.cursor, window.place) == (3, 1)


def test_a_ghost_that_comes_back_is_a_row_again() -> None:
    """Claimed and given back: the row lives on."""
    window = window_of(page(1, 2, 3))
    window.refreshed([(None, page(1, 3))])
    window.refreshed([(None, page(1, 2, 3))])
    assert not window.is_ghost(2)


def test_rows_pushed_to_the_next_page_are_no_ghosts() -> None:
    """What a full page no longer shows has only moved down."""
    window = window_of(page(1, 2, 3, next_="a"), page(4, 5))
    window.refreshed([(None, page(9, 1, 2, next_="x"))])
    assert not any(window.is_ghost(number) for number in (1, 2, 3, 4, 5))


def test_only_the_visible_pages_and_the_top_are_read_again() -> None:
    """However deep the reader stands, two or three questions are enough."""
    pages = [page(*range(n * PAGE, (n + 1) * PAGE), next_=f"{n}") for n in range(20)]
    window = window_of(*pages)
    assert window.anchors(0, 20) == [None]
    assert window.anchors(505, 525) == [None, "9"]
    assert window.anchors(545, 565) == [None, "10", "9"]


def test_the_next_page_is_wanted_before_the_end_is_seen() -> None:
    """The window asks ahead, and not at the end of the tab."""
    window = window_of(page(*range(PAGE), next_="a"))
    assert window.wants(10) == "a"
    window.append(page(*range(PAGE, 2 * PAGE)), "a")
    assert window.wants(2 * PAGE - 1) is None


def test_a_dropped_first_row_leaves_its_page_reachable() -> None:
    """A page keeps its cursor when its first row goes."""
    window = window_of(page(1, 2, next_="a"), page(3, 4))
    window.go(2)
    window.refreshed([(None, page(1, 2, next_="a")), ("a", page(4))])
    assert window.is_ghost(3)
    window.move(1)
    assert numbers(window) == [1, 2, 4]
    assert window.anchors(2, 2) == [None, "a"]


def test_an_empty_window_has_no_cursor() -> None:
    """Nothing to stand on, nothing to move."""
    window = window_of(page())
    assert (window.cursor, window.current, window.move(1)) == (None, None, False)
    assert window.row(0) is None
    assert isinstance(window_of(page(1)).current, QueueRow)

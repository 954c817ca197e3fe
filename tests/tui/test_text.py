from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.model import text

SAMPLES = ("取引先からのクレーム", "Refund request for order 88121", "ﾊﾝｶｸ mixed 全角", "👨‍👩‍👧 family", "")


@pytest.mark.parametrize(
    ("dirty", "shown"),
    [
        ("a\x1b[31mred\x07", "a[31mred"),
        ("右\u202e左", "右左"),
        ("\u2067שלום\u2069", "שלום"),
        ("one\ntwo\tthree", "one two three"),
        ("thumb 👍🏽", "thumb 👍"),
        ("sun ☀️", "sun ☀"),
        ("\ud800 alone", "? alone"),
        ("[bold]not markup[/bold]", "[bold]not markup[/bold]"),
    ],
)
def test_customer_text_is_shown_without_what_moves_the_grid(dirty: str, shown: str) -> None:
    """Control codes, direction marks, variants and lone surrogates go; markup stays as it was typed."""
    assert text.clean(dirty) == shown


@given(st.text(), st.integers(0, 60))
def test_a_fitted_text_has_exactly_its_cells(words: str, cells: int) -> None:
    """Whatever the text, a column is as wide as it says."""
    assert text.width(text.fit(text.clean(words), cells)) == cells
    assert text.width(text.fit_right(text.clean(words), cells)) == cells


@given(st.text(max_size=200), st.integers(4, 60))
def test_wrapped_lines_fit_and_lose_no_letter(words: str, cells: int) -> None:
    """No line is wider than asked, and all visible letters are still there, in order."""
    lines = text.wrap(words, cells)
    assert all(text.width(line) <= cells for line in lines)
    letters = "".join(text.clean(part) for part in words.splitlines())
    assert "".join("".join(lines).split()) == "".join(letters.split())


def test_a_line_of_ten_thousand_columns_is_wrapped() -> None:
    """A wide paste becomes many lines, not one that breaks the screen."""
    lines = text.wrap("あ" * 5_000 + "a" * 10_000, 78)
    assert max(map(text.width, lines)) <= 78
    assert len(lines) > 200


def test_no_line_begins_with_a_closing_mark() -> None:
    """Japanese punctuation stays with the letter before it."""
    assert text.wrap("あいうえお、かきくけこ", 10) == ["あいうえ", "お、かきく", "けこ"]


@pytest.mark.parametrize("words", SAMPLES)
def test_what_was_cut_says_so(words: str) -> None:
    """Two dots stand for what is missing, and only then."""
    shown = text.cut(words, 8)
    assert shown == words or shown.endswith("..")


@pytest.mark.parametrize(
    ("typed", "meant"), [("ａ", "a"), ("Ｇ", "G"), ("１", "1"), ("？", "?"), ("。", "."), ("j", "j")]
)
def test_letters_of_an_input_method_work_as_keys(typed: str, meant: str) -> None:
    """Full-width letters are the keys that were meant."""
    assert text.ascii_key(typed) == meant

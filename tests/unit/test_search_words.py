"""How texts are compared and taken apart, and what a query means: checked against a plain reading of the texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tickets.search_query import PERSONAL, fts, patterns, stands_in, terms, tsquery
from core.tickets.search_words import canonical, fields, grams, is_dense, pieces

SIGNS = "納品数決済返金システムしすてむﾃｽﾄ山田 　ーabcABCé１２34-_.、。「」\n#@"
TEXT = st.text(st.sampled_from(SIGNS), max_size=40)
QUERY = st.text(st.sampled_from(SIGNS + '"'), max_size=8)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("決済システムが応答しない", "決済しすてむが応答しない"),
        ("ｼｽﾃﾑ　ＥＲＲＯＲ", "しすてむ error"),
        ("TS-20417、再発行", "ts 20417 再発行"),
        ("iPhone15を購入", "iphone15 を購入"),
        ("Straße café", "strasse café"),
        ("辻\U000e0100さん", "辻さん"),
        ("!?… 。", ""),
    ],
)
def test_texts_are_compared_in_one_form(text: str, found: str) -> None:
    """Width, case, kana, marks and invisible signs make no difference."""
    assert canonical(text) == found


@pytest.mark.parametrize(
    ("query", "text", "stands"),
    [
        ("納品", "取引先からのクレーム（納品数違い）", True),
        ("品数", "納品数違い", True),
        ("数", "納品数違い", True),
        ("しすてむ", "決済システム", True),
        ("納品 違い", "納品数の違い", True),
        ('"納品 違い"', "納品数の違い", False),
        ("refu", "A refund please", True),
        ("fund", "A refund please", False),
        ('"refu"', "A refund please", False),
        ('"refund please"', "A refund, please!", True),
        ('"refund pleas"', "A refund please", False),
        ("a", "An apple", False),
        ("a", "a pear", True),
        ("20417", "受注番号 TS-20417。", True),
        ("ts-204", "受注番号 TS-20417。", True),
        ("決済err", "決済ERROR", True),
        ("済 err", "決済エラー", False),
    ],
)
def test_what_a_term_means(query: str, text: str, stands: bool) -> None:
    """Dense script anywhere, words from their beginning, phrases whole."""
    assert stands_in(patterns(terms(query)), canonical(text)) is stands


def test_a_phrase_does_not_reach_into_the_next_field() -> None:
    """What stands at the end of a subject and the beginning of a text is no phrase."""
    assert not stands_in(patterns(terms('"返金 納品"')), fields(["返金", "納品"]))
    assert stands_in(patterns(terms("返金 納品")), fields(["返金", "納品"]))


def test_what_cannot_be_looked_for() -> None:
    """Signs alone are no query; an open quotation mark ends with the text; full-width ones are marks too."""
    assert terms(" 。!「」 ") == ()
    assert terms('"refund please') == terms("\uff02refund please\uff02")
    assert terms("返金 返金") == terms("返金")


def test_personal_grams_are_asked_for_with_clearance_only() -> None:
    """Whoever has no clearance does not even touch that part of the index."""
    wanted = terms("山田")
    assert PERSONAL not in fts(wanted, cleared=False) + tsquery(wanted, cleared=False)
    assert fts(wanted, cleared=True) == f'("山田" OR "{PERSONAL}山田")'
    assert tsquery(terms("refun"), cleared=False) == "('refun':*)"


def plainly(query: str, text: str) -> bool:
    """Read both side by side, piece by piece: what a patient person would call found."""
    there = pieces(text)
    for term in terms(query):
        wanted = list(term.pieces)
        places = range(len(there) - len(wanted) + 1)
        if not any(_fits(wanted, there[place : place + len(wanted)], term.exact) for place in places):
            return False
    return True


def _fits(wanted: list[str], there: list[str], exact: bool) -> bool:
    first, last = wanted[0], wanted[-1]
    if len(wanted) == 1:
        if is_dense(first):
            return first in there[0]
        return there[0] == first or (not exact and len(first) > 1 and there[0].startswith(first))
    begins = there[0].endswith(first) if is_dense(first) else there[0] == first
    if is_dense(last):
        ends = there[-1].startswith(last)
    else:
        ends = there[-1] == last or (not exact and len(last) > 1 and there[-1].startswith(last))
    return begins and ends and wanted[1:-1] == there[1:-1]


@given(QUERY, TEXT)
def test_patterns_find_what_a_plain_reading_finds(query: str, text: str) -> None:
    """The pattern of a term agrees with reading piece by piece."""
    assert stands_in(patterns(terms(query)), canonical(text)) is plainly(query, text)


@given(st.integers(0, 30), st.integers(1, 9), TEXT)
def test_the_index_misses_nothing(start: int, length: int, text: str) -> None:
    """Whatever is found in a text has all its grams in the text's grams."""
    for query in (text[start : start + length], f'"{text[start : start + length]}"'):
        wanted = terms(query)
        if wanted and stands_in(patterns(wanted), canonical(text)):
            held = grams(canonical(text))
            for term in wanted:
                assert all(
                    any(one.startswith(gram) for one in held) if begins else gram in held
                    for gram, begins in term.grams()
                )


@given(TEXT)
def test_the_canonical_form_stands_still(text: str) -> None:
    """Comparing a text again changes nothing."""
    assert canonical(canonical(text)) == canonical(text)

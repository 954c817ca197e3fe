"""Names as they sound: however somebody spells one, it comes to the same."""

from __future__ import annotations

import pytest

from core.words.romaji import is_spelled, sound


@pytest.mark.parametrize(
    "spellings",
    [
        ("さとう", "サトウ", "satou", "Satoh", "satō", "SATO"),
        ("たかはし", "ﾀｶﾊｼ", "takahashi", "takahasi"),
        ("しょうじ", "ショージ", "shoji", "syouzi", "Shōji"),
        ("つづき", "tsuzuki", "tuduki"),
        ("ちば", "chiba", "tiba"),
        ("なんば", "Namba", "nanba"),
        ("はっとり", "hattori"),
        ("きょうこ", "kyouko", "Kyoko", "KYŌKO"),
        ("ジュン", "jun", "zyun"),
        ("ファン", "fan"),
        ("おおの", "ohno", "Ōno", "oono"),
        ("おはら", "ohara"),
    ],
)
def test_spellings_of_a_name_sound_alike(spellings: tuple[str, ...]) -> None:
    """Kana of both kinds, Hepburn, Kunrei, long vowels in every way."""
    assert {sound(spelled) for spelled in spellings} == {sound(spellings[0])}
    assert sound(spellings[0])


def test_chinese_characters_have_no_sound_here() -> None:
    """What cannot be read is not guessed, and is told from what can."""
    assert sound("鈴木") == ""
    assert (is_spelled("鈴木"), is_spelled("鈴き"), is_spelled("すずki")) == (False, False, True)


def test_different_names_sound_different() -> None:
    """The loose spelling tells the names of a desk apart."""
    names = ("sato", "saito", "suzuki", "takahashi", "tanaka", "watanabe", "ito", "yamamoto", "nakamura", "kobayashi")
    assert len({sound(name) for name in names}) == len(names)

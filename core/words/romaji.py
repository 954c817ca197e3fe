"""Names as they sound: kana and every way of writing them in Latin letters come to one loose spelling. Pure.

What a sign sounds like is read from its Unicode name (`HIRAGANA LETTER KA`); Chinese characters have no sound here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

KANA: Final = re.compile(r"(?:HIRAGANA|KATAKANA) LETTER (SMALL )?(\w+)")
LOOSE: Final = (
    (re.compile(r"[^a-z]"), ""),
    (re.compile(r"sh(?=i)"), "s"),
    (re.compile(r"sh"), "sy"),
    (re.compile(r"t?ch(?=i)"), "t"),
    (re.compile(r"t?ch"), "ty"),
    (re.compile(r"ts"), "t"),
    (re.compile(r"f"), "h"),
    (re.compile(r"j(?=i)"), "z"),
    (re.compile(r"jy?"), "zy"),
    (re.compile(r"d(?=[iu])"), "z"),
    (re.compile(r"m(?=[bpm])"), "n"),
    (re.compile(r"l"), "r"),
    (re.compile(r"(?<=o)h(?![aiueoy])"), ""),
    (re.compile(r"(?<=o)u"), ""),
    (re.compile(r"([a-z])\1+"), r"\1"),
)
"""Hepburn, Kunrei, doubled or lengthened: `Satoh`, `satou` and `satō` are one."""


@lru_cache(maxsize=4_096)
def sound(text: str) -> str:
    """The loose spelling: only a to z; empty where nothing of it sounds."""
    spelled = ""
    for sign in unicodedata.normalize("NFKC", text).lower():
        match = KANA.fullmatch(unicodedata.name(sign, ""))
        spelled = _said(spelled, match) if match else spelled + _plain(sign)
    for pattern, instead in LOOSE:
        spelled = pattern.sub(instead, spelled)
    return spelled


def is_spelled(text: str) -> bool:
    """Whether all of it says how it sounds: there is no Chinese character in it."""
    return not any(unicodedata.name(sign, "").startswith("CJK") for sign in unicodedata.normalize("NFKC", text))


def _said(before: str, sign: re.Match[str]) -> str:
    """One more kana; a small one changes what stands before it."""
    small, said = bool(sign[1]), sign[2].lower()
    if not small:
        return before + said
    if said == "tu":  # a stop, which the loose spelling leaves out
        return before
    return (before[:-1] if before[-1:] in ("i", "u", "e") else before) + said


def _plain(sign: str) -> str:
    """A letter without its marks."""
    return unicodedata.normalize("NFD", sign)[0]

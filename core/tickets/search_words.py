"""The form in which texts are compared, and the pieces of it that an index holds. Pure.

Everything is NFKC, case-folded, katakana as hiragana, without invisible signs. Scripts that write no spaces are read
sign by sign; all others word by word. Between two pieces stands one space, between two fields a line feed, so no phrase
reaches from one field into the next.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

DENSE: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"
    r"\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf"
    r"\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, bopomofo, hangul, Chinese characters."""
PIECE: Final = re.compile(rf"[{DENSE}]+|(?:(?![{DENSE}])[^\W_])+")
FIRST_DENSE: Final = re.compile(rf"[{DENSE}]")
INVISIBLE: Final = re.compile(r"[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")  # noqa: E501 # fmt: skip
HIRAGANA: Final = {kata: kata - 0x60 for kata in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
LONGEST: Final = 48
"""Signs of a gram; what is longer is told apart by the text itself."""
PREFIX: Final = "\ue001"
"""Begins a gram that is the beginning of a word: two and three letters are looked up, not ranged over."""
PREFIXES: Final = (2, 3)


def canonical(text: str) -> str:
    """One field as it is compared: pieces with one space between them; empty when there is nothing to compare."""
    return " ".join(pieces(text))


def pieces(text: str) -> list[str]:
    """The pieces of a text in order: a run of dense script, or a word."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).casefold())
    return PIECE.findall(folded.translate(HIRAGANA))


def fields(texts: Iterable[str]) -> str:
    """Several fields as one canonical text."""
    return "\n".join(filter(None, map(canonical, texts)))


def is_dense(piece: str) -> bool:
    """Whether a piece is read sign by sign."""
    return FIRST_DENSE.match(piece) is not None


def grams(text: str) -> frozenset[str]:
    """What an index holds of a canonical text: single signs and pairs of dense runs, words and how they begin."""
    return frozenset(gram for piece in frozenset(text.split()) for gram in _of_piece(piece))


def _of_piece(piece: str) -> Iterator[str]:
    if is_dense(piece):
        yield from piece
        yield from pairs(piece)
        return
    yield piece[:LONGEST]
    yield from (PREFIX + piece[:length] for length in PREFIXES if len(piece) >= length)


def pairs(piece: str) -> Iterator[str]:
    """Each two neighbours of a dense run."""
    return (piece[place : place + 2] for place in range(len(piece) - 1))

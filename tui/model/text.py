"""Text for a grid of cells: cleaned of what moves the grid, measured, cut, padded and wrapped by cells.

A Japanese letter is two cells wide. `len()` and format padding are never right here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, set_cell_size

CUT: Final = ".."
"""Shown where text was cut. Not an ellipsis: its width depends on the terminal."""
_JAPANESE_KEYS: Final = {"\u3000": " ", "。": ".", "・": "/"}
FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
NO_LINE_START: Final = frozenset(
    "、。，．・：；？！゛゜ー）」』】〕］｝〉》ァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ),.:;?!]}%"
)
"""May not begin a line (kinsoku)."""
SPARED: Final = frozenset("\u200d\u00ad")
"""Format characters that stay: the joiner of emoji families, the soft hyphen."""


def clean(text: str) -> str:
    """The text on one line, without control codes, direction marks, emoji variants and lone surrogates.

    Terminals disagree on the width of variation selectors and skin tones, so both go.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_cleaned(text))


def width(text: str) -> int:
    """How many cells the text takes."""
    return cell_len(text)


def cut(text: str, cells: int) -> str:
    """The text, at most `cells` wide; what was cut shows as two dots."""
    if cell_len(text) <= cells:
        return text
    if cells <= len(CUT):
        return set_cell_size(text, max(cells, 0))
    return set_cell_size(text, cells - len(CUT)).rstrip() + CUT


def fit(text: str, cells: int) -> str:
    """The text, exactly `cells` wide."""
    return set_cell_size(cut(text, cells), cells)


def fit_right(text: str, cells: int) -> str:
    """The text at the right edge of exactly `cells`."""
    shown = cut(text, cells)
    return " " * (cells - cell_len(shown)) + shown


def wrap(text: str, cells: int) -> list[str]:
    """The text in lines of at most `cells`; words stay whole where they can, line breaks are kept."""
    return [line for part in text.splitlines() or [""] for line in _wrap_line(clean(part), max(cells, 2))]


def ascii_key(character: str) -> str:
    """A letter typed while an input method is on (full-width) as the key that was meant."""
    if len(character) == 1 and ord(character) in FULL_WIDTH:
        return chr(ord(character) - 0xFEE0)
    return _JAPANESE_KEYS.get(character, character)


def _cleaned(text: str) -> Iterator[str]:
    for letter in text:
        category = unicodedata.category(letter)
        if letter in "\n\r\t\v\f\u2028\u2029":
            yield " "
        elif category == "Cs":
            yield "?"
        elif not (category == "Cc" or (category == "Cf" and letter not in SPARED) or _drifts(letter)):
            yield letter


def _drifts(letter: str) -> bool:
    return "\ufe00" <= letter <= "\ufe0f" or "\U0001f3fb" <= letter <= "\U0001f3ff"


def _wrap_line(text: str, cells: int) -> Iterator[str]:
    line, used = "", 0
    for word in _words(text):
        size = cell_len(word)
        if used + size > cells and line:
            if word in NO_LINE_START and len(line) > 1:
                word, line = line[-1] + word, line[:-1]
            yield line.rstrip()
            line, used = "", 0
            word, size = word.lstrip(), cell_len(word.lstrip())
        while size > cells:
            head = set_cell_size(word, cells).rstrip()
            yield head
            word = word[max(len(head), 1) :]
            size = cell_len(word)
        line, used = line + word, used + size
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    """Latin words whole, with the space before them; wide letters one by one."""
    word = ""
    for letter in text:
        if letter.isspace() or cell_len(letter) == 2:
            if word:
                yield word
            word = ""
            if cell_len(letter) == 2:
                yield letter
                continue
        word += letter
    if word:
        yield word

"""A painted line before it is painted: spans of text, each with a tone."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

from tui.model import text as cells

Tone: TypeAlias = Literal["text", "strong", "quiet", "ember", "held", "info", "band", "cursor", "alarm", "key"]
"""ember: burns now, and nothing else; held: somebody has it; info: to know; quiet: done, or beside the point."""
TONES: Final[tuple[Tone, ...]] = (
    "text", "strong", "quiet", "ember", "held", "info", "band", "cursor", "alarm", "key",
)  # fmt: skip


class Span(Struct, frozen=True):
    """A run of text in one tone. The text is clean."""

    text: str
    tone: Tone = "text"


Line: TypeAlias = tuple[Span, ...]
BLANK: Final[Line] = ()


def line(*parts: Span | str | tuple[str, Tone]) -> Line:
    """A line of plain strings and (text, tone) pairs, cleaned."""
    return tuple(_span(part) for part in parts)


def plain(of: Line) -> str:
    """The text of a line."""
    return "".join(span.text for span in of)


def width(of: Line) -> int:
    """Cells of a line."""
    return sum(cells.width(span.text) for span in of)


def fitted(of: Line, size: int, tone: Tone = "text") -> Line:
    """The line, exactly `size` cells wide: cut with two dots, or filled with blanks of the tone."""
    kept: list[Span] = []
    left = size
    for at, span in enumerate(of):
        rest = width(of[at:])
        if rest <= left:
            kept.extend(of[at:])
            left -= rest
            break
        shown = span.text if cells.width(span.text) + len(cells.CUT) <= left else cells.cut(span.text + "   ", left)
        kept.append(Span(shown, span.tone))
        left -= cells.width(shown)
        if left <= 0 or shown != span.text:
            break
    if left > 0:
        kept.append(Span(" " * left, tone))
    return tuple(kept)


def spread(left: Line, right: Line, size: int) -> Line:
    """One part at the left edge, one at the right; the left one is cut when both do not fit."""
    room = max(size - width(right), 0)
    return (*fitted(left, room), *fitted(right, size - room))


def _span(part: Span | str | tuple[str, Tone]) -> Span:
    if isinstance(part, Span):
        return part
    if isinstance(part, str):
        return Span(cells.clean(part))
    return Span(cells.clean(part[0]), part[1])

"""Paper and ink with one ember, by day and by night."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, TypeAlias

from rich.style import Style
from textual.theme import Theme

from tui.model.lines import Tone

Ground: TypeAlias = Literal["paper", "band", "sheet", "cursor"]
"""What text stands on."""

INKS: Final[Mapping[str, Mapping[Tone, str]]] = {
    "noroshi-dark": {
        "text": "#ece7dc", "strong": "#ece7dc", "quiet": "#a39c8d", "ember": "#fb923c", "held": "#86c79a",
        "info": "#a5b4fc", "band": "#a39c8d", "cursor": "#ece7dc", "alarm": "#14130f", "key": "#ece7dc",
    },
    "noroshi-light": {
        "text": "#1c1b1a", "strong": "#1c1b1a", "quiet": "#655f54", "ember": "#b03a0b", "held": "#166534",
        "info": "#3730a3", "band": "#655f54", "cursor": "#1c1b1a", "alarm": "#fbf9f5", "key": "#1c1b1a",
    },
}  # fmt: skip
GROUNDS: Final[Mapping[str, Mapping[Ground, str]]] = {
    "noroshi-dark": {"paper": "#14130f", "band": "#1f1d18", "sheet": "#211f1a", "cursor": "#33302a"},
    "noroshi-light": {"paper": "#fbf9f5", "band": "#f1ede4", "sheet": "#f4f0e8", "cursor": "#e6e0d3"},
}
EMBER: Final = {"noroshi-dark": "#fb923c", "noroshi-light": "#c2410c"}
BOLD: Final = frozenset({"strong", "alarm", "ember", "key"})


def theme(name: str) -> Theme:
    """The theme for the framework's own parts (the comment field)."""
    inks, grounds = INKS[name], GROUNDS[name]
    return Theme(
        name=name,
        primary=EMBER[name],
        accent=EMBER[name],
        secondary=inks["info"],
        success=inks["held"],
        error=EMBER[name],
        warning=EMBER[name],
        foreground=inks["text"],
        background=grounds["paper"],
        surface=grounds["sheet"],
        panel=grounds["band"],
        dark=name.endswith("dark"),
    )


@cache
def style(name: str, tone: Tone, ground: Ground) -> Style:
    """How a span of this tone looks on this ground. An alarm brings its own ground."""
    behind = EMBER[name] if tone == "alarm" else GROUNDS[name][ground]
    return Style(color=INKS[name][tone], bgcolor=behind, bold=tone in BOLD)

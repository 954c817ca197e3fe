"""Every pair of colours that meets on a page can be read, by day and by night."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "web" / "static" / "tokens.css").read_text(encoding="utf-8")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
SCREEN, PRINTED = TOKENS.split("@media print")
DAY, NIGHT = SCREEN.split("@media (prefers-color-scheme: dark)")
TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "ember", "held", "info") for ground in ("paper", "card", "sunk")),
    ("on-ember", "ember"), ("on-ember", "ember-deep"), ("paper", "ink"),
    ("ember", "ember-wash"), ("held", "held-wash"), ("info", "info-wash"),
    *((ink, wash) for ink in ("ink", "soft") for wash in ("ember-wash", "held-wash", "info-wash")),
]  # fmt: skip
SHAPES = [("edge", "paper"), ("edge", "card"), ("ember", "sunk"), ("info", "paper")]


def luminance(colour: str) -> float:
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def worse_than(least: float, pairs: list[tuple[str, str]], tokens: dict[str, str]) -> list[str]:
    ratios = {pair: contrast(tokens[pair[0]], tokens[pair[1]]) for pair in pairs}
    return [f"{ink} on {ground}: {ratio:.2f}" for (ink, ground), ratio in ratios.items() if ratio < least]


@pytest.mark.parametrize("text", [DAY, NIGHT, DAY + PRINTED], ids=["day", "night", "on paper"])
def test_text_and_shapes_stand_out(text: str) -> None:
    """Text has a contrast of at least 4.5, edges of fields and marks of at least 3."""
    tokens = dict(COLOUR.findall(text))
    assert worse_than(4.5, TEXT, tokens) == []
    assert worse_than(3.0, SHAPES, tokens) == []

"""Durations as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy.durations import LONGEST, parse, written


@given(st.integers(1, LONGEST // 1_000))
def test_what_is_written_is_read_again(seconds: int) -> None:
    """Every whole number of seconds up to a year comes back as it was."""
    assert parse(written(seconds * 1_000)) == seconds * 1_000


def test_the_units() -> None:
    """Seconds, minutes, hours, days, weeks; written in the largest that fits."""
    assert [parse(text) for text in ("90s", "5m", "2h", "1d", "1w")] == [
        90_000, 300_000, 7_200_000, 86_400_000, 604_800_000,
    ]  # fmt: skip
    assert [written(parse(text)) for text in ("90s", "60s", "90m", "24h", "14d")] == ["90s", "1m", "90m", "1d", "2w"]


@pytest.mark.parametrize(
    "wrong", ["", "5", "m", "0m", "-5m", "5 m", "5min", "1.5h", "1h30m", "５m", "53w", "9999999999s"]
)
def test_anything_else_is_refused(wrong: str) -> None:
    """What is not a duration is a ValueError, not a guess."""
    with pytest.raises(ValueError, match=r".*"):
        parse(wrong)

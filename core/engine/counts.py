"""What the engine counts of itself while it runs, for whoever shows it. Plain numbers, of this process alone."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import Final

from core.engine.ports import SECOND, Millis

LATENESS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 30.0, 60.0, 300.0)
COMMIT: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)
BATCH: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)


class Histogram:
    """How many values fell up to each bound (the last place: above all), and their sum."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value


class Counts:
    """Since the process began. Seconds for times."""

    def __init__(self) -> None:
        self.lateness = Histogram(LATENESS)
        """Of each deadline, when it was done."""
        self.commit = Histogram(COMMIT)
        """From the begin of a transaction to the end of its commit."""
        self.batch = Histogram(BATCH)
        """Commands that shared one commit."""
        self.outcomes: Counter[tuple[str, str]] = Counter()
        """By channel and outcome: sent, retry, gone, failed."""
        self.restarts: Counter[str] = Counter()
        """Tasks that died or stood still, and were begun again."""
        self.healed: Counter[str] = Counter()
        """What the auditor set going again: deadline, outgoing."""
        self.lost = 0
        """Commits that failed: disk full, database busy."""
        self.disk: tuple[int, int] | None = None
        """Bytes free and in all where the database lies, as last looked."""

    def late(self, by: Iterable[Millis]) -> None:
        """Deadlines done, each so much after its time."""
        for late in by:
            self.lateness.add(max(0, late) / SECOND)

    def stored(self, commands: int, seconds: float) -> None:
        """One commit of so many commands."""
        self.commit.add(seconds)
        self.batch.add(commands)

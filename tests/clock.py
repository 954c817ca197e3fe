"""A clock for tests."""

from __future__ import annotations

from core.engine.ports import Millis


class HandClock:
    """Stands still until it is moved; both hands together."""

    def __init__(self, time: Millis) -> None:
        self.time = time

    def now(self) -> Millis:
        return self.time

    def steady(self) -> Millis:
        return self.time

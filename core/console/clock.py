"""The clock on the wall."""

from __future__ import annotations

import time


class SystemClock:
    """The machine's own clocks, in milliseconds."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def steady(self) -> int:
        return time.monotonic_ns() // 1_000_000

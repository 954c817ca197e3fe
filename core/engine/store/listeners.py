"""Who is told of commits."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from core.engine.ports import Signals

log = structlog.get_logger()


class Listeners:
    """A hint is never the truth: one who throws is said in the log, and keeps nobody else from hearing or writing."""

    def __init__(self) -> None:
        self._calls: list[Callable[[Signals], None]] = []

    def add(self, call: Callable[[Signals], None]) -> None:
        """Call this after each commit that wrote something."""
        self._calls.append(call)

    def tell(self, signals: Signals) -> None:
        """All of them, in the order they came."""
        for call in self._calls:
            try:
                call(signals)
            except Exception as error:
                log.exception("store: a listener throws", error=type(error).__name__)

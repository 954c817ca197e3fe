"""What the process says about itself: to standard error, or to a file where a terminal owns the screen."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TextIO

import structlog


def quietly(file: TextIO | None = None, *, level: int = logging.WARNING, for_good: bool = False) -> None:
    """Only what is at least that grave, to `file` or standard error. `for_good`: no later call changes it, and a line
    costs half."""
    out = file or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=for_good,
    )
    logging.basicConfig(stream=out, level=max(level, logging.WARNING), force=True)


def running() -> None:
    """A server's own: requests too, one line each."""
    quietly(level=logging.INFO, for_good=True)


def to_file(path: Path) -> None:
    """For as long as the process lives."""
    quietly(path.open("a", encoding="utf-8", buffering=1))

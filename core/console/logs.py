"""What the process says about itself: to standard error, or to a file where a terminal owns the screen.

A fault is told by its kind and by where it broke. Its own text is left out: it may quote what a customer wrote, an
address, or the endpoint of somebody's phone.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, Final, TextIO, TypeAlias

import structlog
from structlog.typing import EventDict

DEPTH: Final = 8
"""Places that are named, the innermost ones."""
ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def quietly(file: TextIO | None = None, *, level: int = logging.WARNING, for_good: bool = False) -> None:
    """Only what is at least that grave, to `file` or standard error. `for_good`: no later call changes it, and a line
    costs half."""
    out = file or sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper("iso", utc=True),
            _told,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=for_good,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Discreet())
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)


def running() -> None:
    """A server's own: requests too, one line each."""
    quietly(level=logging.INFO, for_good=True)


def to_file(path: Path) -> None:
    """For as long as the process lives."""
    quietly(path.open("a", encoding="utf-8", buffering=1))


def fault(error: BaseException) -> str:
    """`KeyError at core/x.py:12 < core/y.py:3`, the innermost place first; after it what it came from."""
    places = [f"{frame.filename}:{frame.lineno}" for frame in reversed(extract_tb(error.__traceback__)[-DEPTH:])]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = f"{type(error).__name__} at {' < '.join(places) or '?'}"
    return f"{told} from {type(cause).__name__}" if cause else told


def _told(_: Any, __: str, event: EventDict) -> EventDict:
    """For our own lines: the exception that is being handled, or the one that was given."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else sys.exc_info()[1] if given else None
    if error is not None:
        event["fault"] = fault(error)
    return event


class _Discreet(logging.Formatter):
    """For the lines of what we stand on: of asyncio's about a task that died, the rest shows the exception itself."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return super().formatMessage(record).partition("\n")[0]

    def formatException(self, ei: ExcInfo) -> str:
        return fault(ei[1]) if ei[1] else ""

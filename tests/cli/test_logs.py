"""The log names faults without quoting anybody."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from core.console import logs

ENDPOINT = "https://fcm.googleapis.com/fcm/send/secret"


@pytest.fixture
def out() -> Iterator[StringIO]:
    """Where the lines go; afterwards logging is as the tests have it."""
    root, text = logging.getLogger(), StringIO()
    before, level, settings = root.handlers[:], root.level, structlog.get_config()
    logs.quietly(text)
    yield text
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**settings)


def breaks() -> None:
    try:
        raise KeyError(ENDPOINT)
    except KeyError as error:
        raise ValueError(f"cannot send to {ENDPOINT}") from error


@pytest.mark.parametrize("ours", [True, False], ids=["our own", "a library's"])
def test_a_fault_is_told_without_its_text(ours: bool, out: StringIO) -> None:
    """Kind, cause and place stand in the log; what the exception quoted does not."""
    try:
        breaks()
    except ValueError:
        if ours:
            structlog.get_logger().exception("a channel raised", channel="push")
        else:
            logging.getLogger("asyncio").exception(f"a task died\nfuture: {ENDPOINT}")
    said = out.getvalue()
    assert "ValueError at " in said
    assert "test_logs.py:" in said
    assert "from KeyError" in said
    assert "secret" not in said


def test_a_line_without_a_fault_stays_as_it_is(out: StringIO) -> None:
    """Event, level and values; what is not grave enough is not said."""
    structlog.get_logger().warning("the clock jumped", seconds=7)
    structlog.get_logger().info("nothing of interest")
    assert out.getvalue().count("\n") == 1
    assert 'level=warning event="the clock jumped" seconds=7' in out.getvalue()

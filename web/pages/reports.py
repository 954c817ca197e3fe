"""A report to the customer as a form gives it: times of day in the desk's zone, the next update as so many minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from core.engine.ports import MINUTE
from core.engine.wire import millis
from web.problems import invalid

FIELDS: Final = ("what", "affects", "recovery")
UPDATES: Final = (15, 30, 60, 120, 240, 480, 1_440)
"""When the customer may be told to hear next, minutes."""


def report_of(sent: Mapping[str, Any], now: int, zone: str) -> dict[str, Any] | None:
    """The draft that a form carries; None where it carries none."""
    if "report" in sent and isinstance(sent["report"], Mapping):
        return dict(sent["report"])
    if not any(name in sent for name in (*FIELDS, "began")):
        return None
    report = {"what": "", **{name: sent[name] for name in FIELDS if name in sent}}
    if "began" in sent:
        report["since"] = _moment(str(sent["began"]), zone)
    if "update_in" in sent:
        report["next_update"] = now + _minutes(str(sent["update_in"])) * MINUTE
    return report


def local_time(at: int, zone: str) -> str:
    """A time as a field of a form has it: `2026-11-20T14:32`."""
    return datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def _moment(text: str, zone: str) -> int:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise invalid("began", "a time") from None
    return millis(at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone)))


def _minutes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise invalid("update_in", "minutes")
    return int(text)

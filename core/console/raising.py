"""`noroshi raise`: its options, and the command they mean; the report to a customer too."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any, Final, TypeVar, get_args

import click
import msgspec

from core.console.plans import moment
from core.console.spoken import Trouble, option
from core.engine.desk import Desk
from core.engine.ports import Millis
from core.escalation.commands import RaiseEscalation
from core.people.records import people_of
from core.policy import durations
from core.policy.model import Kind

F = TypeVar("F", bound=Callable[..., Any])
REPORT: Final = {"what": "text", "since": "time", "affects": "text", "recovery": "text", "next_update": "time"}


kind_option = option("--kind", type=click.Choice(get_args(Kind)))


def raise_options(command: F) -> F:
    """What to raise and whom to call; of a notify `--what`, `--since`, `--affects`, `--recovery`, `--next-update`."""
    options = [
        kind_option,
        option("--policy", metavar="id"),
        option("--level", type=int, metavar="number"),
        option("--to", metavar="id"),
        option("--reason", default="", metavar="text"),
        *(option(f"--{name.replace('_', '-')}", metavar=metavar) for name, metavar in REPORT.items()),
    ]
    return reduce(lambda known, add: add(known), reversed(options), command)


async def raising(desk: Desk, number: int, given: dict[str, Any]) -> RaiseEscalation:
    """The command that these options mean. Trouble for what cannot be read."""
    said = {name: given.pop(name) for name in REPORT}
    report = None
    if any(text is not None for text in said.values()):
        zone = (await desk.store.read(people_of)).settings.timezone
        now = desk.clock.now()
        times = {name: _at(said.pop(name), zone, now, ahead=name == "next_update") for name in ("since", "next_update")}
        texts = {name: text for name, text in said.items() if text is not None}
        report = {"what": "", **texts, **times}
    try:
        return msgspec.convert({"ticket": number, "report": report, **given}, RaiseEscalation)
    except msgspec.ValidationError as error:
        raise Trouble("refused", code=2, why=error) from None


def _at(text: str | None, zone: str, now: Millis, *, ahead: bool) -> Millis | None:
    """A time, or how far it is away: `2h` is in two hours for the next update, two hours ago for the beginning."""
    if text is None:
        return None
    try:
        away = durations.parse(text)
    except ValueError:
        return moment(text, zone)
    return now + away if ahead else now - away

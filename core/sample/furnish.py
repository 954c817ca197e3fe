"""Furnishes an empty desk with the sample: people and rules, and a week of history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.deskfile.commands import ApplyDeskFile
from core.deskfile.document import Document
from core.deskfile.parse import parse
from core.engine.catalogue import Catalogue
from core.engine.desk import Desk
from core.engine.outcome import Refusal
from core.engine.ports import DAY, Channel, Millis, Store
from core.people.model import CONSOLE
from core.sample import deskfile
from core.sample.seed import SampleFault, SeedClock, Seeder

BEFORE: Final = 7 * DAY
"""The desk file was applied that long ago."""


def document(*, fast: bool = False) -> Document:
    """The sample's desk file, read."""
    found = parse(deskfile.text(fast=fast), deskfile.NAME)
    if not isinstance(found, Document):
        raise SampleFault("; ".join(problem.text("en") for problem in found))
    return found


async def furnish(store: Store, catalogue: Catalogue, key: bytes, now: Millis, *, fast: bool = False) -> None:
    """People, rotas, policies and rules."""
    desk = Desk(store, catalogue, SeedClock(now - BEFORE), key)
    outcome = await desk.handle(ApplyDeskFile(document(fast=fast)), CONSOLE)
    if isinstance(outcome, Refusal):
        raise SampleFault(f"{outcome.code} {outcome.detail}")


async def live_through(
    store: Store,
    catalogue: Catalogue,
    key: bytes,
    channels: Mapping[str, Channel],
    now: Millis,
    *,
    fast: bool = False,
) -> None:
    """The forty tickets of the week before `now`; some of their escalations are still running then."""
    pace = 1 / deskfile.HURRY if fast else 1.0
    await Seeder(store, catalogue, key, channels).play(now, pace)

"""The house of people, on a real SQLite file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.engine.catalogue import Catalogue
from core.engine.desk import Desk
from core.engine.store.sqlite import open_sqlite
from core.people.commands import InstallAdmin
from core.people.model import CONSOLE
from core.people.register import register
from tests.clock import HandClock
from tests.store.people.house import START, House, found


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    catalogue, clock = Catalogue(), HandClock(START)
    register(catalogue, public_url="https://desk.tsubame.example", badge=lambda tx, who: 3)
    async with open_sqlite(tmp_path / "desk.db", create=True) as store:
        house = House(Desk(store, catalogue, clock, b"k" * 32), clock)
        await store.write(found)
        await house.did(InstallAdmin(), CONSOLE)
        yield house

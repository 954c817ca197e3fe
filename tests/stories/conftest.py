"""One desk per story; after it everything that is always true must hold."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stories.desks import DESK
from tests.stories.floor import Floor, floor
from tests.stories.invariants import broken

EVERYBODY = ("sato", "suzuki", "takahashi", "hayashi", "kobayashi")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(tmp_path, DESK) as stage:
        await stage.give_phones(*EVERYBODY)
        yield stage
        assert await broken(stage) == []

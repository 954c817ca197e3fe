"""One desk per story; after it everything that is always true must hold."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.store.kinds import chosen, on_each
from tests.stories.desks import DESK
from tests.stories.floor import Floor, floor
from tests.stories.invariants import broken

EVERYBODY = ("sato", "suzuki", "takahashi", "hayashi", "kobayashi")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_each(metafunc, "stage", "tmp_path")


@pytest.fixture(autouse=True)
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    with chosen.being(getattr(request, "param", "sqlite")) as kind:
        yield kind


@pytest.fixture
async def stage(tmp_path: Path, kind: str) -> AsyncIterator[Floor]:
    async with floor(tmp_path, DESK) as stage:
        await stage.give_phones(*EVERYBODY)
        yield stage
        assert await broken(stage) == []

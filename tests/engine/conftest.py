"""One fresh bench per test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.engine.bench import Bench
from tests.engine.bench import bench as opened
from tests.store.kinds import chosen, on_each

ONE_KIND = {
    "test_feed", "test_kills", "test_faults_are_not_remembered", "test_ten_thousand_throwing_deadlines_are_one_alarm",
}  # fmt: skip
"""They name places as SQLite does, reach for its own settings, choose for themselves, or take minutes elsewhere."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if not ONE_KIND & {metafunc.module.__name__.rpartition(".")[2], metafunc.function.__name__}:
        on_each(metafunc, "bench")


@pytest.fixture(autouse=True)
def kind(request: pytest.FixtureRequest) -> Iterator[str]:
    with chosen.being(getattr(request, "param", "sqlite")) as kind:
        yield kind


@pytest.fixture
async def bench(tmp_path: Path, kind: str) -> AsyncIterator[Bench]:
    async with opened(tmp_path / "desk.db") as bench:
        yield bench

"""Devices for the tests with a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.phone import Phone, phone


@pytest.fixture
async def hayashi(chromium: Path, tmp_path: Path) -> AsyncIterator[Phone]:
    """The phone of 林, who reads Japanese."""
    async with phone(chromium, tmp_path / "hayashi") as device:
        yield device


@pytest.fixture
async def suzuki(chromium: Path, tmp_path: Path) -> AsyncIterator[Phone]:
    """The phone of 鈴木, who reads Japanese."""
    async with phone(chromium, tmp_path / "suzuki") as device:
        yield device

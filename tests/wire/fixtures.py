"""The outside as fixtures. A test folder imports those it wants in its conftest.py."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.wire.push_service import PushService
from tests.wire.smtp_server import SmtpServer

__all__ = ["push_service", "smtp_server"]


@pytest_asyncio.fixture
async def push_service() -> AsyncIterator[PushService]:
    async with PushService() as service:
        yield service


@pytest_asyncio.fixture
async def smtp_server() -> AsyncIterator[SmtpServer]:
    async with SmtpServer() as server:
        yield server

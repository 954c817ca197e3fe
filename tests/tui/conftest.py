"""A real desk with its API served, and both doors to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.console.running import following
from core.people.commands import IssueToken
from core.people.model import CONSOLE, Actor
from core.people.secrets import hash_secret, make_secret
from tests.stories.desks import DESK
from tests.stories.floor import Floor, floor
from tests.web.house import served
from tui.local import LocalDoor
from tui.model.door import Door
from tui.remote import RemoteDoor
from web.app import build
from web.settings import WebSettings

DoorFor = Callable[[str], Awaitable[Door]]


@dataclass
class Shop:
    """A desk, and where its API answers."""

    floor: Floor
    url: str

    async def token(self, person: str) -> str:
        secret = make_secret()
        await self.floor.desk.handle(IssueToken(person, hash_secret(secret)), CONSOLE)
        return secret

    def local(self, person: str) -> LocalDoor:
        return LocalDoor(self.floor.desk, Actor("person", person))

    async def remote(self, person: str) -> RemoteDoor:
        return RemoteDoor(self.url, await self.token(person), self.floor.desk.catalogue)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """The desk of the stories, with a server in front."""
    async with floor(tmp_path, DESK) as stage:
        await stage.give_phones("suzuki", "takahashi", "hayashi")
        settings = WebSettings(public_url="http://127.0.0.1", vapid_public_key="BPkey", secret=b"s" * 32, secure=False)
        async with following(stage.desk), served(build(stage.desk, settings)) as url:
            yield Shop(stage, url)


@pytest.fixture(params=["local", "remote"])
def door_for(request: pytest.FixtureRequest, shop: Shop) -> DoorFor:
    """A door for a person, of either kind."""

    async def local(person: str) -> Door:
        return shop.local(person)

    return local if request.param == "local" else shop.remote

"""Behind a reverse proxy: whose address counts, and who is believed."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.web.house import OURS, PAGE, form_token, house, served

GUESSER, COLLEAGUE = "203.0.113.7", "203.0.113.8"


async def guesses(address: str, forwarded: str, tries: int = 5) -> int:
    """The status of one more try, after so many from this forwarded address."""
    headers = {**PAGE, **OURS, "x-forwarded-for": forwarded}
    async with httpx.AsyncClient(base_url=address, headers=headers) as visitor:
        data = {"_token": form_token(await visitor.get("/desk/sign-in")), "login": "sato", "password": "wrong"}
        for _ in range(tries):
            await visitor.post("/desk/sign-in", data=data)
        return (await visitor.post("/desk/sign-in", data=data)).status_code


@pytest.mark.parametrize("proxies", [("127.0.0.1",), ("10.0.0.0/8", "127.0.0.0/8")], ids=["address", "network"])
async def test_behind_a_trusted_proxy_the_forwarded_address_counts(tmp_path: Path, proxies: tuple[str, ...]) -> None:
    """Who guesses waits; a colleague behind the same proxy does not. What the guesser put before it is not believed."""
    async with house(tmp_path, proxies=proxies) as desk, served(desk.app) as address:
        assert await guesses(address, GUESSER) == 429
        assert await guesses(address, COLLEAGUE, tries=0) == 401
        assert await guesses(address, f"{COLLEAGUE}, {GUESSER}", tries=0) == 429


@pytest.mark.parametrize("proxies", [(), ("10.0.0.0/8",)], ids=["none", "another"])
async def test_nobody_else_is_believed(tmp_path: Path, proxies: tuple[str, ...]) -> None:
    """Whoever is no proxy of ours guesses from the address they have, whatever their header says."""
    async with house(tmp_path, proxies=proxies) as desk, served(desk.app) as address:
        assert await guesses(address, GUESSER) == 429
        assert await guesses(address, COLLEAGUE, tries=0) == 429

"""Whatever is thrown at a door: an answer by name, never a fault of ours, and nothing half-written."""

from __future__ import annotations

from random import Random
from typing import Any

import httpx
import pytest

from core.people.model import Actor
from core.tickets.commands import ClaimTicket, CreateTicket
from tests.web.house import OURS, House, problem
from web.endpoints import Endpoint, endpoints

TEXTS = ("", "x", "x" * 300, "\0", "‮右から", "狼煙\n" * 50, "' OR 1=1 --", "{{7*7}}", "../..", "1", "sato", "-0", "🏔️")
NUMBERS = (0, 1, -1, 2, 2**31, 2**53 + 1, 2**63, -(2**64), 1e308, 0.5)
TIMES = ("2026-11-21T18:00:00+09:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-11-21", "25:00")
PLACES = ("1", "1", "1", "0", "x", "999", "9" * 40, "%00", "%E7%8B%BC")
FIELDS = ("call", "to", "reason", "level", "text", "minutes", "outcome", "language", "password", "device")
ROUNDS = 12


class Throw:
    """Throws the same things every time."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def value(self, depth: int = 2) -> Any:
        """Something that JSON can say."""
        kinds = [TEXTS, NUMBERS, TIMES, (True, False, None)]
        if depth and self._random.random() < 0.3:
            inner = [self.value(depth - 1) for _ in range(self._random.randrange(3))]
            return inner if self._random.random() < 0.5 else {self._pick(TEXTS): one for one in inner}
        return self._pick(self._pick(kinds))

    def path(self, endpoint: Endpoint) -> str:
        """The endpoint's path, with something in each of its fields."""
        path = endpoint.route.path
        for name in endpoint.in_path:
            path = path.replace(
                f"{{{name}}}", self._pick(("1", "1", "1", "0", "x", "999", "9" * 40, "%00", "%E7%8B%BC"))
            )
        return f"/api{path}"

    def fields(self, endpoint: Endpoint) -> dict[str, Any]:
        """Most fields of its body, some with what they are meant for."""
        names = endpoint.edge.__struct_encode_fields__
        return {name: self.value() for name in names if self._random.random() < 0.7}

    def headers(self) -> dict[str, str]:
        """Sometimes a key, sometimes a version."""
        return {
            "idempotency-key": self._pick(("k", "k", "ключ".encode().hex())),
            "if-match": self._pick(('"1"', "*", "x")),
        }

    def _pick(self, things: Any) -> Any:
        return things[self._random.randrange(len(things))]


async def thrown(program: httpx.AsyncClient, throw: Throw, endpoint: Endpoint) -> httpx.Response:
    """One request with rubbish in every place that takes something."""
    fields = throw.fields(endpoint)
    if endpoint.route.method == "GET":
        query = {name: str(value) for name, value in fields.items()}
        return await program.get(throw.path(endpoint), params=query, headers=throw.headers())
    return await program.request(endpoint.route.method, throw.path(endpoint), json=fields, headers=throw.headers())


@pytest.mark.parametrize("seed", range(4))
async def test_rubbish_gets_an_answer_by_name(tsubame: House, seed: int) -> None:
    """Each endpoint of the API answers random input with success or a problem document below 500."""
    sato = Actor("person", "sato")
    number = (await tsubame.did(CreateTicket("x"), sato)).ref
    await tsubame.did(ClaimTicket(int(number)), sato)
    throw = Throw(seed)
    async with await tsubame.program("sato") as program:
        for endpoint in endpoints(tsubame.desk.catalogue):
            if endpoint.name.startswith(("DELETE /api/me/sessions", "DELETE /api/me/tokens")):
                continue  # they end the token that throws
            for _ in range(ROUNDS):
                answer = await thrown(program, throw, endpoint)
                assert answer.status_code < 500, (endpoint.name, answer.request.content)
                assert answer.status_code < 300 or problem(answer)
    assert not (await tsubame.desk.verify()).broken


async def test_rubbish_at_the_pages_gets_an_answer_too(tsubame: House) -> None:
    """Forms with random fields, random bytes and random types never end in a fault of ours."""
    throw, random = Throw(9), Random(9)
    paths = sorted({route.path for route in tsubame.app.routes if route.path.startswith("/desk")})
    async with await tsubame.browser("sato") as browser:
        for path in paths:
            if path in ("/desk/live", "/desk/sign-out") or path.endswith("/closure"):
                continue
            at = path
            while "{" in at:
                start, _, rest = at.partition("{")
                at = start + throw._pick(("1", "0", "x", "acceptance", "claim")) + rest.partition("}")[2]
            for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"):
                headers = {**OURS, "x-noroshi": "1", "content-type": kind}
                answer = await browser.post(at, content=random.randbytes(200), headers=headers)
                assert answer.status_code < 500, (at, kind)
            data = {
                name: str(throw.value()) for name in ("call", "to", "reason", "level", "text", "minutes", "outcome")
            }
            assert (await browser.post(at, data=data, headers={"x-noroshi": "1"})).status_code < 500, (at, data)
            assert (await browser.get(at, params=data)).status_code < 500, (at, data)

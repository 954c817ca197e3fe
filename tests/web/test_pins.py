"""A shared terminal knows who sits there by their PIN."""

from __future__ import annotations

import pytest

from core.engine.outcome import Refusal
from core.engine.ports import HOUR
from core.people.model import NOBODY
from core.people.records import save_persons
from core.people.secrets import hash_secret, make_secret
from core.people.terminals.codes import check_pin
from core.people.terminals.commands import SwitchPerson
from tests.web.house import House, form_token, found, problem
from tests.web.terminals import PIN, shared, sits, works


async def test_a_shared_terminal_switches_by_pin(tsubame: House) -> None:
    """One person at a time, for a shift at most; locked, nobody; its key by itself shows nothing."""
    key = await shared(tsubame)
    first = (await sits(tsubame, key, "sato", "２８０９１４")).json()
    assert (first["person"], await works(tsubame, first["token"])) == ("sato", "sato")
    second = (await sits(tsubame, key, "mori@tsubame.example")).json()
    assert (await works(tsubame, first["token"]), await works(tsubame, second["token"])) == (None, "mori")
    assert await works(tsubame, key) is None
    async with tsubame.visitor(authorization=f"Bearer {key}") as terminal:
        assert (await terminal.post("/api/terminal/lock")).status_code == 204
        assert (await terminal.post("/api/terminal/lock")).status_code == 204
    assert await works(tsubame, second["token"]) is None
    third = (await sits(tsubame, key, "mori")).json()
    tsubame.clock.time += 12 * HOUR
    assert await works(tsubame, third["token"]) is None


async def test_a_pin_opens_nothing_elsewhere(tsubame: House) -> None:
    """Without the key of a shared terminal there is no PIN to try; a person's token is no such key."""
    await shared(tsubame)
    token = (await tsubame.token("sato"))["authorization"].removeprefix("Bearer ")
    for key in (token, make_secret()):
        assert problem(await sits(tsubame, key, "sato")) == (401, "unauthenticated")
    async with tsubame.visitor() as visitor:
        for path in ("/api/terminal/person", "/api/terminal/lock"):
            assert problem(await visitor.post(path, json={"person": "sato", "pin": PIN})) == (401, "unauthenticated")


async def test_a_pin_cannot_be_tried_out(tsubame: House) -> None:
    """Five wrong ones, then ever longer waits, counted in the database; a right one in time clears the count."""
    key = await shared(tsubame)
    for _ in range(4):
        assert problem(await sits(tsubame, key, "sato", "000001")) == (401, "unauthenticated")
    assert (await sits(tsubame, key, "sato")).status_code == 200
    for _ in range(5):
        assert problem(await sits(tsubame, key, "sato", "000001")) == (401, "unauthenticated")
    tsubame.app.state.gate.throttle._buckets.clear()  # as after a restart
    late = await sits(tsubame, key, "sato")
    assert (problem(late), late.headers["retry-after"]) == ((429, "too_many"), "1")
    assert (await sits(tsubame, key, "mori")).status_code == 200
    tsubame.clock.time += 1_000
    assert problem(await sits(tsubame, key, "sato", "000001")) == (401, "unauthenticated")
    tsubame.clock.time += 1_000
    tsubame.app.state.gate.throttle._buckets.clear()
    assert problem(await sits(tsubame, key, "sato")) == (429, "too_many")
    tsubame.clock.time += 1_000
    assert (await sits(tsubame, key, "sato")).status_code == 200


async def test_unknown_people_and_wrong_pins_read_alike(tsubame: House) -> None:
    """Whoever guesses at a shared terminal learns neither who works here nor who has a PIN."""
    key = await shared(tsubame)
    answers = [await sits(tsubame, key, who, "000001") for who in ("sato", "nobody", "kato")]
    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}


async def test_a_terminal_that_is_removed_opens_nothing(tsubame: House) -> None:
    """Listed for who orders the shifts; removed, its key and whoever sits there are out at once."""
    key = await shared(tsubame)
    seated = (await sits(tsubame, key, "sato")).json()
    async with await tsubame.program("sato") as program:
        assert problem(await program.get("/api/terminals")) == (403, "not_allowed")
        assert problem(await program.delete("/api/terminals/1")) == (404, "unknown")
    async with await tsubame.program("boss") as program:
        listed = (await program.get("/api/terminals")).json()["items"]
        assert [(one["label"], one["registered_by"]) for one in listed] == [("floor-2", "boss")]
        assert (await program.delete(f"/api/terminals/{listed[0]['id']}")).status_code == 204
        assert (await program.get("/api/terminals")).json() == {"items": []}
    assert await works(tsubame, seated["token"]) is None
    assert problem(await sits(tsubame, key, "sato")) == (401, "unauthenticated")


async def test_a_pin_can_be_given_up(tsubame: House) -> None:
    """With nothing typed there is none any more; who leaves the desk has none either, and neither sits down again."""
    key = await shared(tsubame)
    async with await tsubame.browser("sato") as browser:
        token = form_token(await browser.get("/desk/terminal"))
        assert (await browser.post("/desk/terminal/pin", data={"_token": token, "pin": ""})).status_code == 303
        answer = await browser.post("/desk/terminal/pin", data={"_token": token, "pin": "123456"})
        assert answer.status_code == 422
    assert problem(await sits(tsubame, key, "sato")) == (401, "unauthenticated")
    await tsubame.desk.store.write(lambda tx: save_persons(tx, []))
    refused = await tsubame.desk.handle(SwitchPerson(hash_secret(key), "mori", b"x" * 32), NOBODY)
    assert isinstance(refused, Refusal)
    await tsubame.desk.store.write(found)
    assert problem(await sits(tsubame, key, "mori")) == (401, "unauthenticated")


@pytest.mark.parametrize("pin", ["", "12345", "1" * 13, "111111", "123456", "987654", "890123", "abcdef", "12345x"])
def test_a_pin_that_anybody_would_try_first_is_refused(pin: str) -> None:
    """Too short, too long, all the same, in a row, or no digits."""
    assert check_pin(pin) is not None
    assert check_pin("280914") is None

"""The same key twice is one act."""

from __future__ import annotations

from tests.web.house import House, problem

KEY = {"idempotency-key": "8b7c1f0e"}


async def test_the_same_request_twice_makes_one_ticket(tsubame: House) -> None:
    """The second answer is the first one; spaces in the JSON make no difference."""
    async with await tsubame.program("sato") as program:
        one = await program.post("/api/tickets", content=b'{"subject":"x"}', headers=KEY)
        two = await program.post("/api/tickets", content=b'{ "subject": "x" }', headers=KEY)
        assert (one.status_code, two.status_code) == (201, 201)
        assert one.json() == two.json()
        assert len((await program.get("/api/tickets")).json()["items"]) == 1


async def test_the_answer_is_rendered_anew(tsubame: House) -> None:
    """A repeated request shows the ticket as it is now."""
    async with await tsubame.program("sato") as program:
        number = (await program.post("/api/tickets", json={"subject": "x"}, headers=KEY)).json()["number"]
        await program.post(f"/api/tickets/{number}/claim")
        again = await program.post("/api/tickets", json={"subject": "x"}, headers=KEY)
        assert (again.json()["number"], again.json()["holder"]) == (number, "sato")


async def test_a_key_with_another_body_is_a_conflict(tsubame: House) -> None:
    """Also where the difference stands in the path."""
    async with await tsubame.program("sato") as program:
        first = (await program.post("/api/tickets", json={"subject": "x"}, headers=KEY)).json()["number"]
        answer = await program.post("/api/tickets", json={"subject": "y"}, headers=KEY)
        assert problem(answer) == (409, "conflict")
        second = (await program.post("/api/tickets", json={"subject": "y"})).json()["number"]
        assert (await program.post(f"/api/tickets/{first}/claim", headers=KEY)).status_code == 200
        assert problem(await program.post(f"/api/tickets/{second}/claim", headers=KEY)) == (409, "conflict")


async def test_a_key_belongs_to_one_person(tsubame: House) -> None:
    """Somebody else with the same key and body does something of their own."""
    async with await tsubame.program("sato") as sato, await tsubame.program("mori") as mori:
        one = await sato.post("/api/tickets", json={"subject": "x"}, headers=KEY)
        two = await mori.post("/api/tickets", json={"subject": "x"}, headers=KEY)
        assert one.json()["number"] != two.json()["number"]


async def test_refusals_are_remembered_too(tsubame: House) -> None:
    """What was refused stays refused under its key, though it would go now."""
    async with await tsubame.program("sato") as sato, await tsubame.program("mori") as mori:
        number = (await sato.post("/api/tickets", json={"subject": "x"})).json()["number"]
        await sato.post(f"/api/tickets/{number}/claim")
        assert problem(await mori.post(f"/api/tickets/{number}/claim", headers=KEY)) == (409, "taken")
        await sato.post(f"/api/tickets/{number}/release", json={"to": "mori"})
        assert problem(await mori.post(f"/api/tickets/{number}/claim", headers=KEY)) == (409, "taken")
        assert (await mori.post(f"/api/tickets/{number}/claim")).json()["holder"] == "mori"


async def test_a_strange_key_is_refused(tsubame: House) -> None:
    """Empty, long and invisible keys are named as the wrong field."""
    async with await tsubame.program("sato") as program:
        for key in ("", " ", "x" * 201, "a b", "\x7f"):
            answer = await program.post("/api/tickets", json={"subject": "x"}, headers={"idempotency-key": key})
            assert (problem(answer), answer.json()["field"]) == ((422, "invalid"), "Idempotency-Key")

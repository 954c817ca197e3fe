"""The JSON API on the real desk: what enters, what leaves, and each way to be refused."""

from __future__ import annotations

from typing import Any

import httpx

from core.people.model import Actor
from core.tickets.commands import RestrictTicket
from tests.web.house import House, problem


async def new_ticket(program: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    """A ticket as the API shows it."""
    answer = await program.post("/api/tickets", json={"subject": "商品が届かない", **fields})
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_ticket_comes_back_as_it_was_given(tsubame: House) -> None:
    """201 with every field of the contract; times with an offset; the version as ETag."""
    customer = {"name": "山田", "email": "yamada@shop.example", "phone": None}
    async with await tsubame.program("sato") as program:
        shown = await new_ticket(program, body="三日待った", severity="high", tags=["配送"], customer=customer)
        again = await program.get(f"/api/tickets/{shown['number']}")
    assert again.json() == shown
    assert again.headers["etag"] == f'"{shown["version"]}"'
    assert shown["created_at"] == "2026-11-21T05:32:00.000+00:00"
    assert shown["customer"] == customer
    assert (shown["subject"], shown["severity"], shown["tags"], shown["team"], shown["status"]) == (
        "商品が届かない", "high", ["配送"], "support", "new",
    )  # fmt: skip
    assert (shown["holder"], shown["escalations"]) == (None, [])


async def test_a_wrong_field_is_named(tsubame: House) -> None:
    """422 with the field, however deep it stands, in a problem document."""
    wrong: list[tuple[dict[str, Any], str]] = [
        ({}, "subject"),
        ({"subject": ""}, "subject"),
        ({"subject": 7}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"subject": "x", "severity": "urgent"}, "severity"),
        ({"subject": "x", "colour": "red"}, "colour"),
        ({"subject": "x", "customer": {"name": 7}}, "customer.name"),
        ({"subject": "x", "customer": {"nickname": "y"}}, "customer.nickname"),
        ({"subject": "x", "tags": ["a", ""]}, "tags[1]"),
    ]
    async with await tsubame.program("sato") as program:
        for body, field in wrong:
            answer = await program.post("/api/tickets", json=body)
            assert problem(answer) == (422, "invalid")
            assert answer.json()["field"] == field


async def test_what_is_no_json_is_refused(tsubame: House) -> None:
    """Broken, foreign and nested bodies are the sender's fault and store nothing."""
    bodies = [b"{", b"[]", b"null", b"\xff", b'{"subject": "\xff"}', b"[" * 30_000, b'{"a":' * 10_000]
    async with await tsubame.program("sato") as program:
        for body in bodies:
            assert problem(await program.post("/api/tickets", content=body)) == (422, "invalid"), body[:20]
        assert (await program.get("/api/tickets")).json()["items"] == []


async def test_unknown_places_and_methods_are_problems(tsubame: House) -> None:
    """404 for a route that is none, 405 with the allowed methods for one that has no such method."""
    async with await tsubame.program("sato") as program:
        assert problem(await program.get("/api/nothing")) == (404, "unknown")
        answer = await program.delete("/api/tickets")
        assert problem(answer) == (405, "method_not_allowed")
        assert {"GET", "POST"} <= {method.strip() for method in answer.headers["allow"].split(",")}


async def test_who_may_not_see_it_reads_the_same_as_for_no_ticket(tsubame: House) -> None:
    """Another team's, a restricted, an unknown and an impossible number all answer alike, to every method."""
    async with await tsubame.program("sato") as sato, await tsubame.program("kato") as kato:
        number = (await new_ticket(sato))["number"]
        restricted = (await new_ticket(sato))["number"]
        await sato.post(f"/api/tickets/{restricted}/claim")
        await tsubame.did(RestrictTicket(restricted, persons=("sato",)), Actor("person", "sato"))
        asked = [(kato, number), (kato, restricted), (kato, 999), (kato, "x"), (kato, "9" * 30), (kato, "-1")]
        async with await tsubame.program("mori") as mori:
            asked += [(mori, restricted), (mori, 999)]
            answers = {await refused(program, n, method) for program, n in asked for method in ("GET", "POST", "PATCH")}
    assert len(answers) == 1


async def refused(program: httpx.AsyncClient, number: int | str, method: str) -> str:
    """What one is told, without what every request has of its own."""
    path = f"/api/tickets/{number}" + ("/claim" if method == "POST" else "")
    answer = await program.request(method, path, headers={"if-match": '"1"'}, json={} if method != "GET" else None)
    assert problem(answer) == (404, "unknown")
    return answer.text


async def test_an_edit_names_the_version_it_means(tsubame: House) -> None:
    """PATCH needs If-Match: missing is 428, another version 412, the one of the ETag is taken and makes a new one."""
    async with await tsubame.program("sato") as program:
        shown = await new_ticket(program)
        path, current = f"/api/tickets/{shown['number']}", f'"{shown["version"]}"'
        edit = {"subject": "届いた", "tags": ["済"]}
        assert problem(await program.patch(path, json=edit)) == (428, "precondition_required")
        for other in ('"999"', "*", "7", 'W/"1"', '"x"', ""):
            answer = await program.patch(path, json=edit, headers={"if-match": other})
            assert problem(answer) == (412, "precondition_failed"), other
        assert (await program.get(path)).json() == shown
        edited = await program.patch(path, json=edit, headers={"if-match": current})
        assert edited.status_code == 200, edited.text
        assert (edited.json()["subject"], edited.json()["tags"]) == ("届いた", ["済"])
        assert edited.headers["etag"] != current
        assert problem(await program.patch(path, json=edit, headers={"if-match": current}))[0] == 412


async def test_a_refusal_says_who_has_it_and_since_when(tsubame: House) -> None:
    """409 `taken` carries the holder and the time, and a sentence in the reader's language."""
    async with await tsubame.program("sato") as sato, await tsubame.program("mori") as mori:
        number = (await new_ticket(sato))["number"]
        assert (await sato.post(f"/api/tickets/{number}/claim")).json()["holder"] == "sato"
        answer = await mori.post(f"/api/tickets/{number}/claim")
    assert problem(answer) == (409, "taken")
    told = answer.json()
    assert (told["holder"], told["since"]) == ("sato", "2026-11-21T05:32:00.000+00:00")
    assert answer.headers["content-language"] == "en"
    assert "Sato" in told["detail"]


async def test_times_enter_with_an_offset_or_not_at_all(tsubame: House) -> None:
    """A wait ends when its ISO time says, wherever the sender lives; a time without an offset is refused."""
    async with await tsubame.program("sato") as program:
        number = (await new_ticket(program))["number"]
        await program.post(f"/api/tickets/{number}/claim")
        path = f"/api/tickets/{number}/waiting"
        for wrong in ("2026-11-21T18:00:00", "tomorrow", 1_795_251_600_000, None):
            answer = await program.post(path, json={"until": wrong})
            assert (problem(answer), answer.json()["field"]) == ((422, "invalid"), "until")
        answer = await program.post(path, json={"until": "2026-11-21T18:00:00+09:00", "on": "outside"})
        assert answer.json()["wake_at"] == "2026-11-21T09:00:00.000+00:00"


async def test_pages_of_a_list_follow_each_other(tsubame: House) -> None:
    """A cursor leads on without a gap or a repeat, and the last page has none."""
    async with await tsubame.program("sato") as program:
        numbers = {(await new_ticket(program))["number"] for _ in range(5)}
        seen: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            page = (await program.get("/api/tickets", params={"tab": "new", "limit": 2, "cursor": cursor})).json()
            seen += [item["number"] for item in page["items"]]
            cursor = page["next"]
        assert sorted(seen) == sorted(numbers)


async def test_a_cursor_tells_nothing_and_fits_nobody_else(tsubame: House) -> None:
    """It differs each time, is no number in disguise, and is refused from another person or another list."""
    async with await tsubame.program("sato") as sato, await tsubame.program("mori") as mori:
        for _ in range(3):
            await new_ticket(sato)
        first, second = [(await sato.get("/api/tickets?limit=1")).json()["next"] for _ in range(2)]
        assert first != second
        assert len(first) == len(second)
        for program, path in ((mori, "/api/tickets"), (sato, "/api/escalations")):
            answer = await program.get(path, params={"cursor": first})
            assert (problem(answer), answer.json()["field"]) == ((422, "invalid"), "cursor")
        for wrong in ("x", first[:-4] + "AAAA", "é", "A" * 5_000):
            assert problem(await sato.get("/api/tickets", params={"cursor": wrong}))[1] == "invalid"


async def test_a_query_string_is_checked_like_a_body(tsubame: House) -> None:
    """Empty parameters count as absent; unknown and wrong ones are named."""
    async with await tsubame.program("sato") as program:
        assert (await program.get("/api/tickets?tab=mine&q=&limit=&cursor=")).status_code == 200
        assert (await program.get("/api/escalations?state=&for=me")).status_code == 200
        for query, field in (("tab=all", "tab"), ("limit=0", "limit"), ("limit=x", "limit"), ("colour=red", "colour")):
            answer = await program.get(f"/api/tickets?{query}")
            assert (problem(answer), answer.json()["field"]) == ((422, "invalid"), field)

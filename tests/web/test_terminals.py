"""A terminal is let in by a short code and a person's yes; a shared one knows who sits there by their PIN."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from core.engine.outcome import Refusal
from core.engine.ports import DAY, HOUR, MINUTE
from core.engine.store.sql import Statement
from core.people.commands import CloseSessions
from core.people.model import NOBODY, Actor
from core.people.records import save_persons
from core.people.secrets import hash_secret, make_secret
from core.people.terminals import sign_in
from core.people.terminals.codes import LETTERS, check_pin, hash_code, make_code, read_code, shown_code
from core.people.terminals.commands import AskSignIn, ConfirmSignIn, SetPin, SwitchPerson
from tests.web.house import House, form_token, found, problem

PIN = "280914"


async def asks(tsubame: House, name: str = "floor-2", **headers: str) -> dict[str, Any]:
    """A terminal asks to be let in: what it is told."""
    async with tsubame.visitor(**headers) as terminal:
        answer = await terminal.post("/api/sign-ins", json={"name": name})
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def state(tsubame: House, secret: str) -> tuple[int, str]:
    """How far it is: status, and the state or the code of the problem."""
    async with tsubame.visitor() as terminal:
        answer = await terminal.post("/api/sign-ins/state", json={"secret": secret})
    return answer.status_code, answer.json().get("state") or answer.json()["code"]


async def works(tsubame: House, secret: str) -> str | None:
    """Whose token this is."""
    async with tsubame.visitor(authorization=f"Bearer {secret}") as program:
        answer = await program.get("/api/me")
    return answer.json()["id"] if answer.status_code == 200 else None


async def says(tsubame: House, who: str, code: str, answer: str) -> httpx.Response:
    """A person looks at the code in the browser, and answers."""
    async with await tsubame.browser(who) as browser:
        shown = await browser.get("/desk/terminal", params={"code": code})
        if shown.status_code != 200:
            return shown
        assert shown_code(read_code(code) or "") in shown.text
        data = {"_token": form_token(shown), "code": code, "answer": answer}
        return await browser.post("/desk/terminal", data=data)


async def test_a_terminal_is_let_in_by_its_code(tsubame: House) -> None:
    """It shows the code, a person says yes in the browser, and its own secret is the token from then on."""
    told = await asks(tsubame)
    assert re.fullmatch(rf"[{LETTERS}]{{4}}-[{LETTERS}]{{4}}", told["code"])
    assert (told["page"], told["interval"]) == (f"{tsubame.origin}/desk/terminal", 5)
    assert told["page_with_code"] == f"{told['page']}?code={told['code']}"
    assert await state(tsubame, told["secret"]) == (200, "waiting")
    assert await works(tsubame, told["secret"]) is None
    answer = await says(tsubame, "sato", told["code"].lower().replace("-", " "), "yes")
    assert answer.status_code == 200
    assert await state(tsubame, told["secret"]) == (200, "confirmed")
    assert await works(tsubame, told["secret"]) == "sato"
    tsubame.clock.time += 30 * DAY
    assert await works(tsubame, told["secret"]) is None


async def test_a_code_is_good_for_one_answer(tsubame: House) -> None:
    """Once confirmed or refused, nothing asks under it any more; a second yes makes no second token."""
    for answer, comes_to in (("yes", "confirmed"), ("no", "refused")):
        told = await asks(tsubame)
        assert (await says(tsubame, "sato", told["code"], answer)).status_code == 200
        assert (await says(tsubame, "mori", told["code"], "yes")).status_code == 404
        assert await state(tsubame, told["secret"]) == (200, comes_to)
        assert await works(tsubame, told["secret"]) == ("sato" if answer == "yes" else None)


async def test_a_sign_in_is_over_after_ten_minutes(tsubame: House) -> None:
    """Then neither the code nor the secret mean anything, and both answer like ones that never were."""
    told, later = await asks(tsubame), await asks(tsubame)
    tsubame.clock.time += 10 * MINUTE - 1
    assert (await says(tsubame, "sato", later["code"], "yes")).status_code == 200
    tsubame.clock.time += 1
    assert (await says(tsubame, "sato", told["code"], "yes")).status_code == 404
    assert await state(tsubame, told["secret"]) == await state(tsubame, make_secret()) == (404, "unknown")
    assert await works(tsubame, later["secret"]) == "sato"


async def test_what_asks_is_shown_before_the_yes(tsubame: House) -> None:
    """The page says what the terminal calls itself, as text, and when; who is not signed in does that first."""
    told = await asks(tsubame, name="<b>floor</b> 二階")
    async with await tsubame.browser("sato") as browser:
        shown = await browser.get(told["page_with_code"])
    assert "&lt;b&gt;floor&lt;/b&gt; 二階" in shown.text
    assert "14:32" in shown.text
    assert "shared" not in shown.text.lower().replace("data-", "")
    async with tsubame.visitor(accept="text/html") as visitor:
        assert (await visitor.get("/desk/terminal")).headers["location"].startswith("/desk/sign-in?next=")


async def test_codes_cannot_be_tried_out(tsubame: House) -> None:
    """After ten that nothing asks under, a person waits, also with the right one; the right one costs no try."""
    told = await asks(tsubame)
    async with await tsubame.browser("sato") as browser:
        for _ in range(20):
            assert (await browser.get("/desk/terminal", params={"code": told["code"]})).status_code == 200
        for _ in range(10):
            assert (await browser.get("/desk/terminal", params={"code": make_code()})).status_code == 404
        assert (await browser.get("/desk/terminal", params={"code": told["code"]})).status_code == 429
        tsubame.clock.time += 2_000
        assert (await browser.get("/desk/terminal", params={"code": told["code"]})).status_code == 200


async def test_asking_has_an_end(tsubame: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One address waits after many, and the desk keeps only so many waiting at all; old ones make room."""
    for _ in range(60):
        await asks(tsubame)
    async with tsubame.visitor() as terminal:
        answer = await terminal.post("/api/sign-ins", json={})
        assert problem(answer) == (429, "too_many")
        assert int(answer.headers["retry-after"]) >= 1
        monkeypatch.setattr(sign_in, "MOST_WAITING", 60)
        tsubame.clock.time += 5 * MINUTE
        assert problem(await terminal.post("/api/sign-ins", json={})) == (429, "too_many")
        tsubame.clock.time += 5 * MINUTE
        assert (await terminal.post("/api/sign-ins", json={})).status_code == 201


async def test_no_secret_is_stored(tsubame: House) -> None:
    """The database holds hashes only; the code's is keyed, so it cannot be tried out from a copy."""
    told = await asks(tsubame)

    everything = Statement("everything", "SELECT * FROM sign_in")
    held = [cell for row in await tsubame.desk.store.read(lambda tx: tx.all(everything)) for cell in row]
    assert hash_secret(told["secret"]) in held
    code = read_code(told["code"])
    assert code is not None
    assert hash_code(b"", code) not in held
    assert not any(text in str(held) for text in (told["secret"], told["code"], code))


async def test_who_may_share_a_terminal(tsubame: House) -> None:
    """Only who orders the shifts; an operator is not offered it, and is refused."""
    told = await asks(tsubame)
    answer = await says(tsubame, "sato", told["code"], "shared")
    assert answer.status_code == 404
    assert await state(tsubame, told["secret"]) == (200, "waiting")
    assert (await says(tsubame, "boss", told["code"], "shared")).status_code == 200
    assert await state(tsubame, told["secret"]) == (200, "shared")
    assert await works(tsubame, told["secret"]) is None


async def shared(tsubame: House) -> str:
    """The key of a shared terminal; sato and mori have PINs."""
    told = await asks(tsubame)
    assert (await says(tsubame, "boss", told["code"], "shared")).status_code == 200
    for who in ("sato", "mori"):
        async with await tsubame.browser(who) as browser:
            token = form_token(await browser.get("/desk/terminal"))
            answer = await browser.post("/desk/terminal/pin", data={"_token": token, "pin": PIN})
            assert answer.status_code == 303
    return str(told["secret"])


async def sits(tsubame: House, key: str, who: str, pin: str = PIN) -> httpx.Response:
    """Somebody sits down at the terminal with this key."""
    async with tsubame.visitor(authorization=f"Bearer {key}") as terminal:
        return await terminal.post("/api/terminal/person", json={"person": who, "pin": pin})


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


async def test_signing_out_everywhere_is_about_browsers(tsubame: House) -> None:
    """A lost phone does not throw a shift off its terminal."""
    key = await shared(tsubame)
    seated = (await sits(tsubame, key, "sato")).json()
    await tsubame.did(CloseSessions(), Actor("person", "sato"))
    assert await works(tsubame, seated["token"]) == "sato"


async def test_only_somebody_who_works_here_lets_in(tsubame: House) -> None:
    """Nobody, the console and who has left confirm nothing; a hash that is none is no PIN."""
    secret, code = b"s" * 32, b"c" * 32
    await tsubame.did(AskSignIn(secret, code), NOBODY)
    for actor in (NOBODY, Actor("console"), Actor("person", "ghost")):
        assert isinstance(await tsubame.desk.handle(ConfirmSignIn(code), actor), Refusal)
    refused = await tsubame.desk.handle(SetPin("280914"), Actor("person", "sato"))
    assert isinstance(refused, Refusal)
    assert isinstance(await tsubame.desk.handle(AskSignIn(b"t" * 32, code), NOBODY), Refusal)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("bcdf-ghjk", "BCDFGHJK"),
        (" BCDF GHJK ", "BCDFGHJK"),
        ("ｂｃｄｆ－ｇｈｊｋ", "BCDFGHJK"),
        ("BCDFGHJ", None),
        ("BCDFGHJA", None),
        ("", None),
        ("B" * 400, None),
    ],
)
def test_codes_are_read_as_people_type_them(typed: str, read: str | None) -> None:
    """Case, dash, blanks and width make no difference; anything else is no code."""
    assert read_code(typed) == read


@pytest.mark.parametrize("pin", ["", "12345", "1" * 13, "111111", "123456", "987654", "890123", "abcdef", "12345x"])
def test_a_pin_that_anybody_would_try_first_is_refused(pin: str) -> None:
    """Too short, too long, all the same, in a row, or no digits."""
    assert check_pin(pin) is not None
    assert check_pin("280914") is None

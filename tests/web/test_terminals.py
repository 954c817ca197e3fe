"""A terminal is let in by a short code and a person's yes."""

from __future__ import annotations

import re

import pytest

from core.engine.outcome import Refusal
from core.engine.ports import DAY, MINUTE
from core.engine.store.sql import Statement
from core.people.commands import CloseSessions
from core.people.model import NOBODY, Actor
from core.people.secrets import hash_secret, make_secret
from core.people.terminals import sign_in
from core.people.terminals.codes import LETTERS, hash_code, make_code, read_code
from core.people.terminals.commands import AskSignIn, ConfirmSignIn, SetPin
from tests.web.house import House, problem
from tests.web.terminals import asks, says, shared, sits, state, works


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

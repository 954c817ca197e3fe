"""Receipts and health; and faults that are nobody's wish."""

from __future__ import annotations

import errno
from typing import Any, NoReturn

import pytest
from structlog.testing import capture_logs

from core.engine.outcome import STATUS, Refusal
from core.engine.ports import NotStored
from tests.web.house import PAGE, House, problem
from web.problems import document, of_refusal


async def test_every_receipt_is_answered_alike(tsubame: House) -> None:
    """Known or not, well said or not: 204 without a word; only what is too large is refused."""
    bodies: list[bytes] = [b'{"state":"shown"}', b'{"state":"opened"}', b'{"state":"lost"}', b"{", b"", b"\xff", b"[]"]
    async with tsubame.visitor() as device:
        for body in bodies:
            for receipt in ("unknown", "x" * 500):
                answer = await device.post(f"/receipts/{receipt}", content=body)
                assert (answer.status_code, answer.content) == (204, b"")
        assert problem(await device.post("/receipts/r", content=b"x" * 2_000)) == (413, "too_large")
        assert problem(await device.get("/receipts/r")) == (405, "method_not_allowed")


async def test_a_receipt_reaches_the_engine(tsubame: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a device says is handed on, once for each time it says so."""
    heard = []

    async def receipt(self: Any, receipt: str, state: str) -> bool:
        heard.append((receipt, state))
        return True

    monkeypatch.setattr(type(tsubame.desk), "receipt", receipt)
    async with tsubame.visitor() as device:
        await device.post("/receipts/abc", json={"state": "shown"})
        await device.post("/receipts/abc", json={"state": "opened"})
    assert heard == [("abc", "shown"), ("abc", "opened")]


async def test_health_tells_process_and_engine_apart(tsubame: House) -> None:
    """The process lives; without an engine that beats nobody is called, and readyz says so."""
    async with tsubame.visitor() as probe:
        assert (await probe.get("/healthz")).json() == {"status": "ok"}
        answer = await probe.get("/readyz")
        assert (answer.status_code, answer.json()) == (503, {"status": "engine_stopped"})


async def test_the_front_leads_to_the_desk(tsubame: House) -> None:
    """`/` goes on to `/desk/`."""
    async with tsubame.visitor() as visitor:
        assert (await visitor.get("/")).headers["location"] == "/desk/"


async def test_the_push_key_is_open(tsubame: House) -> None:
    """A browser reads it before anybody is signed in."""
    async with tsubame.visitor() as visitor:
        assert (await visitor.get("/api/push-key")).json() == {"key": "BPkey"}


@pytest.mark.parametrize("code", STATUS)
async def test_each_refusal_becomes_its_problem(code: Any) -> None:
    """Status by the one table, words in both languages, and only the members of the contract."""
    values = {"holder": "sato", "authority": "mori", "since": 0, "id": "7", "level": 3}
    told = [document(of_refusal(Refusal(code, values=values), "…"), language) for language in ("ja", "en")]
    assert told[0]["status"] == STATUS[code]
    assert told[0]["title"] != told[1]["title"]
    assert told[0]["since"] == "1970-01-01T00:00:00.000+00:00"
    assert told[0].keys() == {
        "type", "title", "status", "detail", "code", "holder", "authority", "since", "id",
    }  # fmt: skip


async def broken(fault: Exception, tsubame: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every command fails like this."""

    async def write(*_: Any) -> NoReturn:
        raise fault

    monkeypatch.setattr(type(tsubame.desk.store), "write", write)


async def test_a_full_disk_is_said_and_may_be_tried_again(tsubame: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After: nothing was stored."""
    async with await tsubame.program("sato") as program:
        await program.get("/api/tickets")
        await broken(NotStored(OSError(errno.ENOSPC, "full")), tsubame, monkeypatch)
        answer = await program.post("/api/tickets", json={"subject": "x"})
    assert problem(answer) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"


async def test_a_fault_of_ours_tells_no_secrets(tsubame: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """500 as a problem; neither answer nor log holds what the exception quoted."""
    async with await tsubame.program("sato") as program:
        await program.get("/api/tickets")
        await broken(ValueError("山田様 090-1234-5678"), tsubame, monkeypatch)
        with capture_logs() as lines:
            answer = await program.post("/api/tickets", json={"subject": "x"})
    assert problem(answer) == (500, "internal")
    assert "山田" not in answer.text + str(lines)
    assert [line["type"] for line in lines if line["event"] == "fault"] == ["ValueError"]


async def test_a_person_reads_a_page_and_a_script_a_document(tsubame: House) -> None:
    """The same fault under /desk, as each of them can read it."""
    async with tsubame.visitor(**PAGE) as visitor:
        page = await visitor.get("/desk/nowhere")
        assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
        assert problem(await visitor.get("/desk/nowhere", headers={"hx-request": "true"})) == (404, "unknown")

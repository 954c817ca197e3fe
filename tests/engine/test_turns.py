"""Whose turn it is when many notices wait, and that nobody's broken wire takes the turn of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from core.engine.catalogue import NoticeRow, Outgoing
from core.engine.ports import HOUR, MINUTE, Message, Millis, Params, Reader, Retry, Sent, Transaction
from core.engine.store.sql import Statement
from core.engine.turns import LANES_PART, PERSONS_PART
from tests.engine.bench import OUTGOING as ROWS
from tests.engine.bench import Bench
from tests.engine.toy import START, Tell, message

FULL = 10_000


async def first_out(bench: Bench, count: int) -> list[str]:
    """For whom the next so many leave, in this order."""
    before, bench.push.room = len(bench.push.sent), count
    dispatcher = bench.another()
    await dispatcher.step()
    await dispatcher.land()
    return [one.recipient for one in bench.push.sent[before:]]


async def test_the_first_of_a_team_goes_before_the_fifth_of_another(bench: Bench) -> None:
    """Twelve wait for one team, then one for each of two others: each team's first are the first three."""
    for box in range(12):
        await bench.did(Tell(box, recipient=f"a{box:02}", fair="a"))
    await bench.did(Tell(20, recipient="b", fair="b"))
    await bench.did(Tell(21, recipient="c", fair="c"))
    assert await first_out(bench, 8) == ["a00", "b", "c", "a01", "a02", "a03", "a04", "a05"]


async def test_then_whoever_was_sent_to_least_recently(bench: Bench) -> None:
    """Who has just had a turn waits for the others of the team, though theirs came later."""
    for box in range(3):
        await bench.did(Tell(box, recipient="sato", fair="a"))
    await bench.did(Tell(3, recipient="ito", fair="a"))
    bench.push.room = 4
    await bench.dispatcher.step()
    await bench.dispatcher.land()
    assert [one.recipient for one in bench.push.sent] == ["ito", "sato"]
    await bench.did(Tell(4, recipient="suzuki", fair="a"))
    await bench.dispatcher.step()
    await bench.dispatcher.land()
    assert [one.recipient for one in bench.push.sent][2:] == ["suzuki", "sato"]


async def test_a_person_hears_the_oldest_first(bench: Bench) -> None:
    """Within a person's own queue nothing overtakes."""
    for box in range(5):
        await bench.did(Tell(box, fair="a"))
    await bench.deliver()
    assert [one.tag for one in bench.push.sent] == [f"box-{box}" for box in range(5)]


async def test_calls_go_before_tellings(bench: Bench) -> None:
    """What is of no line waits until every line has had its turns."""
    for box in range(6):
        await bench.did(Tell(box, recipient=f"told{box}"))
    for box in range(6, 10):
        await bench.did(Tell(box, recipient=f"called{box}", fair="a"))
    assert await first_out(bench, 6) == ["called6", "called7", "called8", "called9", "told0", "told1"]


async def test_a_hanging_wire_of_one_person_leaves_room_for_all_others(bench: Bench) -> None:
    """However much waits for them first, they have a quarter of the room; what others get leaves at once."""
    bench.push.open.clear()
    bench.push.room = 16
    for box in range(100):
        await bench.did(Tell(box, recipient="sato", fair="a"))
    for box in range(100, 110):
        await bench.did(Tell(box, recipient=f"person {box}", fair="a"))
    assert await bench.dispatcher.step() == 16 // PERSONS_PART + 10
    await bench.push.arrivals.wait(14)
    assert [one.recipient for one in bench.push.sent].count("sato") == 4
    bench.push.open.set()
    await bench.dispatcher.land()


async def test_who_had_to_be_tried_again_is_tried_alone(bench: Bench) -> None:
    """After a passing fault one message at a time goes there, until one arrives."""
    bench.push.room = 16
    for box in range(10):
        await bench.did(Tell(box, expires_at=START + 9 * HOUR))
    claimed = []
    for outcome in (Retry(HOUR), Retry(HOUR), Sent(), Sent()):
        bench.push.answer = lambda message, outcome=outcome: outcome  # type: ignore[misc]
        claimed.append(await bench.dispatcher.step())
        await bench.dispatcher.land()
    assert claimed == [4, 1, 1, 4]


async def test_a_host_that_hangs_leaves_half_of_the_room(bench: Bench) -> None:
    """A hundred people of one push service do not stand in the way of the two of another."""
    bench.desk.catalogue.lane = lambda tx, notice: notice.data
    bench.push.open.clear()
    bench.push.room = 16
    for box in range(100):
        await bench.did(Tell(box, recipient=f"person {box:03}", fair="a", data="hanging.example"))
    for box in range(100, 102):
        await bench.did(Tell(box, recipient=f"person {box:03}", fair="a", data="well.example"))
    assert await bench.dispatcher.step() == 16 // LANES_PART + 2
    bench.push.open.set()
    await bench.dispatcher.land()


async def test_a_claim_among_ten_thousand_looks_at_what_it_takes(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks once for the lines, once for the people of each, and once for every row that it takes."""
    await bench.store.write(lambda tx: tx.many(FILL, [_waiting(number) for number in range(FULL)]))
    asked: Counter[str] = Counter()
    write = bench.store.write

    async def counting(work: Callable[[Transaction], Any]) -> Any:
        return await write(lambda tx: work(_Counting(tx, asked)))

    monkeypatch.setattr(bench.store, "write", counting)
    assert len(await first_out(bench, 64)) == 64
    assert {name: asked[name] for name in ("lanes", "lines", "recipients", "ready")} == {
        "lanes": 1, "lines": 1, "recipients": 20, "ready": 64,
    }  # fmt: skip


class _Counting:
    """A transaction that counts what is asked, by name."""

    def __init__(self, tx: Transaction, asked: Counter[str]) -> None:
        self._tx, self._asked = tx, asked

    def all(self, statement: Statement, params: Params = {}) -> list[tuple[Any, ...]]:  # noqa: B006 - as the port has it
        self._asked[statement.name.rpartition(":")[2]] += 1
        return self._tx.all(statement, params)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tx, name)


FILL = Statement(
    "fill",
    "INSERT INTO outgoing (kind, stream, stream_id, recipient, channel, address, about, step, data, created_at,"
    " ready_at, expires_at, receipt, fair) VALUES ('call', 'box', :id, :recipient, 'push', '', 0, -1, '', 1, 1,"
    " 9000000000000, :receipt, :fair)",
)


def _waiting(number: int) -> dict[str, object]:
    """One of ten thousand rows: twenty teams of ten."""
    person, team = f"person {number % 200:03}", f"team {number % 20}"
    return {"id": number, "recipient": person, "receipt": f"r{number}", "fair": team}


async def test_one_message_speaks_for_all_that_are_ready_for_the_address(bench: Bench) -> None:
    """Sent once, every row is sent; its receipt is a receipt for each."""
    bench.toy.compose = lambda tx, row, now: replace(message(row), bundle=True)
    for box in range(5):
        await bench.did(Tell(box, fair=f"team {box}"))
    await bench.did(Tell(5, recipient="ito", fair="team 1"))
    await bench.deliver()
    assert sorted(one.recipient for one in bench.push.sent) == ["ito", "sato"]
    assert [row[0] for row in await bench.rows(ROWS)] == ["sent"] * 6
    (mine,) = [one for one in bench.push.sent if one.recipient == "sato"]
    assert await bench.desk.receipt(mine.text, "shown")
    assert sorted(row[0] for row in await bench.rows(ROWS)) == ["sent"] + ["shown"] * 5


async def test_a_bundle_that_must_be_tried_again_is_tried_as_one(bench: Bench) -> None:
    """All its rows come back together, and what has become untrue meanwhile is dropped from it."""
    untrue: set[int] = set()

    def compose(tx: Reader, row: Outgoing, now: Millis) -> Message | None:
        return None if row.stream_id in untrue else replace(message(row), bundle=True)

    bench.toy.compose = compose
    bench.push.answer = lambda message: Retry(MINUTE)
    for box in range(3):
        await bench.did(Tell(box, fair="a"))
    await bench.deliver()
    assert [row[:2] for row in await bench.rows(ROWS)] == [("queued", 1)] * 3
    untrue.add(1)
    bench.push.answer = lambda message: Sent()
    bench.clock.passes(MINUTE)
    await bench.deliver()
    assert [row[0] for row in await bench.rows(ROWS)] == ["sent", "dropped", "sent"]
    assert len(bench.push.sent) == 2


async def test_information_is_held_and_the_newest_of_a_matter_told(bench: Bench) -> None:
    """Quiet until then: five of two matters are two afterwards; a call of the same person leaves at once."""
    until = START + HOUR
    rows = bench.desk.catalogue.notices
    rows["news"] = NoticeRow("news", lambda tx, row, now: message(row), information=True)
    bench.desk.catalogue.quiet = lambda tx, row, now: until if now < until else None
    for data in ("1:raised", "1:accepted", "12:raised", "1:ended", "12:ended"):
        await bench.did(Tell(7, kind="news", data=data))
        await bench.deliver()
    await bench.did(Tell(8))
    await bench.deliver()
    assert [one.kind for one in bench.push.sent] == ["call"]
    assert await bench.next_ready() == until
    bench.clock.passes(HOUR)
    await bench.deliver()
    assert [one.kind for one in bench.push.sent] == ["call", "news", "news"]
    told = await bench.rows(
        Statement("told", "SELECT data, state, reason FROM outgoing WHERE kind = 'news' ORDER BY id")
    )
    assert told == [
        ("1:raised", "dropped", "newer"), ("1:accepted", "dropped", "newer"), ("12:raised", "dropped", "newer"),
        ("1:ended", "sent", ""), ("12:ended", "sent", ""),
    ]  # fmt: skip


async def test_tries_end_when_something_else_is_tried(bench: Bench) -> None:
    """A kind may say until when its tries are worth anything: the next try would come later, so it has failed."""
    call = bench.desk.catalogue.notices["call"]
    until = START + 20_000
    bench.desk.catalogue.notices["call"] = NoticeRow(
        "call", call.compose, call.report, tries_until=lambda tx, row: until
    )
    bench.push.answer = lambda message: Retry(reason="503")
    await bench.did(Tell(1))
    for _ in range(9):
        await bench.deliver()
        if (due := await bench.next_ready()) is not None:
            bench.clock.passes(due - bench.clock.now())
    assert await bench.rows(ROWS) == [("failed", 4, "503")]
    assert bench.clock.now() == START + 14_000


async def test_what_failed_together_comes_back_apart(bench: Bench) -> None:
    """Pauses are longer by chance, by at most a quarter; a pause that the service names is kept to the letter."""
    chances = iter((0.0, 0.5, 1.0))
    dispatcher = bench.another("dice", jitter=lambda: next(chances))
    bench.push.answer = lambda message: Retry()
    for box in range(3):
        await bench.did(Tell(box, recipient=f"p{box}"))
    await dispatcher.step()
    await dispatcher.land()
    waits = await bench.rows(Statement("waits", "SELECT ready_at FROM outgoing ORDER BY id"))
    assert sorted(wait - START for (wait,) in waits) == [2_000, 2_250, 2_500]


async def test_a_full_host_does_not_hide_what_goes_elsewhere(bench: Bench) -> None:
    """Of one person's two devices the one whose host hangs makes its own messages wait, and not those of the other."""
    bench.desk.catalogue.lane = lambda tx, notice: notice.data
    bench.push.room = 16
    bench.push.open.clear()
    for box in range(8):
        await bench.did(Tell(box, recipient=f"other {box}", fair="a", data="hanging.example"))
    await bench.dispatcher.step()
    for box in range(8, 38):
        await bench.did(Tell(box, recipient="sato", fair="a", data="hanging.example"))
    await bench.did(Tell(38, recipient="sato", fair="a", data="well.example"))
    assert await bench.dispatcher.step() == 1
    assert (await bench.push.arrivals.wait(9))[-1].tag == "box-38"
    bench.push.open.set()
    await bench.dispatcher.land()

"""The chain: whatever is changed in the stored journal is found, and the head of the whole says so too."""

from __future__ import annotations

import hmac

import pytest

from core.engine import journal, verify
from core.engine.journal import SQL
from core.engine.store.sql import Statement
from core.engine.verify import Broken, Verified
from tests.engine.bench import KEY, Bench
from tests.engine.toy import STREAM, Filled, Put, Tell

BOXES = 3
EACH = 4
STORED = Statement("stored", "SELECT stream, stream_id, seq, at, actor, type, data, head FROM journal ORDER BY id")


@pytest.fixture
async def filled(bench: Bench) -> Bench:
    """Three boxes with four events each, told in turns."""
    for n in range(EACH):
        for box in range(1, BOXES + 1):
            await bench.did(Put(box, f"{n}"))
            bench.clock.passes(10)
    return bench


async def verified(bench: Bench) -> Verified:
    return await bench.desk.verify()


async def test_an_untouched_journal_verifies(filled: Bench) -> None:
    """Every stream and event is counted and nothing is broken."""
    found = await verified(filled)
    assert (found.streams, found.events, found.broken) == (BOXES, BOXES * EACH, ())


@pytest.mark.parametrize(
    "edit",
    [
        "at = at + 1", "actor = 'suzuki'", "type = 'emptied'", "data = replace(data, '1', '2')", "data = data || ' '",
        "head = (SELECT head FROM stream WHERE id = 1)",
    ],
)  # fmt: skip
async def test_an_edited_event_is_found(filled: Bench, edit: str) -> None:
    """Any stored field of an event, changed by one character, breaks the chain there."""
    await filled.does(f"UPDATE journal SET {edit} WHERE stream_id = 2 AND seq = 2")
    broken = (await verified(filled)).broken
    assert broken[0] == Broken(STREAM, 2, 2, "edited")


async def test_a_removed_event_is_found(filled: Bench) -> None:
    """One missing in the middle is a gap, also when the rest is numbered anew."""
    await filled.does("DELETE FROM journal WHERE stream_id = 2 AND seq = 2")
    assert (await verified(filled)).broken == (Broken(STREAM, 2, 2, "gap"),)
    await filled.does("UPDATE journal SET seq = seq - 1 WHERE stream_id = 2 AND seq > 2")
    await filled.does("UPDATE stream SET seq = 3 WHERE id = 2")
    assert (await verified(filled)).broken[0] == Broken(STREAM, 2, 2, "edited")


async def test_reordered_events_are_found(filled: Bench) -> None:
    """Two events that change places, by number or by place in the table, are found."""
    await filled.does("UPDATE journal SET seq = -seq WHERE stream_id = 2 AND seq IN (2, 3)")
    await filled.does("UPDATE journal SET seq = 5 + seq WHERE stream_id = 2 AND seq < 0")
    assert (await verified(filled)).broken[0] == Broken(STREAM, 2, 2, "edited")
    await filled.does("UPDATE journal SET seq = -seq WHERE stream_id = 2 AND seq IN (2, 3)")
    await filled.does("UPDATE journal SET seq = 5 + seq WHERE stream_id = 2 AND seq < 0")
    assert (await verified(filled)).broken == ()
    await filled.does("UPDATE journal SET id = -id WHERE stream_id = 2 AND seq IN (2, 3)")
    await filled.does("UPDATE journal SET id = 13 + id WHERE stream_id = 2 AND id < 0")
    assert (await verified(filled)).broken == (Broken(STREAM, 2, 3, "edited"),)


async def test_an_appended_event_is_found(filled: Bench) -> None:
    """An event without the key's hash is found, and a head that was not moved with it."""
    await filled.does(
        "INSERT INTO journal (stream, stream_id, seq, at, actor, type, data, head)"
        " SELECT stream, stream_id, seq + 1, at, actor, type, data, head FROM journal WHERE stream_id = 2 AND seq = 4"
    )
    assert (await verified(filled)).broken == (Broken(STREAM, 2, 5, "stranger"), Broken(STREAM, 2, 4, "head"))


async def test_a_cut_tail_is_found(filled: Bench) -> None:
    """The last event removed: the stream's head fits no more; with the head set back, the head of the whole differs."""
    whole = (await verified(filled)).head
    await filled.does("DELETE FROM journal WHERE stream_id = 2 AND seq = 4")
    assert (await verified(filled)).broken == (Broken(STREAM, 2, 4, "head"),)
    await filled.does(
        "UPDATE stream SET seq = 3, head = (SELECT head FROM journal WHERE stream_id = 2 AND seq = 3) WHERE id = 2"
    )
    found = await verified(filled)
    assert found.broken == ()
    assert found.head != whole


async def test_a_stream_that_is_gone_changes_the_head_of_the_whole(filled: Bench) -> None:
    """Events without their stream are found; a stream removed whole shows in the head."""
    whole = (await verified(filled)).head
    await filled.does("DELETE FROM stream WHERE id = 2")
    assert (await verified(filled)).broken == (Broken(STREAM, 2, 4, "head"),)
    await filled.does("DELETE FROM journal WHERE stream_id = 2")
    found = await verified(filled)
    assert (found.broken, found.head == whole) == ((), False)


async def test_streams_cannot_be_exchanged(filled: Bench) -> None:
    """A whole chain moved to another number is found: a chain belongs to its stream."""
    for table, column in (("journal", "stream_id"), ("stream", "id")):
        await filled.does(f"UPDATE {table} SET {column} = 9 WHERE {column} = 1")
    assert (await verified(filled)).broken[0] == Broken(STREAM, 9, 1, "edited")


async def test_another_key_fits_nothing(filled: Bench) -> None:
    """With a wrong key every event is broken."""
    found = await filled.store.read(lambda tx: verify.verify(tx, b"x" * 32))
    assert {(one.what, one.stream_id) for one in found.broken} == {("edited", box) for box in range(1, BOXES + 1)}
    assert len(found.broken) == BOXES * EACH


async def test_the_head_of_the_whole_changes_with_any_event(bench: Bench) -> None:
    """No two states of the journal have the same head."""
    heads = [(await verified(bench)).head]
    for command in (Put(1), Put(1), Put(2), Tell(1)):
        await bench.did(command)
        heads.append((await verified(bench)).head)
    assert len(set(heads)) == len(heads)


async def test_the_stored_bytes_are_what_is_hashed(bench: Bench) -> None:
    """Each head is the HMAC over the head before and the row exactly as it stands in the file."""
    await bench.did(Put(1, "帽子"))
    await bench.did(Put(1, '"\\\x1f'))
    head = bytes(32)
    for *fields, stored in await bench.rows(STORED):
        head = hmac.digest(KEY, head + "\x1f".join(map(str, fields)).encode(), "sha256")
        assert stored == head
    rows = await bench.store.read(lambda tx: tx.all(SQL["journal_of_stream"], {"stream": STREAM, "stream_id": 1}))
    assert rows[0][7] == journal.encode(Filled(1, "帽子"))


async def test_a_long_journal_is_read_page_by_page(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages smaller than a stream change nothing of the result."""
    whole = await verified(filled)
    monkeypatch.setattr(verify, "PAGE", 3)
    assert await verified(filled) == whole


@pytest.mark.parametrize("number", [0, -7])
async def test_an_event_with_an_odd_number_is_found(filled: Bench, number: int) -> None:
    """A stranger hides nothing below the first number."""
    await filled.does(
        "INSERT INTO journal (stream, stream_id, seq, at, actor, type, data, head)"
        f" SELECT stream, {number}, {number}, at, actor, type, data, head FROM journal WHERE stream_id = 2 AND seq = 4"
    )
    assert Broken(STREAM, number, number, "head") in (await verified(filled)).broken


async def test_of_many_broken_places_the_first_are_named(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong key on a long journal fills no memory: all are counted, some are named."""
    monkeypatch.setattr(verify, "KEPT", 2)
    found = await filled.store.read(lambda tx: verify.verify(tx, b"x" * 32))
    assert (len(found.broken), found.faults) == (2, BOXES * EACH)


async def test_progress_is_told_while_it_reads(filled: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits hears how many events were looked at, in pages."""
    monkeypatch.setattr(verify, "PAGE", 5)
    told: list[int] = []
    await filled.desk.verify(told.append)
    assert told == [5, 5]


async def test_what_is_always_true_is_asked_too(filled: Bench) -> None:
    """A part's own check names its places beside those of the chains."""
    filled.desk.catalogue.checks.append(lambda tx: [Broken(STREAM, 3, 0, "unwatched")])
    assert (await verified(filled)).broken == (Broken(STREAM, 3, 0, "unwatched"),)


async def test_the_head_of_the_whole_needs_no_events(filled: Bench) -> None:
    """A backup prints the same head without reading the journal."""
    assert await filled.store.read(verify.whole_head) == (await verified(filled)).head


async def test_the_newest_events_alone(filled: Bench) -> None:
    """Each fits the one before it, which may lie further back; an edit, a removal among them is found, no other."""

    async def last(count: int) -> tuple[Broken, ...]:
        return await filled.store.read(lambda tx: verify.verify_last(tx, KEY, count))

    assert await last(5) == await last(100) == ()
    await filled.does("UPDATE journal SET at = at + 1 WHERE stream_id = 2 AND seq = 3")
    assert await last(3) == ()
    assert await last(5) == (Broken(STREAM, 2, 3, "edited"),)
    await filled.does("DELETE FROM journal WHERE stream_id = 2 AND seq = 3")
    assert await last(3) == (Broken(STREAM, 2, 3, "gap"),)


def test_events_are_named_in_words() -> None:
    """The name in the journal is the class's name in lower case with underlines."""

    class EscalationRaised(Filled, frozen=True):
        """As the domain names its events."""

    assert journal.type_of(EscalationRaised) == "escalation_raised"

"""Presence: who looks at a ticket, for as long as they say so, and only for who may see it."""

from __future__ import annotations

import pytest

from core.escalation.queries.questions import Queue
from core.tickets.commands import AddComment, ClaimTicket, RestrictTicket, ShowPresence
from core.tickets.model import Presence
from core.tickets.questions import Colleagues, PresenceOn
from tests.stories.floor import Floor, at


async def there(stage: Floor, number: int, by: str = "sato") -> list[tuple[str, str]]:
    """Who is there: (person, doing), the same in the ticket, in the list, and asked for."""
    answer = (await stage.ask(by, PresenceOn(number))).items
    assert (await stage.case(number, by)).viewing == answer
    rows = (await stage.ask(by, Queue("new", limit=200))).rows
    assert next(row for row in rows if row.number == number).viewing == answer
    return [(one.person, one.doing) for one in answer]


async def test_who_looks_is_seen_while_they_do(stage: Floor) -> None:
    """A lease of twenty seconds, renewed by looking on; nobody has to say goodbye."""
    number, other = await stage.ticket(), await stage.ticket()
    await stage.does("sato", ShowPresence(number))
    stage.clock.time += 5_000
    await stage.does("ito", ShowPresence(number))
    await stage.does("ito", ShowPresence(other))
    assert await there(stage, number) == [("sato", "viewing"), ("ito", "viewing")]
    assert await there(stage, other) == [("ito", "viewing")]
    stage.clock.time += 14_999
    assert await there(stage, number) == [("sato", "viewing"), ("ito", "viewing")]
    stage.clock.time += 1
    assert await there(stage, number) == [("ito", "viewing")]
    await stage.does("ito", ShowPresence(number))
    stage.clock.time += 19_999
    assert await there(stage, number) == [("ito", "viewing")]
    stage.clock.time += 1
    assert await there(stage, number) == []


async def test_whoever_began_to_reply_first_comes_first(stage: Floor) -> None:
    """How long somebody has been writing stays, renewal after renewal; another doing begins anew."""
    number = await stage.ticket()
    await stage.does("sato", ShowPresence(number, "replying"))
    stage.clock.time += 10_000
    await stage.does("ito", ShowPresence(number, "replying"))
    stage.clock.time += 5_000
    await stage.does("sato", ShowPresence(number, "replying"))
    begun = at("14:32")
    assert (await stage.ask("sato", PresenceOn(number))).items == (
        Presence("sato", "replying", begun), Presence("ito", "replying", begun + 10_000),
    )  # fmt: skip
    await stage.does("sato", ShowPresence(number, "viewing"))
    assert [one.since for one in (await stage.ask("ito", PresenceOn(number))).items] == [begun + 10_000, begun + 15_000]


@pytest.mark.parametrize("person", ["ito", "mori", "boss", "kansa"])
async def test_where_somebody_may_not_look_nobody_is_seen(stage: Floor, person: str) -> None:
    """A restricted ticket answers as an unknown number does, whoever is there."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", RestrictTicket(number, ("suzuki",)))
    await stage.does("suzuki", ShowPresence(number))
    for asked in (number, 999):
        refused = await stage.refused(person, ShowPresence(asked))
        assert (refused.code, (await stage.ask(person, PresenceOn(asked))).code) == ("unknown", "unknown")
    assert [one.person for one in (await stage.ask("sato", PresenceOn(number))).items] == ["suzuki"]


async def test_who_reads_without_working_here_reads_roles(stage: Floor) -> None:
    """An auditor sees that somebody of a level is there, and no name."""
    number = await stage.ticket()
    await stage.does("sato", ShowPresence(number))
    assert [one.person for one in (await stage.case(number, "kansa")).viewing] == ["L1"]


async def test_presence_leaves_no_trace(stage: Floor) -> None:
    """Nothing of it is in the record of the ticket, and who was there is forgotten."""
    number = await stage.ticket()
    before = len((await stage.case(number)).timeline)
    await stage.does("sato", ShowPresence(number))
    assert len((await stage.case(number)).timeline) == before


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["ito", "suzuki", "takahashi", "kobayashi", "hayashi"]),
        ("伊", ["ito"]),
        ("健", ["ito"]),
        ("いと", ["ito"]),
        ("イトウ", ["ito"]),
        ("ＩＴＯ", ["ito"]),
        ("すz", ["suzuki"]),
        ("tak", ["takahashi"]),
        ("たかはし", ["takahashi"]),
        ("takahasi", ["takahashi"]),
        ("ばやし", []),
        ("鈴木一", ["suzuki"]),
        ("鈴き", []),
        ("!", []),
    ],
)
async def test_whom_an_at_may_mean(stage: Floor, typed: str, found: list[str]) -> None:
    """By the beginning of a name, an id, or what it sounds like; only who would be told, never oneself."""
    number = await stage.ticket()
    page = await stage.ask("sato", Colleagues(typed, number))
    ids = [one.id for one in page.items]
    if not typed:
        assert set(found) <= set(ids)
        assert {"sato", "mori"}.isdisjoint(ids)
        assert ids[0] in ("ito", "suzuki", "takahashi")
    else:
        assert ids == found


async def test_who_takes_part_is_offered_first(stage: Floor) -> None:
    """Of several who are meant, the one who is called for the ticket, then the team."""
    number, _ = await stage.raised()
    first = (await stage.ask("sato", Colleagues("", number))).items[0]
    assert first.id == "suzuki"
    everybody = [one.id for one in (await stage.ask("sato", Colleagues(limit=50))).items]
    assert everybody.index("takahashi") < everybody.index("mori")
    assert (await stage.ask("mori", Colleagues("", number))).code == "unknown"
    await stage.does("sato", AddComment(number, f"@{first.id} お願いします"))

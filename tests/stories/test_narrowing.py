"""Lists narrowed and sorted: only what is asked for, next step first where that is wanted, page after page."""

from __future__ import annotations

from typing import Any

import pytest

from core.escalation.commands import RaiseEscalation
from core.escalation.queries.questions import Queue, Tab
from core.tickets.commands import ClaimTicket, PutOnWait, RestrictTicket
from tests.stories.floor import Floor, at


async def listed(stage: Floor, tab: Tab | None, by: str = "sato", limit: int = 50, **asked: Any) -> list[int]:
    """Every number of a list, page by page."""
    found, cursor = list[int](), None
    while True:
        page = await stage.ask(by, Queue(tab, limit, cursor, **asked))
        assert len(page.rows) <= limit
        found += [row.number for row in page.rows]
        if (cursor := page.next) is None:
            return found


async def several(stage: Floor) -> list[int]:
    """Five new tickets of different kinds, a minute apart."""
    kinds: list[dict[str, Any]] = [
        {"category": "complaint", "severity": "high", "tags": ("破損", "急ぎ")},
        {"category": "complaint"},
        {"severity": "high"},
        {"tags": ("急ぎ",)},
        {"team": "support"},
    ]
    numbers = []
    for kind in kinds:
        numbers.append(await stage.ticket(**kind))
        stage.clock.time += 60_000
    return numbers


@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_a_list_shows_only_what_is_asked_for(stage: Floor, limit: int) -> None:
    """By category, severity, tag, holder, team and open escalation, alone and together."""
    a, b, c, d, e = await several(stage)
    assert await listed(stage, "new", limit=limit) == [e, d, c, b, a]
    for asked, found in (
        ({"category": "complaint"}, [b, a]),
        ({"severity": "high"}, [c, a]),
        ({"tag": "急ぎ"}, [d, a]),
        ({"tag": "急ぎ", "category": "complaint", "severity": "high"}, [a]),
        ({"tag": "急"}, []),
        ({"team": "shop"}, []),
        ({"holder": "none"}, [e, d, c, b, a]),
        ({"holder": "me"}, []),
        ({"escalated": False}, [e, d, c, b, a]),
        ({"escalated": True}, []),
        ({"q": "納品", "tag": "急ぎ"}, [d, a]),
    ):
        assert await listed(stage, "new", limit=limit, **asked) == found, asked
    await stage.does("ito", RaiseEscalation(b))
    assert await listed(stage, "escalated", limit=limit, escalated=True, category="complaint") == [b]
    assert await listed(stage, "mine", by="ito", limit=limit, escalated=True) == [b]
    assert await listed(stage, None, limit=limit, q="納品", escalated=True) == [b]


@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_what_time_will_do_first_comes_first(stage: Floor, limit: int) -> None:
    """Steps and wake-ups in the order of their time; behind them what waits for nothing, newest change first."""
    a, b, c, d, e = await several(stage)
    for number, until in ((a, "18:00"), (b, "15:00"), (c, "17:00")):
        await stage.does("sato", ClaimTicket(number))
        await stage.does("sato", PutOnWait(number, at(until)))
    await stage.does("sato", RaiseEscalation(c))
    assert (await stage.case(c)).ticket.status == "waiting"
    assert await listed(stage, "waiting", limit=limit, sort="next") == [c, b, a]
    await stage.does("sato", ClaimTicket(d))
    assert await listed(stage, "mine", limit=limit, sort="next") == [c, b, a, d]
    assert await listed(stage, "new", limit=limit, sort="next") == [e]
    assert await listed(stage, "waiting", limit=limit, sort="next", category="complaint") == [b, a]
    assert await listed(stage, "escalated", limit=limit, sort="next") == [c]


async def test_a_long_list_looked_through_for_few_goes_on(stage: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many rows are looked at for one page; those behind are found on the pages that follow."""
    monkeypatch.setattr("core.escalation.queries.narrowing.LOOKED_AT", 4)
    numbers = [await stage.ticket(category="complaint" if n % 7 == 0 else "") for n in range(15)]
    assert await listed(stage, "new", category="complaint") == numbers[14::-7]
    page = await stage.ask("sato", Queue(category="complaint", limit=1))
    assert len(page.rows) == 1
    assert page.next is not None


async def test_rows_that_somebody_may_not_see_leave_no_trace(stage: Floor) -> None:
    """That a page is followed by restricted tickets only, nobody else can tell."""
    hidden = [await stage.ticket() for _ in range(3)]
    shown = await stage.ticket()
    for number in hidden:
        await stage.does("suzuki", RestrictTicket(number, ("suzuki",)))
    page = await stage.ask("sato", Queue("new", limit=1))
    assert ([row.number for row in page.rows], page.next) == ([shown], None)


async def test_a_cursor_of_another_list_is_refused(stage: Floor) -> None:
    """Whatever is no cursor of a list is said by name."""
    for cursor in ("x", "1", "1:x", "rest:"):
        assert (await stage.ask("sato", Queue("new", cursor=cursor))).field == "cursor"

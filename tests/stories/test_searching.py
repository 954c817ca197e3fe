"""Search: everything written is found by whoever may see it, by nobody else, and while the index is behind too."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.console.running import beside
from core.engine.outcome import Refusal
from core.engine.ports import Transaction
from core.escalation.commands import RaiseEscalation, ReassignEscalation
from core.escalation.queries.questions import Queue, Tickets
from core.tickets import search_follower
from core.tickets.commands import AddComment, ClaimTicket, CloseTicket, EditTicket, PutOnWait, RestrictTicket
from core.tickets.model import Customer
from core.tickets.search_follower import Indexer
from core.tickets.search_index import build_anew, put_all
from tests.stories.desks import DESK
from tests.stories.floor import Floor, at, floor
from tests.stories.searching import erase, find, indexed, scanned, unsound

CUSTOMER = Customer("山田商店", "yamada@example.jp", "03-0000-1111")


@pytest.mark.parametrize("caught_up", [True, False])
async def test_everything_written_is_found(stage: Floor, caught_up: bool) -> None:
    """Subject, text, notes, tags, number and customer; whether the index has caught up or not."""
    number = await stage.ticket(
        subject="返品・交換のご相談", body="Refund order TS-20417", tags=("破損",), customer=CUSTOMER
    )
    other = await stage.ticket(subject="請求書の再発行")
    await stage.does("sato", AddComment(number, "在庫を確認中です。"))
    if caught_up:
        await indexed(stage)
    for q in (
        "返品",
        "こうかん 交換",
        "refu",
        "20417",
        "破損",
        "在庫",
        "山田",
        "0000 1111",
        f"{number} 返品",
        '"ts 20417"',
    ):
        wanted = [] if q.startswith("こうかん") else [number]
        assert await find(stage, q) == wanted, q
    assert await find(stage, "請求") == [other]
    assert await find(stage, "の") == [other, number]


async def test_what_changed_is_found_as_it_is_now(stage: Floor) -> None:
    """An edit takes old words out of the index and puts new ones in; an erased text leaves nothing behind."""
    number = await stage.ticket(subject="納品数違い", tags=("急ぎ",))
    await indexed(stage)
    case = await stage.case(number)
    await stage.does("sato", EditTicket(number, case.ticket.version, subject="請求書の件", tags=("経理",)))
    for _ in range(2):
        assert [await find(stage, q) for q in ("納品", "急ぎ", "請求", "経理")] == [[], [], [number], [number]]
        await indexed(stage)
    assert await unsound(stage) == []
    await erase(stage, number)
    assert [await find(stage, q) for q in ("請求", "経理", str(number))] == [[], [], [number]]
    assert await unsound(stage) == []


async def test_only_who_has_clearance_finds_by_the_customer(stage: Floor) -> None:
    """A customer's name, mail and number find nothing for whoever would not be shown them."""
    number = await stage.ticket(subject="配送の件", customer=CUSTOMER)
    for _ in range(2):
        for q in ("山田", "yamada", "山田 配送"):
            assert (await find(stage, q), await find(stage, q, by="sato")) == ([number], []), q
        assert await find(stage, "配送", by="sato") == [number]
        await indexed(stage)


@pytest.mark.parametrize("caught_up", [True, False])
async def test_nobody_finds_what_they_may_not_see(stage: Floor, caught_up: bool) -> None:
    """Restricted tickets and other teams' are absent, and no page says that more would follow."""
    number = await stage.ticket(subject="秘密の件")
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", RestrictTicket(number, ("suzuki",)))
    if caught_up:
        await indexed(stage)
    assert await find(stage, "秘密") == [number]
    for person in ("ito", "mori", "boss", "kansa", "kobayashi"):
        for tab in (None, "mine"):
            page = await stage.ask(person, Queue(tab, 1, q="秘密"))
            assert (page.rows, page.next, page.behind) == ((), None, 0)


async def test_who_is_called_from_elsewhere_finds_it_while_it_lasts(stage: Floor) -> None:
    """A call gives sight, in search too."""
    await stage.give_phones("mori")
    number, id_ = await stage.raised()
    assert await find(stage, "納品", by="mori") == []
    await stage.does("suzuki", ReassignEscalation(id_, "mori", await stage.call(id_, "suzuki")))
    assert await find(stage, "納品", by="mori") == [number]


async def test_pages_follow_each_other_and_tabs_narrow(stage: Floor) -> None:
    """Newest first, no row twice, none left out; each tab shows its own; whole tickets come in the same order."""
    numbers = [await stage.ticket(subject=f"在庫 {n}") for n in range(7)]
    await stage.does("sato", ClaimTicket(numbers[0]))
    await stage.does("sato", CloseTicket(numbers[0]))
    await stage.does("sato", ClaimTicket(numbers[1]))
    await stage.does("sato", PutOnWait(numbers[1], at("17:00")))
    await stage.does("sato", RaiseEscalation(numbers[2]))
    await indexed(stage)
    seen, cursor = list[int](), None
    while True:
        page = await stage.ask("sato", Queue(limit=2, cursor=cursor, q="在庫"))
        seen += [row.number for row in page.rows]
        if (cursor := page.next) is None:
            break
    assert seen == numbers[::-1]
    tabs = {
        tab: await find(stage, "在庫", by="sato", tab=tab) for tab in ("new", "mine", "waiting", "escalated", "done")
    }
    assert tabs["new"] == numbers[:2:-1]
    assert (tabs["waiting"], tabs["escalated"], tabs["done"]) == ([numbers[1]], [numbers[2]], [numbers[0]])
    assert tabs["mine"] == [numbers[2], numbers[1]]
    whole = await stage.ask("sato", Tickets(q="在庫"))
    assert [ticket.number for ticket in whole.items] == numbers[::-1]


async def test_nonsense_is_said(stage: Floor) -> None:
    """Nothing to look for, or a cursor of another list, is refused by its field."""
    for query, field in ((Queue(q="。！"), "q"), (Queue(q="在庫", cursor="1:2"), "cursor"), (Queue(q="x" * 201), "q")):
        refused = await stage.ask("sato", query)
        assert isinstance(refused, Refusal)
        assert (refused.code, refused.field) == ("invalid", field)


async def test_a_page_looks_at_a_few_thousand_only(stage: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where few of many candidates fit, the page comes early and the next one goes on."""
    monkeypatch.setattr("core.escalation.queries.narrowing.LOOKED_AT", 3)
    numbers = [await stage.ticket(subject="品違い、納数" if n else "納品数") for n in range(8)]
    await indexed(stage)
    pages, cursor, found = 0, None, list[int]()
    while pages == 0 or cursor is not None:
        page = await stage.ask("sato", Queue(q="納品数 ", cursor=cursor))
        found += [row.number for row in page.rows]
        pages, cursor = pages + 1, page.next
    assert found == numbers[:1]
    assert await find(stage, "違い", category="none such") == []


async def test_an_index_is_built_from_what_is_there(stage: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk from before the index, or one told to build it anew, says how much it cannot search yet."""
    monkeypatch.setattr("core.tickets.search.FRESH", 10)
    numbers = [await stage.ticket(subject=f"納品 {n}") for n in range(70)]
    await stage.store.write(build_anew)
    indexer = Indexer(stage.store)
    page = await stage.ask("sato", Queue(q="納品", limit=200))
    assert ([row.number for row in page.rows], page.behind) == (numbers[:-11:-1], 60)
    assert await indexer.step()
    assert await indexer.step()
    page = await stage.ask("sato", Queue(q="納品", limit=200))
    assert ([row.number for row in page.rows], page.behind) == (numbers[:27:-1], 28)
    late = await stage.ticket(subject="納品 あとから")
    await indexer.catch_up()
    page = await stage.ask("sato", Queue(q="納品", limit=200))
    assert ([row.number for row in page.rows], page.behind) == ([late, *numbers[::-1]], 0)
    assert await unsound(stage) == []
    assert not await indexer.step()


async def test_a_batch_is_stored_whole_or_not_at_all(stage: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks in the middle of a batch, its place goes back with it, and nothing is missed or twice."""
    await indexed(stage)
    for n in range(5):
        await stage.ticket(subject=f"納品 {n}")

    def breaks(tx: Transaction, entries: dict[int, Any]) -> None:
        put_all(tx, dict(list(entries.items())[:2]))
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(search_follower, "put_all", breaks)
        with pytest.raises(RuntimeError):
            await Indexer(stage.store).step()
    assert len(await find(stage, "納品")) == 5
    await indexed(stage)
    assert await unsound(stage) == []


async def test_two_followers_do_no_work_twice(stage: Floor) -> None:
    """Of two processes that follow, one writes each batch; the index is right whoever comes first."""
    for n in range(50):
        await stage.ticket(subject=f"納品 {n}")
    await asyncio.gather(*(Indexer(stage.store).catch_up() for _ in range(3)))
    await indexed(stage)
    assert await unsound(stage) == []


async def test_it_follows_by_itself(stage: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A follower that runs hears of a commit, and the index holds what was written."""
    monkeypatch.setattr(search_follower, "GATHER", 0)
    written = asyncio.Event()
    stage.store.on_commit(lambda *_: written.set())
    async with asyncio.timeout(20), beside(Indexer(stage.store).run()):
        await stage.ticket(subject="納品数違い")
        while await unsound(stage):
            await written.wait()
            written.clear()


WORDS = ("納品", "納品数", "品数", "返金", "システム", "refund", "ref", "Ref-1", "1", "山田", "決済err", "の")
TEXT = st.lists(st.sampled_from((*WORDS, "、", " ", "数", "エラー", "re")), min_size=1, max_size=6).map("".join)
DEED = st.one_of(
    st.tuples(st.sampled_from(("new", "note", "subject", "tag")), st.integers(0, 5), TEXT),
    st.sampled_from((("erase", 0, ""), ("index", 0, ""), ("batch", 0, ""), ("anew", 0, ""))),
)
SOUGHT = st.one_of(st.sampled_from(WORDS), TEXT, TEXT.map(lambda text: f'"{text}"'))


@settings(max_examples=25)
@given(st.lists(DEED, max_size=14), st.lists(SOUGHT, min_size=1, max_size=4))
def test_search_finds_exactly_what_reading_everything_finds(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[tuple[str, int, str]], sought: list[str]
) -> None:
    """Whatever was written, changed or erased, however far the index is: the same tickets, in the same order."""
    asyncio.run(_compared(tmp_path_factory.mktemp("desk"), deeds, sought))


async def _compared(folder: Path, deeds: list[tuple[str, int, str]], sought: list[str]) -> None:
    async with floor(folder, DESK) as stage:
        await indexed(stage)
        numbers = [await stage.ticket(subject="納品数違い")]
        for deed in deeds:
            await _do(stage, numbers, *deed)
        for q in sought:
            page = await stage.ask("suzuki", Queue(q=q, limit=200))
            if not isinstance(page, Refusal) and not page.behind:
                assert [row.number for row in page.rows] == await scanned(stage, q), q
        await indexed(stage)
        assert await unsound(stage) == []


async def _do(stage: Floor, numbers: list[int], does: str, which: int, text: str) -> None:
    number = numbers[which % len(numbers)]
    match does:
        case "new":
            numbers.append(await stage.ticket(subject="件", body=text, customer=Customer(text)))
        case "note" if text.strip():
            await stage.does("sato", AddComment(number, text))
        case "subject" | "tag":
            version = (await stage.case(number)).ticket.version
            changed: dict[str, Any] = {"subject": text} if does == "subject" else {"tags": (text,)}
            await stage.does("sato", EditTicket(number, version, **changed))
        case "erase":
            await erase(stage, number)
        case "index":
            await indexed(stage)
        case "batch":
            await Indexer(stage.store).step()
        case "anew":
            await stage.store.write(build_anew)

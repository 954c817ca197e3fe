"""What the stories about search share: asking, keeping the index, and reading it from the database itself."""

from __future__ import annotations

from typing import Any, Final

from core.engine.ports import Reader, Transaction
from core.engine.store.sql import Statement
from core.escalation.queries.questions import Queue
from core.escalation.queries.views import QueuePage
from core.tickets.search_follower import Indexer
from core.tickets.search_index import SQL, entry_of, older, put, state_of
from core.tickets.search_query import patterns, stands_in, terms
from core.tickets.search_words import grams
from tests.stories.floor import Floor

ALL: Final = 1 << 40
ERASE: Final = (
    Statement(
        "text",
        "UPDATE ticket_text SET subject = '', body = '', customer_name = NULL, customer_email = NULL, "
        "customer_phone = NULL WHERE ticket = :ticket",
    ),
    Statement("notes", "UPDATE note SET text = '' WHERE ticket = :ticket"),
    Statement("tags", "DELETE FROM ticket_tag WHERE ticket = :ticket"),
)


async def find(stage: Floor, q: str, by: str = "suzuki", **asked: Any) -> list[int]:
    """The numbers on the first page of what this person finds."""
    page = await stage.ask(by, Queue(q=q, **asked))
    assert isinstance(page, QueuePage), page
    return [row.number for row in page.rows]


async def indexed(stage: Floor) -> None:
    """The index has caught up."""
    await Indexer(stage.store).catch_up()


async def scanned(stage: Floor, q: str) -> list[int]:
    """What reading every ticket's texts finds, newest first."""

    def scan(tx: Reader) -> list[int]:
        wanted = patterns(terms(q))
        every = older(tx, ALL, ALL)
        return [number for number in every if stands_in(wanted, entry_of(tx, number).readable(cleared=True))]

    return await stage.store.read(scan)


async def erase(stage: Floor, number: int) -> None:
    """All texts of a ticket go, and what the index holds of them with them."""

    def run(tx: Transaction) -> None:
        for statement in ERASE:
            tx.run(statement, {"ticket": number})
        put(tx, number, entry_of(tx, number))

    await stage.store.write(run)


async def unsound(stage: Floor) -> list[str]:
    """Where an index that has caught up says anything else than the texts."""

    def look(tx: Reader) -> list[str]:
        held: dict[int, set[str]] = {}
        every = older(tx, ALL, ALL)
        wanted = {number: set(entry_of(tx, number).grams().split()) for number in every}
        for gram in set().union(*wanted.values(), grams("消えた言葉 gone")):
            asked = {"fts": f'"{gram}"', "tsquery": f"'{gram}'", "before": ALL, "limit": ALL}
            for number, *_ in tx.all(SQL["candidates"], asked):
                held.setdefault(number, set()).add(gram)
        lines = [f"ticket {n}: {held.get(n, set()) ^ wanted[n]}" for n in every if held.get(n, set()) != wanted[n]]
        return lines + [f"ticket {n} is none" for n in held.keys() - wanted.keys()] + _behind(tx)

    return await stage.store.read(look)


def _behind(tx: Reader) -> list[str]:
    state = state_of(tx)
    return [] if state.below is None else [f"not complete below {state.below}"]

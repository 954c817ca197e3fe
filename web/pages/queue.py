"""Queue 一覧: tabs over keyset pages."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, get
from litestar.params import FromQuery

from core.escalation.queries.questions import Queue, QueueCounts, Tab
from web.cursor import CursorError
from web.pages.frame import GivenReader, Reader
from web.problems import invalid
from web.visit import is_htmx

PAGE: Final = 40
BESIDE: Final = 30
"""Rows beside an open ticket."""


@get("/queue")
async def queue(reader: GivenReader, tab: FromQuery[Tab] = "new", cursor: FromQuery[str] = "") -> Response[str]:
    """One tab; with a cursor the rows that follow it."""
    grown = bool(cursor) and is_htmx(reader.request) and "li" in reader.request.headers.get("hx-target", "")
    values = await column(reader, tab, limit=PAGE, cursor=cursor, grown=grown)
    title = reader.t("web.queue.title")
    return await reader.show("queue_rows.html" if grown else "queue.html", bar="queue", title=title, **values)


async def column(reader: Reader, tab: Tab, *, limit: int = BESIDE, cursor: str = "", grown: bool = False) -> Any:
    """What the list needs, on its own page or beside a ticket."""
    seal, person = reader.request.app.state.cursors, reader.actor.person or ""
    try:
        after = seal.open(cursor, person, f"queue:{tab}") if cursor else None
    except CursorError as fault:
        raise invalid("cursor", "a cursor of this list") from fault
    page = await reader.ask(Queue(tab=tab, limit=limit, cursor=after))
    counts = {} if grown else (await reader.ask(QueueCounts()))
    onward = seal.seal(page.next, person, f"queue:{tab}") if page.next else None
    return {"tab": tab, "rows": page.rows, "next": onward, "counts": counts, "grown": grown, "ticket": None}

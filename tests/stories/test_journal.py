"""The journal as people and programs read it."""

from __future__ import annotations

from core.escalation.queries.questions import Journal
from core.escalation.queries.views import JournalPage
from core.tickets.commands import ClaimTicket, RestrictTicket
from tests.stories.floor import Floor


async def kinds(stage: Floor, person: str, query: Journal) -> list[str]:
    page = await stage.ask(person, query)
    assert isinstance(page, JournalPage)
    return [row.kind for row in page.items]


async def test_a_tickets_journal_is_read_in_order(stage: Floor) -> None:
    """Whoever sees a ticket reads what happened to it, oldest first, without inner ids."""
    number, _ = await stage.raised()
    told = await kinds(stage, "ito", Journal(ticket=number))
    assert told[:2] == ["ticket_created", "escalation_raised"]
    page = await stage.ask("ito", Journal(ticket=number))
    assert not any("note" in row.values or "call" in row.values for row in page.items)


async def test_pages_follow_each_other(stage: Floor) -> None:
    """Page by page the journal tells each event once."""
    number, _ = await stage.raised()
    whole = await kinds(stage, "sato", Journal(ticket=number))
    told, after = [], None
    while True:
        page = await stage.ask("sato", Journal(ticket=number, limit=1, after=after))
        told += [row.kind for row in page.items]
        if page.next is None:
            break
        after = page.next
    assert told == whole


async def test_the_journal_keeps_to_the_readers_sight(stage: Floor) -> None:
    """Events of a ticket that a reader may not see are not there, for admins neither."""
    number = await stage.ticket()
    await stage.does("sato", ClaimTicket(number))
    await stage.does("sato", RestrictTicket(number, ("suzuki",)))
    for reader in ("ito", "mori", "boss", "kansa"):
        page = await stage.ask(reader, Journal())
        assert not any(row.ticket == number for row in page.items)
    assert any(row.ticket == number for row in (await stage.ask("suzuki", Journal())).items)


async def test_an_auditor_reads_roles(stage: Floor) -> None:
    """Who audits reads levels in place of names."""
    number, _ = await stage.raised()
    page = await stage.ask("kansa", Journal(ticket=number))
    called = next(row for row in page.items if row.kind == "called")
    assert (called.actor, called.values["people"]) == ("L1", ("L2",))

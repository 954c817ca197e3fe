"""The tickets part's rows in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from core.engine.catalogue import Catalogue, CommandRow, DeadlineRow, QueryRow, Route, Run, Verb
from core.engine.outcome import Done
from core.engine.ports import Reader
from core.people.access import sees
from core.people.model import Actor
from core.people.records import people_of
from core.tickets import acts, commands, presence, questions
from core.tickets.checks import ledger
from core.tickets.colleagues import colleagues
from core.tickets.notices import rows
from core.tickets.records import STREAM, load


def register(
    catalogue: Catalogue,
    *,
    public_url: str,
    badge: Callable[[Reader, str], int],
    shows: Callable[[Any, Done], Struct],
) -> None:
    """Add every row of this part. `shows`: (command, Done) → the query whose answer is the ticket as it is now."""
    catalogue.sights[STREAM] = _sight
    catalogue.checks.append(ledger)
    acts_of: tuple[tuple[type[Struct], Run, Verb, str, int], ...] = (
        (commands.CreateTicket, acts.create, "POST", "/tickets", 201),
        (commands.EditTicket, acts.edit, "PATCH", "/tickets/{ticket}", 200),
        (commands.RestrictTicket, acts.restrict, "PUT", "/tickets/{ticket}/restriction", 200),
        (commands.ClaimTicket, acts.claim, "POST", "/tickets/{ticket}/claim", 200),
        (commands.ReleaseTicket, acts.release, "POST", "/tickets/{ticket}/release", 200),
        (commands.RefuseOffer, acts.refuse, "POST", "/tickets/{ticket}/refusal", 200),
        (commands.AddComment, acts.comment, "POST", "/tickets/{ticket}/comments", 200),
        (commands.PutOnWait, acts.wait, "POST", "/tickets/{ticket}/waiting", 200),
        (commands.CloseTicket, acts.close, "POST", "/tickets/{ticket}/closure", 200),
        (commands.ReopenTicket, acts.reopen, "POST", "/tickets/{ticket}/reopening", 200),
    )
    for command, run, method, path, status in acts_of:
        catalogue.add(CommandRow(command, run, Route(method, path, status, shows)))
    there = Route("PUT", "/tickets/{ticket}/presence", 200, lambda command, _: questions.PresenceOn(command.ticket))
    catalogue.add(
        CommandRow(commands.ShowPresence, presence.show, there),
        QueryRow(
            questions.PresenceOn,
            presence.presence_on,
            questions.PresenceView,
            Route("GET", "/tickets/{ticket}/presence"),
        ),
        QueryRow(questions.Colleagues, colleagues, questions.ColleaguePage, Route("GET", "/colleagues")),
    )
    catalogue.add(CommandRow(commands.WakeTicket, acts.wake))
    catalogue.add(DeadlineRow("wake", commands.WakeTicket))
    catalogue.add(*rows(public_url, badge))


def _sight(tx: Reader, number: int) -> Callable[[Actor], bool]:
    ticket, people = load(tx, number), people_of(tx)

    def may_see(actor: Actor) -> bool:
        person = people.persons.get(actor.person or "")
        return ticket is not None and person is not None and sees(people, person, ticket.matter)

    return may_see

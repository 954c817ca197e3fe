"""Whom an `@` may mean: who would be told, found by name, id, kana or rōmaji, the likeliest first."""

from __future__ import annotations

from collections.abc import Iterator

from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.people.access import Matter, sees
from core.people.model import People, Person
from core.people.records import people_of
from core.tickets.decide import UNKNOWN
from core.tickets.model import Ticket
from core.tickets.questions import Colleague, ColleaguePage, Colleagues
from core.tickets.records import load
from core.tickets.search_words import canonical
from core.words.romaji import is_spelled, sound


def colleagues(ask: Ask, query: Colleagues) -> ColleaguePage | Refusal:
    """Nobody is offered whom a mention would not reach: who may not see the ticket, who has left, oneself."""
    people = people_of(ask.tx)
    reader = people.persons.get(ask.by.person or "")
    if reader is None or not reader.active:
        return Refusal("not_allowed", "self")
    ticket = None if query.ticket is None else load(ask.tx, query.ticket)
    if query.ticket is not None and (ticket is None or not sees(people, reader, ticket.matter)):
        return UNKNOWN
    fit = (
        (*_distance(people, known, reader, ticket), near, known.name, known)
        for known in people.persons.values()
        if known.id != reader.id and known.active and (ticket is None or sees(people, known, ticket.matter))
        if (near := nearness(known, query.q)) is not None
    )
    page = sorted(fit, key=lambda one: one[:-1])[: query.limit]
    return ColleaguePage(tuple(Colleague(p.id, p.name, p.level, p.teams) for *_, p in page))


def nearness(person: Person, typed: str) -> int | None:
    """0: the name begins like that, 1: the id does, 2: it sounds like that; None: not meant."""
    wanted, said = canonical(typed).replace(" ", ""), sound(typed)
    if not wanted:
        return 0 if not typed.strip() else None
    if any(name.startswith(wanted) for name in _beginnings(canonical(person.name))):
        return 0
    if person.id.casefold().startswith(typed.strip().casefold()):
        return 1
    sounds = (sound(part) for part in (*person.name.split(), *person.id.replace("_", "-").split("-"), person.id))
    return 2 if said and is_spelled(typed) and any(one.startswith(said) for one in sounds) else None


def _beginnings(name: str) -> Iterator[str]:
    """The name from each of its words on."""
    words = name.split()
    return ("".join(words[place:]) for place in range(len(words)))


def _distance(people: People, known: Person, reader: Person, ticket: Ticket | None) -> tuple[bool, bool]:
    """Who takes part comes first, then the team: the ticket's, or without one the reader's."""
    matter = Matter("") if ticket is None else ticket.matter
    takes_part = ticket is not None and (known.id == ticket.holder or known.id in matter.called)
    teams = set(reader.teams) if ticket is None else {ticket.team}
    return not takes_part, teams.isdisjoint(known.teams)

"""Somebody goes off duty, on leave or out of the company while holding: they and their supervisors are told once.

Information: how many, and where to hand them over. Nothing moves by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.engine.work import Work
from core.escalation.handing.records import held
from core.escalation.shift import absent
from core.people.access import sees
from core.people.events import LeaveBegan, PersonDeactivated
from core.people.model import People, Person
from core.people.records import number_of, people_of
from core.people.telling import quietly
from core.roster.events import DutyHandedOver
from core.roster.records import roster_of
from core.tickets.model import Ticket
from core.tickets.records import load

STREAM = "person"


def went_off(work: Work, event: DutyHandedOver) -> None:
    """Off duty in one rota, and on duty in none. Who is away is told of by the leave itself."""
    people, roster = people_of(work.tx), roster_of(work.tx)
    for person in event.off:
        if people.present(person, work.now) and absent(people, roster, person, work.now):
            warn(work, person)


def left(work: Work, event: LeaveBegan | PersonDeactivated) -> None:
    """On leave, or out of the company."""
    warn(work, event.person)


def warn(work: Work, holder: str) -> None:
    """Tell the holder, and whoever supervises what they hold."""
    people, numbers = people_of(work.tx), held(work.tx, holder)
    tickets = [ticket for number in numbers if (ticket := load(work.tx, number)) is not None]
    if not tickets:
        return
    stream = work.lock(STREAM, number_of(work.tx, holder))
    told = dict.fromkeys((holder, *_supervisors(people, tickets, holder, work.now)))
    for person in told:
        if people.persons[person].active and person != work.by.person:
            work.notify(stream, *quietly(people, person, "leaving", work.now, data=holder))


def _supervisors(people: People, tickets: list[Ticket], holder: str, now: int) -> Iterator[str]:
    """Of the tickets' teams; of the whole desk where these have none who could look."""
    here = [
        person
        for person in people.persons.values()
        if "supervisor" in person.roles and person.id != holder and people.present(person.id, now)
    ]
    for team in dict.fromkeys(ticket.team for ticket in tickets):
        of_team = [ticket for ticket in tickets if ticket.team == team]
        yield from _near(people, here, of_team, team) or _seeing(people, here, of_team)


def _near(people: People, here: list[Person], tickets: list[Ticket], team: str) -> list[str]:
    line = frozenset(people.line(team))
    return _seeing(people, [person for person in here if line & set(person.teams)], tickets)


def _seeing(people: People, persons: list[Person], tickets: list[Ticket]) -> list[str]:
    return [person.id for person in persons if any(sees(people, person, ticket.matter) for ticket in tickets)]

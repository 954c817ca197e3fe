"""Who is on shift in a ticket's team: they may take its phone tasks. Pure."""

from __future__ import annotations

from core.escalation.seats import Scene
from core.people.model import People, Person
from core.roster.duty import Roster


def on_shift(scene: Scene, at: int) -> frozenset[str]:
    """Members whom a rota has on duty now, and members who stand in no rota at all: nobody plans their hours.

    (7-transitions: "in a team without rotas all its members are on shift"; read person by person, since a team
    whose chiefs have a rota still has a floor that simply is there.)
    """
    planned = {person for rota in scene.roster.rotas for person in _planned(scene, rota)}
    on_duty = {duty.person for rota in scene.roster.rotas for duty in scene.roster.on_duty(rota, at)}
    members = (person.id for person in scene.people.persons.values() if _member(scene, person, at))
    return frozenset(member for member in members if member in on_duty or member not in planned)


def absent(people: People, roster: Roster, person: str, at: int) -> bool:
    """Not here now: gone, away, or planned in rotas of which none has them on duty."""
    if not people.present(person, at):
        return True
    planned = any(person in roster.members(rota) for rota in roster.rotas)
    return planned and not any(duty.person == person for rota in roster.rotas for duty in roster.on_duty(rota, at))


def _planned(scene: Scene, rota_id: str) -> set[str]:
    rota = scene.roster.rotas[rota_id]
    people = {person for shift in rota.shifts for person in shift.people}
    return people | set(rota.rotation.people if rota.rotation else ())


def _member(scene: Scene, person: Person, at: int) -> bool:
    present = scene.people.present(person.id, at) and bool(person.roles & {"operator", "supervisor"})
    return present and scene.ticket.team in scene.people.reach(person)

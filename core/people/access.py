"""Who may do what: the one allow-matrix, and the one answer to "may they see it?".

Every door (page, API, terminal, command line) goes through `may` and `sees`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from core.people.model import Actor, People, Person, Role

Scope: TypeAlias = Literal["own", "team", "standing", "unrestricted", "all"]
Act: TypeAlias = Literal[
    "see_ticket", "work", "step_in", "own_shift", "roster", "administer", "site",
    "read_reports", "export", "journal", "self",
]  # fmt: skip

MATRIX: Final[Mapping[Act, Mapping[Role, Scope]]] = {
    "see_ticket": {"operator": "team", "supervisor": "team", "admin": "unrestricted", "auditor": "unrestricted"},
    "work": {"operator": "team", "supervisor": "team"},
    "step_in": {"supervisor": "team", "admin": "standing"},
    "own_shift": {"operator": "own", "supervisor": "own", "admin": "own"},
    "roster": {"supervisor": "team", "admin": "all"},
    "administer": {"admin": "all"},
    "site": {"supervisor": "team", "admin": "all"},
    "read_reports": {"report_reader": "all"},
    "export": {"supervisor": "team", "admin": "all"},
    "journal": {"auditor": "all", "admin": "unrestricted"},
    "self": {
        "operator": "own", "supervisor": "own", "admin": "own", "report_reader": "own", "auditor": "own",
    },
}  # fmt: skip
"""Act → role → how far. Several roles add up; a role that is not named may not."""


class Matter(Struct, frozen=True):
    """What access asks about a ticket."""

    team: str
    restricted: bool = False
    persons: frozenset[str] = frozenset()
    """Who is listed when it is restricted."""
    teams: frozenset[str] = frozenset()
    """Which teams are listed when it is restricted."""
    called: frozenset[str] = frozenset()
    """Who was called for it, holds it or raised it, while it is open."""
    standing: bool = False
    """A standing alarm burns on it."""


def scopes(person: Person, act: Act) -> frozenset[Scope]:
    """How far this person may go with this act; empty means not at all."""
    row = MATRIX[act]
    return frozenset(row[role] for role in person.roles if role in row) if person.active else frozenset()


def sees(people: People, person: Person, matter: Matter) -> bool:
    """Whether the ticket exists for this person: in lists, search, counts, pushes, live hints."""
    if not person.active:
        return False
    if matter.restricted:
        return person.id in matter.persons or bool(matter.teams & people.reach(person)) and "work" in _acts(person)
    if person.id in matter.called:
        return True
    how_far = scopes(person, "see_ticket")
    return "unrestricted" in how_far or "team" in how_far and matter.team in people.reach(person)


def may(people: People, actor: Actor, act: Act, matter: Matter | None = None) -> bool:
    """Whether the actor may do this, to this ticket where one is meant.

    The system and the console may do everything that no person has to answer for.
    """
    if actor.kind in ("system", "console"):
        return True
    person = people.persons.get(actor.person or "")
    if person is None:
        return False
    how_far = scopes(person, act)
    if matter is None:
        return bool(how_far)
    if not sees(people, person, matter):
        return False
    if act == "work" and person.id in matter.called:
        return True
    return (
        "all" in how_far
        or "unrestricted" in how_far
        or "team" in how_far and (matter.team in people.reach(person) or matter.restricted)
        or "standing" in how_far and matter.standing
    )  # fmt: skip


def _acts(person: Person) -> frozenset[Act]:
    return frozenset(act for act in MATRIX if scopes(person, act))

"""Who may do what: the one allow-matrix, and the one answer to "may they see it?".

Every door (page, API, terminal, command line) goes through `may` and `sees`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from core.people.model import Actor, People, Person, Role

Scope: TypeAlias = Literal["own", "team", "standing", "unrestricted", "level_2", "all"]
Act: TypeAlias = Literal[
    "see_ticket", "work", "step_in", "own_shift", "roster", "administer", "site",
    "read_reports", "review", "export", "journal", "self",
]  # fmt: skip

MATRIX: Final[Mapping[Act, Mapping[Role, Scope]]] = {
    "see_ticket": {"operator": "team", "supervisor": "team", "admin": "unrestricted", "auditor": "unrestricted"},
    "work": {"operator": "team", "supervisor": "team"},
    "step_in": {"supervisor": "team", "admin": "standing"},
    "own_shift": {"operator": "own", "supervisor": "own", "admin": "own"},
    "roster": {"supervisor": "team", "admin": "all"},
    "administer": {"admin": "all"},
    "site": {"supervisor": "level_2", "admin": "all"},
    "read_reports": {"report_reader": "all"},
    "review": {"supervisor": "team", "admin": "all"},
    "export": {"supervisor": "team", "admin": "all"},
    "journal": {"auditor": "unrestricted", "admin": "unrestricted"},
    "self": {
        "operator": "own", "supervisor": "own", "admin": "own", "report_reader": "own", "auditor": "own",
    },
}  # fmt: skip
"""Act → role → how far. Several roles add up; a role that is not named may not.

`unrestricted` and `all` end at a restricted ticket alike: what somebody does not see, they may do nothing with.
"""

CONSOLE_ACTS: Final[frozenset[Act]] = frozenset({"roster", "administer", "site", "export", "journal"})
"""What the server's own account may: run the desk. Tickets need a person, reports a reader."""
SYSTEM_ACTS: Final[frozenset[Act]] = frozenset(MATRIX) - {"read_reports", "self"}
"""What time, intake and the wires may: all that no person has to answer for."""


class Matter(Struct, frozen=True):
    """What access asks about a ticket. A matter of a team alone (a roster) has the team only."""

    team: str
    restricted: bool = False
    persons: frozenset[str] = frozenset()
    """Who is listed when it is restricted, and its holder."""
    teams: frozenset[str] = frozenset()
    """Which teams are listed when it is restricted: their own members, not the teams above or below."""
    called: frozenset[str] = frozenset()
    """Who was called for it, holds it or raised it, while it is open."""
    standing: bool = False
    """A standing alarm burns on it."""


def scopes(person: Person, act: Act) -> frozenset[Scope]:
    """How far this person may go with this act; empty means not at all."""
    return _scopes(person.roles, person.level >= 2, act) if person.active else frozenset()


@lru_cache(maxsize=1_024)
def _scopes(roles: frozenset[Role], chief: bool, act: Act) -> frozenset[Scope]:
    row = MATRIX[act]
    found = frozenset(row[role] for role in roles if role in row)
    return found if chief else found - {"level_2"}


def sees(people: People, person: Person, matter: Matter) -> bool:
    """Whether the ticket exists for this person: in lists, search, counts, pushes, live hints."""
    how_far = scopes(person, "see_ticket")
    if not how_far or not _admitted(person, matter):
        return False
    return "unrestricted" in how_far or _of_the_team(people, person, matter)


def may(people: People, actor: Actor, act: Act, matter: Matter | None = None) -> bool:
    """Whether the actor may do this, to this ticket where one is meant.

    Without a matter: whether they may do it anywhere; for the act `self` and other `own` acts, to what is theirs.
    """
    if actor.kind in ("system", "console"):
        return act in (SYSTEM_ACTS if actor.kind == "system" else CONSOLE_ACTS)
    person = people.persons.get(actor.person or "")
    if actor.kind != "person" or person is None:
        return False
    how_far = scopes(person, act)
    if matter is None:
        return bool(how_far)
    return sees(people, person, matter) and (
        bool(how_far & {"all", "unrestricted"})
        or ("team" in how_far and _of_the_team(people, person, matter))
        or ("standing" in how_far and matter.standing)
    )


def may_be_called(person: Person, matter: Matter) -> bool:
    """Whether a ladder may call this person for it.

    Being called gives sight and team rights, so the team does not matter: only a restriction forbids, and a role
    that works on no ticket (an admin alone, an auditor) takes no call.
    """
    return "team" in scopes(person, "work") and _admitted(person, matter)


def _admitted(person: Person, matter: Matter) -> bool:
    """Not kept out by a restriction."""
    return not matter.restricted or person.id in matter.persons or _listed_by_team(person, matter)


def _listed_by_team(person: Person, matter: Matter) -> bool:
    return "team" in scopes(person, "work") and not matter.teams.isdisjoint(person.teams)


def _of_the_team(people: People, person: Person, matter: Matter) -> bool:
    """Team rights on a ticket they see: by team, by having been called, or by being listed."""
    return matter.restricted or person.id in matter.called or matter.team in people.reach(person)

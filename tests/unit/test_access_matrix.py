"""The allow-matrix, whole: every act × every role × every situation a ticket can be in."""

from __future__ import annotations

from itertools import combinations
from typing import get_args

import pytest
from msgspec.structs import replace

from core.people.access import MATRIX, Act, Matter, may, may_be_called, sees
from core.people.model import CONSOLE, NOBODY, SYSTEM, Actor, People, Person, Role, Team

ROLES: tuple[Role, ...] = get_args(Role)
ACTS: tuple[Act, ...] = get_args(Act)
ME = "me"
I = Actor("person", ME)  # noqa: E741

SITUATIONS = {
    "own": Matter("support"),
    "child": Matter("night"),
    "parent": Matter("company"),
    "other": Matter("shop"),
    "called": Matter("shop", called=frozenset({ME})),
    "burning": Matter("shop", standing=True),
    "burning here": Matter("support", standing=True),
    "hidden": Matter("support", restricted=True),
    "hidden, other": Matter("shop", restricted=True),
    "hidden, called": Matter("support", restricted=True, called=frozenset({ME})),
    "hidden, burning": Matter("support", restricted=True, standing=True),
    "listed": Matter("shop", restricted=True, persons=frozenset({ME})),
    "listed, burning": Matter("shop", restricted=True, persons=frozenset({ME}), standing=True),
    "team listed": Matter("shop", restricted=True, teams=frozenset({"support"})),
    "parent listed": Matter("support", restricted=True, teams=frozenset({"company"})),
    "child listed": Matter("support", restricted=True, teams=frozenset({"night"})),
}
"""As seen by somebody in the team `support`, which stands below `company`, beside `shop`, above `night`."""

TEAM = frozenset({"own", "child", "called", "burning here", "listed", "listed, burning", "team listed"})
UNRESTRICTED = frozenset(
    {"own", "child", "parent", "other", "called", "burning", "burning here", "listed", "listed, burning"}
)
STANDING = frozenset({"burning", "burning here", "listed, burning"})
NEVER: frozenset[str] = frozenset()

#                operator  supervisor  admin         report_reader  auditor
WITH_A_TICKET: dict[Act, tuple[frozenset[str], ...]] = {
    "see_ticket":   (TEAM,  TEAM,       UNRESTRICTED, NEVER,         UNRESTRICTED),
    "work":         (TEAM,  TEAM,       NEVER,        NEVER,         NEVER),
    "step_in":      (NEVER, TEAM,       STANDING,     NEVER,         NEVER),
    "own_shift":    (NEVER, NEVER,      NEVER,        NEVER,         NEVER),
    "roster":       (NEVER, TEAM,       UNRESTRICTED, NEVER,         NEVER),
    "administer":   (NEVER, NEVER,      UNRESTRICTED, NEVER,         NEVER),
    "site":         (NEVER, NEVER,      UNRESTRICTED, NEVER,         NEVER),
    "read_reports": (NEVER, NEVER,      NEVER,        NEVER,         NEVER),
    "review":       (NEVER, TEAM,       UNRESTRICTED, NEVER,         NEVER),
    "export":       (NEVER, TEAM,       UNRESTRICTED, NEVER,         NEVER),
    "journal":      (NEVER, NEVER,      UNRESTRICTED, NEVER,         UNRESTRICTED),
    "self":         (NEVER, NEVER,      NEVER,        NEVER,         NEVER),
}  # fmt: skip

#                operator  supervisor  admin  report_reader  auditor
WITHOUT: dict[Act, tuple[bool, ...]] = {
    "see_ticket":   (True,  True,       True,  False,         True),
    "work":         (True,  True,       False, False,         False),
    "step_in":      (False, True,       True,  False,         False),
    "own_shift":    (True,  True,       True,  False,         False),
    "roster":       (False, True,       True,  False,         False),
    "administer":   (False, False,      True,  False,         False),
    "site":         (False, True,       True,  False,         False),
    "read_reports": (False, False,      False, True,          False),
    "review":       (False, True,       True,  False,         False),
    "export":       (False, True,       True,  False,         False),
    "journal":      (False, False,      True,  False,         True),
    "self":         (True,  True,       True,  True,          True),
}  # fmt: skip


def person(*roles: Role, level: int = 2) -> Person:
    return Person(ME, "Me", level, ("support",), frozenset(roles))


def people(who: Person) -> People:
    teams = (
        Team("company", "Company"), Team("support", "Support", "company"), Team("shop", "Shop", "company"),
        Team("night", "Night", "support"),
    )  # fmt: skip
    return People(teams={team.id: team for team in teams}, persons={who.id: who})


def allowed(act: Act, who: Person) -> set[str]:
    return {name for name, matter in SITUATIONS.items() if may(people(who), I, act, matter)}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", ACTS)
def test_each_role_does_with_a_ticket_what_the_table_says(act: Act, role: Role) -> None:
    """An act on a ticket is allowed in exactly the listed situations."""
    assert allowed(act, person(role)) == WITH_A_TICKET[act][ROLES.index(role)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", ACTS)
def test_each_role_does_without_a_ticket_what_the_table_says(act: Act, role: Role) -> None:
    """An act that means no ticket is open to exactly the listed roles."""
    assert may(people(person(role)), I, act) is WITHOUT[act][ROLES.index(role)]


def test_the_tables_leave_nothing_out() -> None:
    """Every act has its line in the matrix and in both tables, every role its column."""
    assert set(MATRIX) == set(WITH_A_TICKET) == set(WITHOUT) == set(ACTS)
    assert {len(line) for line in [*WITH_A_TICKET.values(), *WITHOUT.values()]} == {len(ROLES)}


@pytest.mark.parametrize("roles", [*combinations(ROLES, 2), *combinations(ROLES, 3)])
def test_roles_add_up_and_take_nothing_away(roles: tuple[Role, ...]) -> None:
    """With several roles, what each of them may remains, and sight stays within what they see together."""
    both = person(*roles)
    for act in ACTS:
        alone = set().union(*(allowed(act, person(role)) for role in roles))
        assert alone <= allowed(act, both) <= allowed("see_ticket", both)
        assert may(people(both), I, act) is any(may(people(person(role)), I, act) for role in roles)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("act", ACTS)
def test_who_has_left_may_nothing(act: Act, role: Role) -> None:
    """An inactive person may do nothing, in no situation, not even sign in to their own things."""
    left = replace(person(role), active=False)
    assert allowed(act, left) == set()
    assert not may(people(left), I, act)


@pytest.mark.parametrize("act", ACTS)
def test_who_is_not_signed_in_may_nothing(act: Act) -> None:
    """Nobody, an unknown person, and an actor of another kind with a person's name may do nothing."""
    directory = people(person(*ROLES))
    for stranger in (NOBODY, Actor("person", "who"), Actor("person"), Actor("nobody", ME)):
        assert not may(directory, stranger, act)
        assert not any(may(directory, stranger, act, matter) for matter in SITUATIONS.values())


def test_the_console_runs_the_desk_and_touches_no_ticket() -> None:
    """The server's own account neither sees, works nor steps in, and reads no anonymous report."""
    empty = People()
    assert {act for act in ACTS if may(empty, CONSOLE, act)} == {"roster", "administer", "site", "export", "journal"}
    assert not may(empty, CONSOLE, "work", SITUATIONS["own"])


def test_the_system_reads_no_report() -> None:
    """Time and the wires may do all that no person has to answer for."""
    assert {act for act in ACTS if not may(People(), SYSTEM, act)} == {"read_reports", "self"}


@pytest.mark.parametrize("role", ROLES)
def test_a_restricted_ticket_is_absent_for_who_is_not_listed(role: Role) -> None:
    """Neither team, role, having been called nor a burning alarm opens a restriction."""
    hidden = [name for name in SITUATIONS if name.startswith("hidden") or name in ("parent listed", "child listed")]
    assert not any(sees(people(person(role)), person(role), SITUATIONS[name]) for name in hidden)


def test_sight_comes_before_every_act() -> None:
    """Nobody may do anything with a ticket they do not see, whatever roles they have together."""
    everything = person(*ROLES)
    seen = {name for name, matter in SITUATIONS.items() if sees(people(everything), everything, matter)}
    assert all(allowed(act, everything) <= seen for act in ACTS)


def test_site_acts_begin_at_level_2() -> None:
    """A supervisor of level 1 declares no typhoon; an admin of any level may."""
    assert not may(people(person("supervisor", level=1)), I, "site")
    assert may(people(person("admin", level=1)), I, "site")


@pytest.mark.parametrize("role", ROLES)
def test_only_who_works_on_tickets_takes_calls(role: Role) -> None:
    """An operator or a supervisor of any team may be called; an admin alone, a reader, an auditor never."""
    called = {name for name, matter in SITUATIONS.items() if may_be_called(person(role), matter)}
    open_ = {name for name, matter in SITUATIONS.items() if not matter.restricted}
    works = open_ | {"listed", "listed, burning", "team listed"}
    assert called == (works if role in ("operator", "supervisor") else set())


@pytest.mark.parametrize("role", ["operator", "supervisor"])
def test_who_was_called_sees_it_and_may_work(role: Role) -> None:
    """Whoever may be called has, once called, sight and team rights, wherever the ticket is."""
    for matter in SITUATIONS.values():
        if may_be_called(person(role), matter):
            called = replace(matter, called=frozenset({ME}))
            assert may(people(person(role)), I, "work", called)
            assert may(people(person(role)), I, "step_in", called) is (role == "supervisor")

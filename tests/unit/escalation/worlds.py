"""Random desks: people with and without addresses, rotas, policies, and a moment to raise at."""

from __future__ import annotations

from typing import Final, NamedTuple

from hypothesis import strategies as st
from msgspec.structs import replace

from core.engine.ports import DAY, HOUR, MINUTE
from core.escalation.commands import RaiseEscalation
from core.escalation.model import Escalation
from core.escalation.raising import Proposal, begin
from core.escalation.seats import Scene
from core.people.access import Matter
from core.people.model import Actor, Device, Leave, People, Person, Team
from core.policy.model import Kind, Policy, Rung, Step, Target, Via
from core.roster.duty import Roster
from core.roster.model import Change, Override, Rota, Shift
from core.tickets.model import Ticket

MONDAY: Final = 1_795_359_600_000
"""2026-11-23 00:00 in Tokyo."""
NAMES: Final = ("aki", "haru", "natsu", "fuyu", "yama")
RAISER: Final = "mori"
ROTAS: Final = ("days", "nights")
minutes = st.integers(1, 40).map(lambda n: n * MINUTE)
clocks = st.sampled_from(("10:30", "09:00", "10:00", "11:00", "12:00"))
"""Shifts change while ladders climb: every raise is on some morning."""


kinds: st.SearchStrategy[Kind] = st.sampled_from(("takeover", "consult", "notify"))


class World(NamedTuple):
    """A desk, and an escalation that was just raised on it."""

    scene: Scene
    escalation: Escalation


@st.composite
def persons(draw: st.DrawFn, name: str) -> tuple[Person, tuple[Device, ...]]:
    """Somebody who may have a device, a mail address, a phone, or nothing; who may have left."""
    push, mail, phone = (draw(st.integers(0, 3)) > 0 for _ in range(3))
    person = Person(
        name, name, level=draw(st.integers(2, 4)), teams=("floor",), roles=frozenset({"supervisor"}),
        email=f"{name}@desk.example" if mail else None, phone="+81" if phone else None,
        active=draw(st.integers(0, 9)) > 0,
    )  # fmt: skip
    return person, (Device(name, name, "", "", "", ""),) if push else ()


@st.composite
def rotas(draw: st.DrawFn, name: str) -> Rota:
    """One to three weekly shifts, some over midnight."""
    people = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True).map(tuple)
    days = st.sampled_from(("mon-sun", "mon-fri", "tue,thu"))
    shifts = st.builds(Shift, days, clocks, clocks, people)
    return Rota(name, tuple(draw(st.lists(shifts, min_size=1, max_size=3))))


@st.composite
def leaves(draw: st.DrawFn, now: int) -> dict[str, tuple[Leave, ...]]:
    """Some people go on leave, or come back from it, while the ladder climbs."""
    gone = draw(st.lists(st.sampled_from(NAMES), max_size=2, unique=True))
    found: dict[str, tuple[Leave, ...]] = {}
    for id_, name in enumerate(gone, 1):
        since = now + draw(st.integers(-60, 90)) * MINUTE
        until = draw(st.one_of(st.none(), minutes.map(lambda length: length * 2)))
        found[name] = (Leave(id_, name, since, None if until is None else since + until),)
    return found


@st.composite
def changes(draw: st.DrawFn, rota: str, now: int) -> tuple[Change, ...]:
    """Overrides that begin or end while the ladder climbs."""
    found: list[Change] = []
    for id_ in range(1, draw(st.integers(0, 2)) + 1):
        since = now + draw(st.integers(-60, 90)) * MINUTE
        adds, removes = draw(st.sampled_from(NAMES)), draw(st.one_of(st.none(), st.sampled_from(NAMES)))
        until = since + draw(minutes) * 2
        found.append(Override(id_, rota, since, until, None if adds == removes else adds, removes))
    return tuple(found)


@st.composite
def rungs(draw: st.DrawFn, level: int, vias: tuple[Via, ...], *, plans: bool) -> Rung:
    """Both seats, one to three means, and times that fit in whatever order."""
    target = st.sampled_from((*(Target("person", name) for name in NAMES), Target("level", str(level))))
    if plans:
        target = st.one_of(st.sampled_from((Target("rota", "days"), Target("rota", "nights"))), target)
    seat = st.lists(target, max_size=2, unique=True).map(tuple)
    call = st.lists(target, min_size=1, max_size=2, unique=True).map(tuple)
    means = draw(st.lists(st.sampled_from(vias), min_size=1, max_size=len(vias), unique=True))
    steps = [Step(via, draw(minutes)) for via in means[:-1]]
    within, backup = draw(minutes) + MINUTE, draw(seat)
    after = draw(st.integers(1, within // MINUTE)) * MINUTE
    return Rung(level, draw(call), (*steps, Step(means[-1])), within, backup, after if backup else None)


@st.composite
def worlds(draw: st.DrawFn, vias: tuple[Via, ...] = ("push", "mail", "phone"), *, plans: bool = True) -> World:
    """An escalation as it is at the instant of its raise."""
    known = dict(zip(NAMES, (draw(persons(name)) for name in NAMES), strict=True))
    raiser = Person(RAISER, RAISER, level=1, teams=("floor",))
    people = People(
        teams={"floor": Team("floor", "floor")},
        persons={RAISER: raiser} | {name: person for name, (person, _) in known.items()},
        devices={name: devices for name, (_, devices) in known.items() if devices},
    )
    height = draw(st.sampled_from((3, 2, 1)))
    policy = Policy(
        "p", 1, {"en": "p"}, tuple(draw(rungs(2 + n, vias, plans=plans)) for n in range(height)),
        hours=draw(st.sampled_from(("duty", "always"))) if plans else "always",
        authority=draw(st.sampled_from(("joint", "passes"))), repeat=draw(st.integers(0, 2)),
    )  # fmt: skip
    now = MONDAY + draw(st.integers(0, 6)) * DAY + 10 * HOUR + draw(st.integers(-90, 120)) * MINUTE
    if plans:
        people = replace(people, leaves=draw(leaves(now)))
    roster = Roster(
        {name: draw(rotas(name)) for name in ROTAS},
        changes={name: draw(changes(name, now)) for name in ROTAS} if plans else {},
        leaves=people.leaves,
    )
    ticket = Ticket(1, "floor", "in_progress", "other", "normal", "phone", now, now, 1, matter=Matter("floor"))
    scene, by = Scene(people, roster, ticket), Actor("person", RAISER)
    decision = begin(scene, Proposal(draw(kinds), policy, 0, "chosen"), 1, by, RaiseEscalation(1), None, now)
    assert not hasattr(decision, "code"), "nobody is named"
    return World(scene, decision.escalation)

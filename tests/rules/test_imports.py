"""The import law: who may know whom. A short list, so that the storeys stay storeys."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.rules.source import Import, Module, inside, modules

STOREYS = {
    "words": 0, "engine": 1, "people": 2, "tickets": 3, "roster": 3, "reports": 3, "policy": 4, "continuity": 4,
    "escalation": 5, "deskfile": 6, "parts": 7, "sample": 8, "console": 9,
}  # fmt: skip
"""A part of the core stands on those below it; two of one storey do not know each other."""
DOMAIN = tuple(f"core.{part}" for part, storey in STOREYS.items() if storey > 1)
FRAMES = ("litestar", "textual", "pywebpush")

PURE = {"model", "commands", "events", "decide", "access", "ladder", "duty", "spans", "wall", "changes"}
"""Modules and packages of this name, anywhere in a part, neither look at a clock nor touch the world."""
WORLD = ("asyncio", "aiosqlite", "logging", "os", "time", "random", "core.engine.store", "core.engine.desk")
MOMENTS = {"now", "utcnow", "today", "uuid4", "uuid1", "time_ns", "monotonic"}

LATE = {
    ("core.words.times", "babel"): "Babel takes longer to import than a terminal may take to appear",
    ("core.roster.holidays", "holidays"): "its calendars are needed only where a desk names a country",
    ("tui.widgets.sheets", "textual.widgets.TextArea"): "its grammars are needed only when somebody writes",
    ("core.console.opening", "core.engine.store.postgres"): "psycopg is needed only where a desk lives on a server",
    ("noroshi", "web"): "the terminal and the short commands need no web server",
    ("noroshi", "push"): "nor senders",
    ("noroshi", "core.console.demo"): "nor the sample desk",
    ("core.console.commands", "core.console.moving"): "nor a second database",
    ("core.console.copies", "core.console.fetching"): "nor does the copy of a file need a server",
    ("noroshi", "tui"): "and the server needs no terminal",
}
"""Imports inside functions, for the time they cost at start, each with its reason."""


def forbidden(module: Module) -> Iterator[str]:
    """Every import of this module that must never exist."""
    for found in module.imports:
        if any(inside(found.target, target) for target in banned_to(module.name)) and not permitted(
            module.name, found.target
        ):
            yield f"{module.place}:{found.line} imports {found.target}"


def banned_to(name: str) -> tuple[str, ...]:
    """Whom a module must not know."""
    banned: list[str] = []
    if inside(name, "core", "push", "web", "tui"):
        banned += ["noroshi"]
    if inside(name, "core"):
        banned += ["web", "tui", "push", *FRAMES, *above(name)]
    if is_pure(name):
        banned += WORLD
    if "queries" in name.split(".") and inside(name, *DOMAIN):
        banned += [f"{part}.{room}" for part in DOMAIN for room in ("commands", "decide")]
    if inside(name, "web", "tui"):
        banned += ["tui" if inside(name, "web") else "web", "push", "core.engine.store", "aiosqlite", "sqlite3"]
    if inside(name, "push"):
        banned += ["web", "tui", "core"]
    return tuple(banned)


def above(name: str) -> list[str]:
    """The parts of the core that this module does not stand on."""
    part = name.split(".")[1] if "." in name else ""
    storey = STOREYS.get(part, -1)
    return [f"core.{other}" for other, its in STOREYS.items() if other != part and its >= storey > -1]


def permitted(name: str, target: str) -> bool:
    """What push may know of the core: ports, words, and the parts' model."""
    if not inside(name, "push") or not inside(target, "core"):
        return False
    words = target.split(".")
    return inside(target, "core.engine.ports", "core.words") or (len(words) > 2 and words[2] == "model")


def is_pure(name: str) -> bool:
    """Whether a module belongs to the rooms without a world."""
    return inside(name, *DOMAIN) and any(word in PURE for word in name.split(".")[2:])


def moments(module: Module) -> Iterator[str]:
    """Calls that read a clock or throw a die."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if called in MOMENTS:
                yield f"{module.place}:{node.lineno} calls {called}"


def test_nothing_imports_what_it_must_not_know() -> None:
    """No module imports what the law forbids to its storey."""
    found = modules("core", "push", "web", "tui")
    assert [line for module in found for line in forbidden(module)] == []


def test_every_part_of_the_core_has_its_storey() -> None:
    """A new part of the core is given its place in the order before anything stands on it."""
    parts = {module.name.split(".")[1] for module in modules("core") if "." in module.name}
    assert parts <= set(STOREYS)


def test_pure_modules_read_no_clock() -> None:
    """Pure modules take `now` and ids as parameters."""
    pure = [module for module in modules("core") if is_pure(module.name)]
    assert len(pure) >= 10
    assert [line for module in pure for line in moments(module)] == []


def test_there_is_no_import_cycle() -> None:
    """The modules can be put in an order in which each imports only earlier ones."""
    known = {module.name: module for module in modules()}
    graph = {name: {home(found.target, known) for found in at_import(module)} for name, module in known.items()}
    try:
        order = tuple(TopologicalSorter(graph).static_order())
    except CycleError as cycle:
        pytest.fail("a cycle: " + " → ".join(cycle.args[1]))
    assert len(order) >= len(known)


def test_imports_stand_at_the_top() -> None:
    """An import inside a function has its stated reason, and each stated reason its import."""
    local = {
        (module.name, found.target): f"{module.place}:{found.line} imports {found.target}"
        for module in modules("core", "push", "web", "tui", "noroshi.py")
        for found in module.imports
        if found.local
    }
    stated = {
        (name, target): late for late in LATE for name, target in local if late[0] == name if inside(target, late[1])
    }
    assert [line for one, line in local.items() if one not in stated] == []
    assert set(stated.values()) == set(LATE)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("core.escalation.decide", "import asyncio"),
        ("core.escalation.decide.climb", "from core.engine.store import sql"),
        ("core.tickets.model", "from os import environ"),
        ("core.engine.timers", "from core.people.model import Actor"),
        ("core.people.records", "from core.tickets import model"),
        ("core.tickets.records", "from core.roster.model import Rota"),
        ("core.policy.model", "import litestar"),
        ("core.tickets.queries", "from core.tickets.commands import CreateTicket"),
        ("core.words.speech", "from core.people.model import Language"),
        ("web.app", "import tui.keys"),
        ("tui.app", "import sqlite3"),
        ("web.api", "from push.webpush import send"),
        ("push.webpush", "from core.engine.desk import Desk"),
        ("push.webpush", "from core.people.records import people_of"),
        ("tui.app", "import noroshi"),
    ],
)
def test_the_law_notices(name: str, line: str) -> None:
    """Each clause of the law objects to what it is there for."""
    assert list(forbidden(Module(name, line)))


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("push.mail", "from core.engine.ports import Sent"),
        ("push.mail", "from core.people.model import Person"),
        ("push.mail", "from core.words import say"),
        ("core.escalation.records", "from core.roster.model import Rota"),
        ("core.escalation.decide", "from core.policy.model import Rung"),
        ("web.api", "from core.engine.desk import Desk"),
    ],
)
def test_the_law_allows(name: str, line: str) -> None:
    """What the house is built on stays allowed."""
    assert list(forbidden(Module(name, line))) == []


def test_a_clock_is_noticed() -> None:
    """A pure module that asks for the time is found out."""
    assert list(moments(Module("core.x.decide", "from datetime import datetime\nat = datetime.now()")))


def at_import(module: Module) -> Iterator[Import]:
    """What is imported when the module itself is."""
    return (found for found in module.imports if not found.local and not found.typing)


def home(target: str, known: dict[str, Module]) -> str:
    """The module that defines what is imported: `core.people.model.Actor` stands in `core.people.model`."""
    return target if target in known else target.rpartition(".")[0]

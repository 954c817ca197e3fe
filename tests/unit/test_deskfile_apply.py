"""Applying a desk file: whole or not at all, only what differs, and everybody above hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.deskfile.commands import ApplyDeskFile
from core.deskfile.diff import diff
from core.deskfile.document import Document
from core.deskfile.export import export
from core.deskfile.parse import parse
from core.deskfile.queries import CheckDesk, CurrentDesk, Findings
from core.deskfile.register import register
from core.engine.catalogue import Catalogue
from core.engine.desk import Desk
from core.engine.outcome import Done, Refusal
from core.engine.store.sql import Statement
from core.engine.store.sqlite import open_sqlite
from core.people.accounts import install_admin
from core.people.commands import InstallAdmin
from core.people.events import DirectoryChanged, PersonDeactivated
from core.people.model import CONSOLE, NOBODY, SYSTEM, Actor, Person
from core.people.records import people_of
from core.policy.model import Policy
from core.policy.records import policies_of, policy_of, rules_of
from core.roster.records import roster_of
from core.sample.furnish import document as sample
from tests.unit.documents import documents

NOW = 1_795_312_800_000
TICKET = Statement(
    "ticket",
    "INSERT INTO ticket (number, team, status, category, severity, source, created_at, updated_at, version)"
    " VALUES (1, 'it', 'new', '', 'normal', '', 0, 0, 1)",
)


class Still:
    """A clock that stands."""

    def now(self) -> int:
        return NOW

    def steady(self) -> int:
        return 0


@dataclass
class Bench:
    """A desk on a fresh file, and what the parts above would have heard."""

    desk: Desk
    left: list[str]
    heard: list[DirectoryChanged]

    async def apply(self, document: Document, by: Actor = CONSOLE) -> Done | Refusal:
        return await self.desk.handle(ApplyDeskFile(document), by)

    async def now(self, *naming: str) -> Document:
        found = await self.desk.ask(CurrentDesk(naming), CONSOLE)
        assert isinstance(found, Document)
        return found

    async def policy(self, id_: str, version: int | None = None) -> Policy | None:
        return await self.desk.store.read(lambda tx: policy_of(tx, id_, version))


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_sqlite(tmp_path / "desk.db", create=True) as store:
        catalogue = Catalogue()
        catalogue.system = SYSTEM
        register(catalogue)
        found = Bench(Desk(store, catalogue, Still(), b"key"), [], [])
        catalogue.subscribe(PersonDeactivated, lambda work, event: found.left.append(event.person))
        catalogue.subscribe(DirectoryChanged, lambda work, event: found.heard.append(event))
        yield found


async def test_a_file_becomes_the_desk(bench: Bench) -> None:
    """Everything in the file is there afterwards; the journal says what changed, by ids alone."""
    done = await bench.apply(sample())
    assert isinstance(done, Done)
    assert done.ref == len(bench.heard[0].added) + len(bench.heard[0].changed)
    assert diff(await bench.now(), sample()) == ()
    assert "person:suzuki" in bench.heard[0].added
    assert "desk" in bench.heard[0].changed
    assert not (await bench.desk.verify()).broken


async def test_applying_what_is_there_changes_nothing(bench: Bench) -> None:
    """Neither the same file again nor the exported one writes anything: no event, no version, no revision."""
    await bench.apply(sample())
    before = await bench.desk.verify()
    again = parse(export(await bench.now()), "export.toml")
    assert isinstance(again, Document)
    for document in (sample(), again):
        assert await bench.apply(document) == Done(0, NOW)
    assert await bench.desk.verify() == before
    assert [policy.version for policy in await bench.desk.store.read(policies_of)] == [1, 1, 1]


@given(chain=st.lists(documents(), min_size=1, max_size=3))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_desk_comes_back_from_the_database(bench: Bench, chain: list[Document]) -> None:
    """Whatever was there before, after applying a file the desk is what it says, and exporting it changes nothing."""
    for document in chain:
        await bench.apply(document)
        assert diff(await bench.now(), document) == ()
        exported = parse(export(await bench.now()), "export.toml")
        assert isinstance(exported, Document)
        assert await bench.apply(exported) == Done(0, NOW)


async def test_whoever_is_gone_from_the_file_has_left(bench: Bench) -> None:
    """They are inactive from now on and the parts above hear it; named again, they are back."""
    await bench.apply(sample())
    without = without_person(sample(), "ueno")
    assert isinstance(await bench.apply(without), Done)
    assert bench.left == ["ueno"]
    people = await bench.desk.store.read(people_of)
    assert not people.persons["ueno"].active
    assert bench.heard[-1].removed == ("person:ueno",)
    await bench.apply(sample())
    assert (await bench.desk.store.read(people_of)).persons["ueno"].active


async def test_the_admin_of_init_is_left_alone(bench: Bench) -> None:
    """A file that does not name them ends nobody, exports do not show them, and a file may adopt them."""
    await bench.desk.store.write(lambda tx: install_admin(bench.desk.work(tx, CONSOLE), InstallAdmin("admin", "Admin")))
    await bench.apply(sample())
    assert (await bench.desk.store.read(people_of)).persons["admin"].active
    assert "admin" not in {person.id for person in (await bench.now()).persons}
    adopting = replace(sample(), persons=(*sample().persons, Person("admin", "管理者", roles=frozenset({"admin"}))))
    await bench.apply(adopting)
    assert diff(await bench.now("admin"), adopting) == ()
    await bench.apply(sample())
    assert (await bench.desk.store.read(people_of)).persons["admin"].active
    assert bench.left == []


async def test_a_policy_gets_a_version_when_it_says_something_new(bench: Bench) -> None:
    """Old versions stay for escalations that run; what was out of force comes back as it was."""
    await bench.apply(sample())
    old = await bench.policy("complaint")
    assert old is not None
    changed = replace(sample(), policies=tuple(replace(policy, repeat=5) for policy in sample().policies))
    await bench.apply(changed)
    new = await bench.policy("complaint")
    assert new is not None
    assert (new.version, new.repeat) == (2, 5)
    assert await bench.policy("complaint", 1) == replace(old, review_by=None, owner=None)
    less = replace(sample(), policies=sample().policies[:2], teams=(), persons=(), rotas=(), rules=())
    await bench.apply(less)
    assert await bench.policy("general") is None
    assert await bench.policy("general", 2) is not None
    await bench.apply(changed)
    assert [policy.version for policy in await bench.desk.store.read(policies_of)] == [4, 2, 4]


async def test_roster_and_rules_are_read_as_written(bench: Bench) -> None:
    """The roster knows its holidays, the rules keep the order of the file, and both are read once."""
    await bench.apply(sample())
    roster = await bench.desk.store.read(roster_of)
    assert [duty.person for duty in roster.on_duty("l2", NOW)] == ["suzuki"]
    assert len(roster.holidays) > 1_000
    assert await bench.desk.store.read(roster_of) is roster
    assert [rule.id for rule in await bench.desk.store.read(rules_of)] == [rule.id for rule in sample().rules]
    await bench.apply(replace(sample(), rules=sample().rules[::-1]))
    assert [rule.id for rule in await bench.desk.store.read(rules_of)] == [rule.id for rule in sample().rules[::-1]]
    assert await bench.desk.store.read(roster_of) is roster


async def test_a_team_with_open_tickets_stays(bench: Bench) -> None:
    """Nobody would see its tickets any more: the whole file is refused, and nothing of it applied."""
    await bench.apply(sample())
    await bench.desk.store.write(lambda tx: tx.run(TICKET))
    before = await bench.desk.verify()
    persons = tuple(replace(person, teams=(), name="x") for person in sample().persons)
    gone = replace(sample(), persons=persons, teams=tuple(team for team in sample().teams if team.id != "it"))
    assert await bench.apply(gone) == Refusal("conflict", "team_in_use", values={"team": "it", "tickets": 1})
    assert diff(await bench.now(), sample()) == ()
    assert await bench.desk.verify() == before


@pytest.mark.parametrize("by", [NOBODY, Actor("person", "suzuki"), Actor("person", "nobody")])
async def test_only_console_and_admins_bring_files(bench: Bench, by: Actor) -> None:
    """Others are refused, for reading the whole desk as well as for changing it."""
    await bench.apply(sample())
    refusal = Refusal("not_allowed", "administer")
    assert await bench.apply(Document(), by) == refusal
    assert await bench.desk.ask(CurrentDesk(), by) == refusal
    assert await bench.desk.ask(CheckDesk(), by) == refusal
    assert isinstance(await bench.apply(Document(), Actor("person", "okada")), Done)


async def test_the_checker_looks_at_the_desk_or_at_a_file(bench: Bench) -> None:
    """Of the desk now it knows who has a device; of a file it says what the desk would become."""
    await bench.apply(sample())
    now = await bench.desk.ask(CheckDesk(), CONSOLE)
    bare = await bench.desk.ask(CheckDesk(replace(sample(), channels=())), CONSOLE)
    assert isinstance(now, Findings)
    assert isinstance(bare, Findings)
    assert [item for item in now.items if item.severity == "error"] == []
    assert {item.key for item in bare.items if item.severity == "warning"} >= {"finding.no_wire"}


def without_person(document: Document, id_: str) -> Document:
    return replace(document, persons=tuple(person for person in document.persons if person.id != id_))

"""The directory: one snapshot per revision, and what a desk file does to people."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.engine.ports import Params, Reader, Transaction
from core.engine.store.sql import Statement
from core.engine.store.sqlite import open_sqlite
from core.people import commands, queries
from core.people.model import CONSOLE, ChannelSetting, Hours, Level, Person, Settings, Team
from core.people.records import (
    channels_of,
    people_of,
    save_channels,
    save_levels,
    save_persons,
    save_settings,
    save_teams,
)
from tests.store.people.house import ADMIN, PERSONS, SATO, SUZUKI, House, device, hashed, person

NONE: Params = {}
FULL = Person(
    "hayashi", "林 直子", 3, ("support", "company"), frozenset({"supervisor", "auditor"}), "en", "h@tsubame.example",
    "+81-3-0000-0031", "home", frozenset({"personal_data"}), {"security": "2027-03-31"},
)  # fmt: skip


class Counting:
    """A reader that counts its statements."""

    def __init__(self, tx: Reader) -> None:
        self.tx = tx
        self.asked: list[str] = []
        self.memo: dict[str, Any] = {}

    def all(self, statement: Statement, params: Params = NONE, /) -> list[tuple[Any, ...]]:
        self.asked.append(statement.name)
        return self.tx.all(statement, params)

    def one(self, statement: Statement, params: Params = NONE, /) -> tuple[Any, ...] | None:
        self.asked.append(statement.name)
        return self.tx.one(statement, params)


async def test_what_is_saved_is_what_is_read(house: House) -> None:
    """Settings, levels, teams, persons and channels come back as they went in."""
    settings = Settings("つばめ", "Asia/Tokyo", "ja", "JP", (Hours("mon-fri", "09:00", "18:00"),))
    levels = (Level(1, {"ja": "現場", "en": "Floor"}), Level(2, {"ja": "係長"}))
    teams = (Team("company", "C", None, "complaint"), Team("support", "S", "company"))
    mail = ChannelSetting("mail", "smtp", "smtps://desk@mail.tsubame.example", "env:SECRET", "s@tsubame.example")

    def save(tx: Transaction) -> None:
        save_settings(tx, settings)
        save_levels(tx, levels)
        save_teams(tx, teams)
        save_persons(tx, [*PERSONS, FULL])
        save_channels(tx, [mail])

    await house.desk.store.write(save)
    people = await house.people()
    assert people.settings == settings
    assert tuple(people.levels.values()) == levels
    assert tuple(people.teams.values()) == teams
    assert people.persons["hayashi"] == FULL
    assert people.channels == {"push", "phone", "mail"}
    assert await house.desk.store.read(channels_of) == (mail,)


async def test_without_a_mail_server_nobody_is_reached_by_mail(house: House) -> None:
    """An address is worth nothing without a wire."""
    people = await house.people()
    assert people.persons["sato"].email
    assert not people.addresses("sato", "mail")


async def test_a_known_revision_costs_one_select(house: House) -> None:
    """The second reader of an unchanged directory asks for its revision only."""
    await house.people()

    def read(tx: Reader) -> list[str]:
        counting = Counting(tx)
        people_of(counting)
        return counting.asked

    assert await house.desk.store.read(read) == ["core.people/people.sql:revision"]


async def test_a_change_is_seen_at_once_also_inside_its_own_transaction(house: House) -> None:
    """Whoever reads after a change, in the same transaction or later, reads the new directory."""

    def change(tx: Transaction) -> bool:
        before = people_of(tx)
        save_persons(tx, [*PERSONS, FULL])
        return "hayashi" not in before.persons and "hayashi" in people_of(tx).persons

    assert await house.desk.store.write(change)
    assert "hayashi" in (await house.people()).persons


async def test_an_undone_change_leaves_no_trace_in_memory(house: House) -> None:
    """A snapshot read inside a transaction that failed is never served to anybody after it."""

    def fail(tx: Transaction) -> None:
        save_persons(tx, [*PERSONS, FULL])
        assert "hayashi" in people_of(tx).persons
        raise RuntimeError("a fault after the change")

    with pytest.raises(RuntimeError, match="a fault"):
        await house.desk.store.write(fail)
    assert "hayashi" not in (await house.people()).persons
    await house.apply(*PERSONS, replace(FULL, id="mori"))
    assert {"hayashi", "mori"} & set((await house.people()).persons) == {"mori"}


async def test_another_process_is_seen(house: House, tmp_path: Path) -> None:
    """A second store on the same file changes the directory, and the first one reads it."""
    await house.people()
    async with open_sqlite(tmp_path / "desk.db") as other:
        await other.write(lambda tx: save_persons(tx, [*PERSONS, FULL]))
    assert "hayashi" in (await house.people()).persons


async def test_two_databases_of_one_process_do_not_mix(house: House, tmp_path: Path) -> None:
    """Snapshots of one desk never answer for another, however many changes each has seen."""
    async with open_sqlite(tmp_path / "other.db", create=True) as other:
        empty, full = await asyncio.gather(other.read(people_of), house.people())
        assert not empty.persons
        assert full.persons
        await other.write(lambda tx: save_persons(tx, [FULL]))
        assert set((await other.read(people_of)).persons) == {"hayashi"}
        assert set((await house.people()).persons) == {"sato", "suzuki", "boss", "admin"}


async def test_who_is_named_no_more_has_left(house: House) -> None:
    """A desk file that does not name a person ends them: inactive, signed out, without devices, tokens, invites."""
    await house.did(device(), SATO)
    await house.did(commands.OpenSession("sato", hashed("s")), SATO)
    await house.did(commands.IssueToken("sato", hashed("t")), SATO)
    await house.did(commands.IssueInvite("sato", hashed("i")), ADMIN)
    await house.did(commands.SetPassword("$argon2id$x", hashed("s")), SATO)
    await house.did(commands.IssueInvite("sato", hashed("i")), ADMIN)
    assert await house.apply(*PERSONS[1:]) == ("sato",)
    people = await house.people()
    assert not people.persons["sato"].active
    assert "sato" not in people.devices
    assert isinstance(await house.desk.ask(queries.Authenticate(hashed("s"), "session"), SATO), Refusal)
    assert isinstance(await house.desk.ask(queries.Authenticate(hashed("t"), "token"), SATO), Refusal)
    assert await house.refused(commands.UseInvite(hashed("i"), hashed("n")), SATO) == "unauthenticated invite"
    assert (await house.desk.ask(queries.PasswordOf("sato"), SATO)).encoded is None


async def test_who_comes_back_begins_anew(house: House) -> None:
    """A person who is named again is active again, without the accounts of before; twice told is once left."""
    await house.did(commands.IssueToken("sato", hashed("t")), SATO)
    await house.apply(*PERSONS[1:])
    assert await house.apply(*PERSONS[1:]) == ()
    assert await house.apply(*PERSONS) == ()
    assert (await house.people()).persons["sato"] == PERSONS[0]
    assert isinstance(await house.desk.ask(queries.Authenticate(hashed("t"), "token"), SATO), Refusal)


async def test_the_admin_made_by_init_stays(house: House) -> None:
    """A desk file leaves the installed admin alone, and installing twice is once."""
    assert await house.apply(person("mori", "operator")) == ("boss", "sato", "suzuki")
    admin = (await house.people()).persons["admin"]
    assert (admin.active, admin.installed, list(admin.roles)) == (True, True, ["admin"])
    assert (await house.did(commands.InstallAdmin("other"), CONSOLE)).again
    assert await house.refused(commands.InstallAdmin(), SUZUKI) == "not_allowed administer"


async def test_each_person_has_a_stream_of_their_own(house: House) -> None:
    """The journal of one person's accounts chains apart from everybody else's."""
    await house.apply(*PERSONS, FULL)
    for by in (SATO, SUZUKI):
        await house.did(commands.OpenSession(by.person or "", hashed(f"{by}")), by)
    verified = await house.desk.verify()
    assert (verified.streams, verified.broken) == (3, ())


async def test_the_mode_is_no_setting(house: House) -> None:
    """A desk file does not end a typhoon."""
    remote = Statement("mode", "UPDATE settings SET mode = 'remote' WHERE id = 1")

    def storm(tx: Transaction) -> None:
        tx.run(remote)
        save_settings(tx, Settings("Renamed"))

    await house.desk.store.write(storm)
    settings = (await house.people()).settings
    assert (settings.name, settings.mode) == ("Renamed", "remote")

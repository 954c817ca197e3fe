"""The directory in the database: read as one snapshot, changed by the desk file and by `init`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, TypeVar

import msgspec

from core.engine.ports import Reader, Transaction
from core.engine.shapes import decode
from core.engine.store.sql import SqlFile
from core.people.model import (
    ChannelSetting,
    Device,
    Hours,
    Leave,
    Level,
    People,
    Person,
    Quiet,
    Settings,
    Team,
    means,
)

SQL: Final = SqlFile("core.people", "people.sql")
ACCOUNTS: Final = SqlFile("core.people", "accounts.sql")
LEAVE: Final = SqlFile("core.people", "leave.sql")
KEPT: Final = 4
T = TypeVar("T")
_stable: Final = msgspec.json.Encoder(order="deterministic").encode


class _Snapshots:
    """The newest few snapshots of this process, by revision.

    A revision is a hash over every change that led to it, so equal revisions mean equal directories: in another
    process, in another database, and after a transaction was undone. Nothing here can ever be out of date.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[str, People], ...] = ()

    def get(self, revision: str) -> People | None:
        return next((people for known, people in self._kept if known == revision), None)

    def put(self, revision: str, people: People) -> None:
        # One assignment of a whole tuple: readers on other threads see the old one or the new one.
        self._kept = ((revision, people), *self._kept[: KEPT - 1])


_snapshots: Final = _Snapshots()


def people_of(tx: Reader) -> People:
    """The directory as this transaction sees it. One select when its revision is known."""
    known: People | None = tx.memo.get("people")
    if known is not None:
        return known
    revision = _revision(tx)
    people = _snapshots.get(revision)
    if people is None:
        people = _load(tx)
        _snapshots.put(revision, people)
    tx.memo["people"] = people
    return people


def changed(tx: Transaction, *what: Any) -> None:
    """Write a new revision. `what` must determine the change: it is what makes equal revisions equal directories."""
    revision = hashlib.sha256(_revision(tx).encode() + _stable(what)).hexdigest()
    tx.run(SQL["revision_set"], {"revision": revision})
    tx.memo.clear()


def channels_of(tx: Reader) -> tuple[ChannelSetting, ...]:
    """The wires of the desk file."""
    return tuple(
        ChannelSetting(id_, kind, url, password, sender) for id_, kind, url, password, sender in tx.all(SQL["channels"])
    )


def number_of(tx: Reader, person: str) -> int:
    """The id of this person's stream in the journal; LookupError when there is no such person."""
    row = tx.one(SQL["person_number"], {"person": person})
    if row is None:
        raise LookupError(person)
    return int(row[0])


def person_of(tx: Reader, number: int) -> str | None:
    """Whose stream this is."""
    row = tx.one(SQL["person_by_number"], {"number": number})
    return None if row is None else str(row[0])


def save_settings(tx: Transaction, settings: Settings) -> None:
    """All but the mode, which is no setting but a state of the desk."""
    tx.run(
        SQL["settings_save"],
        {
            "name": settings.name, "timezone": settings.timezone, "language": settings.language,
            "holidays": settings.holidays, "hours": _text(settings.hours), "quiet": _quiet_text(settings.quiet),
            "watchdog": settings.watchdog,
        },
    )  # fmt: skip
    changed(tx, "settings", settings)


def save_channels(tx: Transaction, channels: Sequence[ChannelSetting]) -> None:
    """Exactly these wires."""
    tx.run(SQL["channels_clear"])
    tx.many(SQL["channel_add"], [msgspec.structs.asdict(channel) for channel in channels])
    changed(tx, "channels", channels)


def save_levels(tx: Transaction, levels: Sequence[Level]) -> None:
    """Exactly these levels."""
    tx.run(SQL["levels_clear"])
    tx.many(SQL["level_add"], [{"number": level.number, "names": _text(level.names)} for level in levels])
    changed(tx, "levels", levels)


def save_teams(tx: Transaction, teams: Sequence[Team]) -> None:
    """Exactly these teams."""
    tx.run(SQL["teams_clear"])
    tx.many(SQL["team_add"], [msgspec.structs.asdict(team) for team in teams])
    changed(tx, "teams", teams)


def save_persons(tx: Transaction, persons: Sequence[Person]) -> tuple[str, ...]:
    """These persons are active; the ids of those who were and are no longer named, and so have left.

    Whoever leaves loses devices, sessions, tokens, invites, password and PIN. The admin made by `init` never leaves.
    """
    states = {id_: (active, installed) for id_, active, installed in tx.all(SQL["person_states"])}
    new = [person for person in persons if person.id not in states]
    if new:
        add_persons(tx, new)
    tx.many(SQL["person_save"], [_row(person) for person in persons if person.id in states])
    named = {person.id for person in persons}
    left = sorted(id_ for id_, (active, installed) in states.items() if active and not installed and id_ not in named)
    for person in left:
        _end(tx, person)
    changed(tx, "persons", persons)
    return tuple(left)


def add_persons(tx: Transaction, persons: Sequence[Person]) -> None:
    """New persons, each with a stream of their own. The caller writes the revision."""
    first = tx.new_ids("person", len(persons))
    tx.many(
        SQL["person_add"],
        [
            {**_row(person), "number": first + place, "installed": int(person.installed)}
            for place, person in enumerate(persons)
        ],
    )


def _end(tx: Transaction, person: str) -> None:
    whose = {"person": person}
    tx.run(SQL["person_end"], whose)
    tx.run(SQL["devices_end"], whose)
    tx.run(ACCOUNTS["sessions_close"], {**whose, "keep": b""})
    tx.run(ACCOUNTS["tokens_end"], whose)
    tx.run(ACCOUNTS["invites_spend"], whose)
    tx.run(ACCOUNTS["password_end"], whose)
    tx.run(ACCOUNTS["pin_end"], whose)
    tx.run(LEAVE["leaves_end"], whose)
    tx.run(LEAVE["home_days_end"], whose)


def _revision(tx: Reader) -> str:
    row = tx.one(SQL["revision"])
    assert row is not None, "migration 002 writes the row"
    return str(row[0])


def _load(tx: Reader) -> People:
    wires = [channel.kind for channel in channels_of(tx)]
    devices: dict[str, tuple[Device, ...]] = {}
    for row in tx.all(SQL["devices"]):
        device = device_from(row)
        devices[device.person] = (*devices.get(device.person, ()), device)
    return People(
        settings=_settings(tx.one(SQL["settings"])),
        levels={number: Level(number, _value(names, dict[str, str])) for number, names in tx.all(SQL["levels"])},
        teams={row[0]: Team(*row) for row in tx.all(SQL["teams"])},
        persons={row[0]: _person(row) for row in tx.all(SQL["persons"])},
        devices=devices,
        leaves=_leaves(tx),
        home_days=_home_days(tx),
        channels=means(wires),
    )


def _leaves(tx: Reader) -> dict[str, tuple[Leave, ...]]:
    found: dict[str, tuple[Leave, ...]] = {}
    for row in tx.all(LEAVE["leaves"]):
        leave = Leave(*row)
        found[leave.person] = (*found.get(leave.person, ()), leave)
    return found


def _home_days(tx: Reader) -> dict[str, frozenset[date]]:
    found: dict[str, frozenset[date]] = {}
    for person, day in tx.all(LEAVE["home_days"]):
        found[person] = found.get(person, frozenset()) | {date.fromisoformat(day)}
    return found


def device_from(row: tuple[Any, ...]) -> Device:
    """A row of `device`, in the order every statement here selects it."""
    id_, person, name, endpoint, p256dh, auth, platform, sends_receipts, created_at = row
    return Device(str(id_), person, name, endpoint, p256dh, auth, platform, bool(sends_receipts), created_at)


def _settings(row: tuple[Any, ...] | None) -> Settings:
    if row is None:
        return Settings()
    name, timezone, language, holidays, hours, mode, quiet, watchdog = row
    open_ = _value(hours, tuple[Hours, ...])
    return Settings(name, timezone, language, holidays, open_, mode, _quiet(quiet), watchdog)


def _person(row: tuple[Any, ...]) -> Person:
    id_, name, level, teams, roles, language, email, phone, place, clearance, certificates, active, installed = row[:13]
    chat, quiet = row[13:]
    return Person(
        id_, name, level, _value(teams, tuple[str, ...]), _value(roles, frozenset), language, email, phone, place,
        _value(clearance, frozenset[str]), _value(certificates, dict[str, str]), bool(active), bool(installed), chat,
        _quiet(quiet),
    )  # fmt: skip


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id, "name": person.name, "level": person.level, "teams": _text(person.teams),
        "roles": _text(person.roles), "language": person.language, "email": person.email, "phone": person.phone,
        "place": person.place, "clearance": _text(person.clearance), "certificates": _text(person.certificates),
        "chat": person.chat, "quiet": _quiet_text(person.quiet),
    }  # fmt: skip


def _quiet(text: str | None) -> Quiet | None:
    return None if text is None else _value(text, Quiet)


def _quiet_text(quiet: Quiet | None) -> str | None:
    return None if quiet is None else _text(quiet)


def _text(value: Any) -> str:
    return _stable(value).decode()


def _value(text: str, shape: type[T]) -> T:
    return decode(text, shape)

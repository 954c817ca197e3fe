"""A small house on a real SQLite file: people, devices, and a clock that is set by hand."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec import Struct

from core.engine.desk import Desk
from core.engine.outcome import Done, Refusal
from core.engine.ports import Transaction
from core.engine.store.sql import Statement
from core.people import commands
from core.people.model import Actor, Level, People, Person, Role, Settings, Team
from core.people.records import people_of, save_levels, save_persons, save_settings, save_teams
from tests.clock import HandClock

START = 1_773_000_000_000
JOURNAL = Statement("journal", "SELECT actor, type, data FROM journal ORDER BY id")
SATO, SUZUKI, ADMIN = (Actor("person", name) for name in ("sato", "suzuki", "boss"))


def person(name: str, role: Role, level: int = 1) -> Person:
    return Person(name, name.title(), level, ("support",), frozenset({role}), email=f"{name}@tsubame.example")


PERSONS = (person("sato", "operator"), person("suzuki", "supervisor", 2), person("boss", "admin", 3))
POINT = urlsafe_b64encode(
    ec.generate_private_key(ec.SECP256R1())
    .public_key()
    .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
).decode()


def device(endpoint: str = "phone", name: str = "Pixel") -> commands.RegisterDevice:
    keys = commands.DeviceKeys(POINT.rstrip("="), "YWFhYWFhYWFhYWFhYWFhYQ")
    return commands.RegisterDevice(f"https://fcm.googleapis.com/fcm/send/{endpoint}", keys, name, "Android")


def hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


class House:
    """A desk, and short ways to speak to it."""

    def __init__(self, desk: Desk, clock: HandClock) -> None:
        self.desk = desk
        self.clock = clock

    async def did(self, command: Struct, by: Actor) -> Done:
        """Hand it in; it must happen."""
        outcome = await self.desk.handle(command, by)
        assert isinstance(outcome, Done), outcome
        return outcome

    async def refused(self, command: Struct, by: Actor) -> str:
        """Hand it in; it must not happen. The code and the words."""
        outcome = await self.desk.handle(command, by)
        assert isinstance(outcome, Refusal), outcome
        return f"{outcome.code} {outcome.detail}"

    async def people(self) -> People:
        return await self.desk.store.read(people_of)

    async def apply(self, *persons: Person) -> tuple[str, ...]:
        """What the desk file part does."""
        return await self.desk.store.write(lambda tx: save_persons(tx, persons))

    async def journal(self) -> str:
        """Every word of the journal."""
        rows = await self.desk.store.read(lambda tx: tx.all(JOURNAL))
        return "\n".join(f"{actor} {kind} {data}" for actor, kind, data in rows)


def found(tx: Transaction) -> None:
    """The directory of the house."""
    save_settings(tx, Settings("Tsubame"))
    save_levels(tx, [Level(number, {"ja": f"L{number}", "en": f"L{number}"}) for number in (1, 2, 3)])
    save_teams(tx, [Team("support", "Support", "company"), Team("company", "Company")])
    save_persons(tx, PERSONS)

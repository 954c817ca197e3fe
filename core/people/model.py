"""Frozen values of the people part, and the directory that every decision reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from msgspec import Struct, field

Language: TypeAlias = Literal["ja", "en"]
Role: TypeAlias = Literal["operator", "supervisor", "admin", "report_reader", "auditor"]
Place: TypeAlias = Literal["site", "home"]
Mode: TypeAlias = Literal["normal", "advisory", "remote"]
ChannelKind: TypeAlias = Literal["smtp", "mailbox", "chat", "webhook", "intake"]


class Hours(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A span of the week; `days` as `mon-fri`, `sat,sun`; `end` ≤ `start` ends the next day."""

    days: str
    start: str
    """HH:MM, local time of the desk."""
    end: str


class Quiet(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """Every day from `start` to `end` (of the next day where it is earlier): calls only, no information."""

    start: str
    """HH:MM, local time of the desk."""
    end: str


class Settings(Struct, frozen=True):
    """The desk itself."""

    name: str = "Noroshi"
    timezone: str = "Asia/Tokyo"
    language: Language = "ja"
    holidays: str | None = None
    """ISO country code of the public holidays, or None."""
    hours: tuple[Hours, ...] = ()
    mode: Mode = "normal"
    quiet: Quiet | None = None
    """Of whoever names no own."""
    watchdog: str | None = None
    """Where the address is that is called while all is well: `env:NAME`, `file:PATH`."""


class Level(Struct, frozen=True):
    """One step of the hierarchy; names by language."""

    number: int
    names: Mapping[str, str]


class Team(Struct, frozen=True):
    """A team; `parent` is the team above it."""

    id: str
    name: str
    parent: str | None = None
    default_policy: str | None = None


class Person(Struct, frozen=True):
    """Somebody who works here (or did: `active` is False then)."""

    id: str
    name: str
    level: int = 1
    teams: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset({"operator"})
    language: Language = "ja"
    email: str | None = None
    phone: str | None = None
    place: Place = "site"
    clearance: frozenset[str] = frozenset()
    certificates: Mapping[str, str] = field(default_factory=dict)
    """Name → ISO date it ends."""
    active: bool = True
    installed: bool = False
    """Made by `init`: a desk file that does not name this person does not end them."""
    chat: str | None = None
    """`CHANNEL` or `CHANNEL:NAME`: the chat channel, and who they are there where its address leaves that open."""
    quiet: Quiet | None = None


class Device(Struct, frozen=True):
    """A browser that takes Web Push for one person."""

    id: str
    person: str
    name: str
    endpoint: str
    p256dh: str
    auth: str
    platform: str = ""
    sends_receipts: bool = False
    """True once it has reported a notification as shown; only then is silence evidence."""
    created_at: int = 0


class Leave(Struct, frozen=True):
    """A time in which somebody is away: no ladder calls them, no rota has them on duty. The end is not part of it."""

    id: int
    person: str
    since: int
    until: int | None = None
    """None: until further notice."""

    def holds(self, at: int) -> bool:
        """Whether they are away at this time."""
        return self.since <= at and (self.until is None or at < self.until)


class ChannelSetting(Struct, frozen=True, rename={"sender": "from"}):
    """A wire of the desk file: a mail server, a mailbox, a chat address.

    `password` names the secret (`env:NAME`, `file:PATH`); the secret itself is nowhere in the database.
    """

    id: str
    kind: ChannelKind
    url: str
    password: str | None = None
    sender: str | None = None


def means(kinds: Iterable[ChannelKind]) -> frozenset[str]:
    """By which means people are reached where these kinds of channel are set."""
    wired = {"smtp": "mail", "chat": "chat"}
    return frozenset({"push", "phone", *(wired[kind] for kind in kinds if kind in wired)})


class Actor(Struct, frozen=True):
    """Who gives a command: a person, the system itself, or the console of the server."""

    kind: Literal["person", "system", "console", "nobody"]
    person: str | None = None

    def __str__(self) -> str:
        return self.person or self.kind


SYSTEM = Actor("system")
CONSOLE = Actor("console")
NOBODY = Actor("nobody")
"""Somebody not signed in yet: may sign in, and nothing else."""


class People(Struct, frozen=True, dict=True):
    """The directory at one revision: an immutable snapshot."""

    settings: Settings = Settings()
    levels: Mapping[int, Level] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    persons: Mapping[str, Person] = field(default_factory=dict)
    devices: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)
    """By person, live ones only."""
    channels: frozenset[str] = frozenset({"push", "mail", "phone"})
    """The means of contact this desk can use: push and phone always, mail and chat where a channel is set."""
    leaves: Mapping[str, tuple[Leave, ...]] = field(default_factory=dict)
    """By person, in the order they were made."""
    home_days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    """By person: local days on which they work from home, whatever the roster says."""

    def line(self, team: str) -> Iterator[str]:
        """The team and its parents, nearest first."""
        seen: set[str] = set()
        at: str | None = team
        while at is not None and at in self.teams and at not in seen:
            seen.add(at)
            yield at
            at = self.teams[at].parent

    @cached_property
    def _below(self) -> Mapping[str, frozenset[str]]:
        below: dict[str, set[str]] = {team: set() for team in self.teams}
        for team in self.teams:
            for above in self.line(team):
                below[above].add(team)
        return {team: frozenset(all_) for team, all_ in below.items()}

    def reach(self, person: Person) -> frozenset[str]:
        """The person's own teams and all teams below them."""
        known = self._reach.get(person.teams)
        if known is None:
            known = frozenset[str]().union(*(self._below.get(team, frozenset()) for team in person.teams))
            self._reach[person.teams] = known
        return known

    @cached_property
    def _reach(self) -> dict[tuple[str, ...], frozenset[str]]:
        return {}

    def addresses(self, person: str, channel: str) -> bool:
        """Whether this channel has an address for the person."""
        return channel in self.means(person)

    def means(self, person: str) -> frozenset[str]:
        """The channels that have an address for the person."""
        found = self._means.get(person)
        if found is None:
            found = self._means[person] = self.channels & self._addressed(person)
        return found

    @cached_property
    def _means(self) -> dict[str, frozenset[str]]:
        return {}

    def _addressed(self, person: str) -> frozenset[str]:
        known = self.persons.get(person)
        if known is None:
            return frozenset()
        given = {"push": self.devices.get(person), "mail": known.email, "phone": known.phone, "chat": known.chat}
        return frozenset(channel for channel, address in given.items() if address)

    def device(self, person: str, device: str) -> Device | None:
        """This device, if it is this person's now."""
        return next((known for known in self.devices.get(person, ()) if known.id == device), None)

    def away(self, person: str, at: int) -> bool:
        """Whether this person is on leave at a time. Being on no shift is not away."""
        return any(leave.holds(at) for leave in self.leaves.get(person, ()))

    def next_leave(self, persons: Iterable[str], after: int) -> int | None:
        """The first time after `after` at which one of these persons goes on leave."""
        starts = (leave.since for person in persons for leave in self.leaves.get(person, ()) if leave.since > after)
        return min(starts, default=None)

    def next_absence(self, persons: Iterable[str], after: int) -> int | None:
        """The first time after `after` at which one of these persons goes on leave or comes back."""
        known = [leave for person in persons for leave in self.leaves.get(person, ())]
        edges = (at for leave in known for at in (leave.since, leave.until) if at is not None and at > after)
        return min(edges, default=None)

    def present(self, person: str, at: int) -> bool:
        """Active and not away at a time."""
        known = self.persons.get(person)
        return known is not None and known.active and not self.away(person, at)

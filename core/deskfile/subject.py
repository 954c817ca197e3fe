"""What the checker looks at: the desk that a file makes, with what the running desk knows beside its file. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from core.deskfile.document import Document
from core.deskfile.findings import Finding, Severity
from core.people.access import scopes
from core.people.model import ChannelSetting, Device, Mode, People, means
from core.policy.model import Policy, Rule, Target
from core.roster.duty import Roster
from core.roster.holidays import public_holidays
from core.roster.wall import local


class Recorded(Struct, frozen=True):
    """What stands in no file: devices, leave and home days of people; changes of the roster; what devices took."""

    people: People = People()
    roster: Roster = Roster()
    heard: Mapping[str, int] = field(default_factory=dict)
    """By device id: when a push last reached it (ms), or when it was registered."""


class Subject(Struct, frozen=True):
    """A desk as the checker looks at it, with a roster for every mode that changes who is on duty."""

    people: People
    rosters: Mapping[Mode, Roster]
    policies: Sequence[Policy]
    rules: Sequence[Rule]
    channels: Sequence[ChannelSetting]
    now: int
    heard: Mapping[str, int] = field(default_factory=dict)

    def found(self, severity: Severity, where: str, key: str, **values: object) -> Finding:
        """A finding whose times are told in the desk's zone."""
        return Finding(severity, where, f"finding.{key}", values, self.people.settings.timezone)

    def today(self) -> date:
        """The day it is at the desk."""
        return local(ZoneInfo(self.people.settings.timezone), self.now).date()

    def members(self, target: Target) -> frozenset[str]:
        """Everybody whom a target can ever mean; of a level or a team, those who take calls."""
        persons = [person for person in self.people.persons.values() if scopes(person, "work")]
        match target.kind:
            case "person":
                return frozenset({target.id})
            case "team":
                return frozenset(person.id for person in persons if target.id in person.teams)
            case "level":
                return frozenset(person.id for person in persons if person.level == int(target.id))
            case "rota":
                roster = self.rosters["normal"]
                standing = (rota.id for rota in roster.rotas.values() if target.id in (rota.id, rota.replaces))
                return frozenset(person for rota in standing for person in roster.members(rota))


def subject_of(document: Document, now: int, recorded: Recorded | None) -> Subject:
    """The desk of a document. Without anything recorded (a bare file), everybody may still sign in on a phone."""
    known = recorded or Recorded(People(devices=_as_if(document)))
    settings = document.settings
    people = People(
        settings,
        {level.number: level for level in document.levels},
        {team.id: team for team in document.teams},
        {person.id: person for person in document.persons},
        known.people.devices,
        means(channel.kind for channel in document.channels),
        known.people.leaves,
        known.people.home_days,
    )
    normal = replace(
        known.roster,
        rotas={rota.id: rota for rota in document.rotas},
        timezone=settings.timezone,
        holidays=public_holidays(settings.holidays),
        mode="normal",
    )
    modes: list[Mode] = sorted({rota.mode for rota in document.rotas if rota.mode and rota.mode != "normal"})
    rosters: dict[Mode, Roster] = {"normal": normal, **{mode: replace(normal, mode=mode) for mode in modes}}
    return Subject(people, rosters, document.policies, document.rules, document.channels, now, known.heard)


def _as_if(document: Document) -> Mapping[str, tuple[Device, ...]]:
    persons: Iterable[str] = (person.id for person in document.persons)
    return {person: (Device("", person, "", "", "", ""),) for person in persons}

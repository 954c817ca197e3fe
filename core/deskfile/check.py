"""`noroshi check`: proves that every ladder leads to somebody, and names what does not do what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from core.deskfile.document import Document
from core.deskfile.findings import ORDER, Finding
from core.deskfile.ladders import Subject, ladder_findings, members
from core.people.access import scopes
from core.people.model import Device, Mode, People, means
from core.policy.model import Then
from core.roster.duty import Roster
from core.roster.holidays import public_holidays
from core.roster.wall import local

SOON: Final = timedelta(days=30)
SERVED: Final = frozenset({"smtp", "chat"})
"""Kinds of `[[channel]]` that this version sends or receives through."""


def check(
    document: Document,
    now: int,
    devices: Mapping[str, tuple[Device, ...]] | None = None,
    known: Roster | None = None,
) -> list[Finding]:
    """Everything found, worst first. `devices`: by person; None where they are not known, as of a bare file.

    `known`: the roster of the desk, whose overrides, plans and leave hold whatever the file says.
    """
    subject = _subject(document, now, devices, known or Roster())
    found = [finding for policy in subject.policies for finding in ladder_findings(subject, policy)]
    found += [*_persons(subject), *_rotas(subject), *_teams(subject), *_rules(subject), *_wires(subject)]
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def _subject(document: Document, now: int, devices: Mapping[str, tuple[Device, ...]] | None, known: Roster) -> Subject:
    people = People(
        document.settings,
        {level.number: level for level in document.levels},
        {team.id: team for team in document.teams},
        {person.id: person for person in document.persons},
        # A person of whom nothing is known yet may still sign in on a phone.
        {person.id: (Device("", person.id, "", "", "", ""),) for person in document.persons}
        if devices is None
        else devices,
        means(channel.kind for channel in document.channels),
        known.leaves,
    )
    rotas = {rota.id: rota for rota in document.rotas}
    settings = document.settings
    normal = replace(
        known, rotas=rotas, timezone=settings.timezone, holidays=public_holidays(settings.holidays), mode="normal"
    )
    modes: list[Mode] = sorted({rota.mode for rota in document.rotas if rota.mode})
    rosters: dict[Mode, Roster] = {"normal": normal, **{mode: replace(normal, mode=mode) for mode in modes}}
    return Subject(people, rosters, document.policies, document.rules, document.channels, now)


def _persons(subject: Subject) -> Iterator[Finding]:
    called: dict[str, set[str]] = {}
    for policy in subject.policies:
        for rung in policy.rungs:
            for target in (*rung.call, *rung.backup):
                for person in members(subject, target):
                    called.setdefault(person, set()).update(step.via for step in rung.channels)
    for person, channels in sorted(called.items()):
        if not scopes(subject.people.persons[person], "work"):
            yield subject.found("error", f"person:{person}", "takes_no_calls")
        elif not any(subject.people.addresses(person, via) for via in channels):
            yield subject.found("error", f"person:{person}", "no_channel", channels=", ".join(sorted(channels)))
    today = _today(subject)
    for known in subject.people.persons.values():
        for name, day in sorted(known.certificates.items()):
            yield from _expiry(subject, f"person:{known.id}", name, date.fromisoformat(day), today)


def _expiry(subject: Subject, where: str, name: str, ends: date, today: date) -> Iterator[Finding]:
    if ends < today:
        yield subject.found("warning", where, "expired", name=name, day=ends.isoformat())
    elif ends - today <= SOON:
        yield subject.found("note", where, "expires", name=name, day=ends.isoformat())


def _rotas(subject: Subject) -> Iterator[Finding]:
    for rota in subject.rosters["normal"].rotas.values():
        rotation = rota.rotation.people if rota.rotation else ()
        if not rotation and not any(shift.people for shift in rota.shifts):
            yield subject.found("warning", f"rota:{rota.id}", "empty_rota")


def _teams(subject: Subject) -> Iterator[Finding]:
    teams = subject.people.teams
    for team in teams:
        if not any(teams[above].default_policy for above in subject.people.line(team)):
            yield subject.found("warning", f"team:{team}", "no_policy")


def _rules(subject: Subject) -> Iterator[Finding]:
    today = _today(subject)
    always: str | None = None
    for rule in subject.rules:
        where = f"rule:{rule.id}"
        yield from _leads_nowhere(subject, where, rule.then)
        if always is not None:
            yield subject.found("warning", where, "never_speaks", rule=always)
        elif rule.when == type(rule.when)():
            always = rule.id
        if rule.review_by and date.fromisoformat(rule.review_by) < today:
            yield subject.found("warning", where, "review_due", day=rule.review_by)


def _leads_nowhere(subject: Subject, where: str, then: Then) -> Iterator[Finding]:
    """A raise by such a rule would be refused."""
    defaults = {team.default_policy for team in subject.people.teams.values()}
    chosen = {then.policy} if then.policy else defaults
    for policy in subject.policies:
        if policy.id in chosen and then.level and all(rung.level < then.level for rung in policy.rungs):
            yield subject.found("error", where, "no_rung", level=then.level, policy=policy.id)


def _wires(subject: Subject) -> Iterator[Finding]:
    for channel in subject.channels:
        if channel.kind not in SERVED:
            yield subject.found("warning", f"channel:{channel.id}", "not_served", kind=channel.kind)
    used = {(step.via, policy.id) for policy in subject.policies for rung in policy.rungs for step in rung.channels}
    used |= {(via, policy.id) for policy in subject.policies for via in policy.record}
    for via, policy in sorted(used):
        if via not in subject.people.channels:
            yield subject.found("warning", f"policy:{policy}", "no_wire", via=via)


def _today(subject: Subject) -> date:
    return local(ZoneInfo(subject.people.settings.timezone), subject.now).date()

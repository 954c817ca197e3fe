"""People whom a ladder calls and nothing reaches, and what of theirs has ended or fallen silent. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from core.deskfile.findings import Finding
from core.deskfile.subject import Subject
from core.people.access import scopes
from core.roster.duty import DAY

SOON: Final = timedelta(days=30)
SILENT: Final = 60 * DAY
"""A device that took no push for so long may have lost its subscription without a word."""


def persons(subject: Subject) -> Iterator[Finding]:
    """Everything there is to say about people."""
    for person, channels in sorted(_called(subject).items()):
        where = f"person:{person}"
        if not scopes(subject.people.persons[person], "work"):
            yield subject.found("error", where, "takes_no_calls")
        elif not any(subject.people.addresses(person, via) for via in channels):
            yield subject.found("error", where, "no_channel", channels=", ".join(sorted(channels)))
        elif "push" in channels:
            yield from _silent(subject, person)
    today = subject.today()
    for known in subject.people.persons.values():
        for name, day in sorted(known.certificates.items()):
            yield from _expiry(subject, f"person:{known.id}", name, date.fromisoformat(day), today)


def _called(subject: Subject) -> dict[str, set[str]]:
    """Who is on a ladder, and by which means."""
    called: dict[str, set[str]] = {}
    for policy in subject.policies:
        for rung in policy.rungs:
            for target in (*rung.call, *rung.backup):
                for person in subject.members(target):
                    called.setdefault(person, set()).update(step.via for step in rung.channels)
    return called


def _silent(subject: Subject, person: str) -> Iterator[Finding]:
    """Of several devices one that is heard of is enough."""
    times = [
        subject.heard[device.id] for device in subject.people.devices.get(person, ()) if device.id in subject.heard
    ]
    if times and max(times) <= subject.now - SILENT:
        yield subject.found("note", f"person:{person}", "silent", since_at=max(times))


def _expiry(subject: Subject, where: str, name: str, ends: date, today: date) -> Iterator[Finding]:
    if ends < today:
        yield subject.found("warning", where, "expired", name=name, day=ends.isoformat())
    elif ends - today <= SOON:
        yield subject.found("note", where, "expires", name=name, day=ends.isoformat())

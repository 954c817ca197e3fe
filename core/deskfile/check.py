"""`noroshi check`: proves that every ladder leads to somebody, and names what does not do what it says. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from core.deskfile.check_ladders import ladders
from core.deskfile.check_people import persons
from core.deskfile.check_rules import rules
from core.deskfile.document import Document
from core.deskfile.findings import ORDER, Finding
from core.deskfile.subject import Recorded, Subject, subject_of

SERVED = frozenset({"smtp", "chat"})
"""Kinds of `[[channel]]` that this version sends or receives through."""


def check(document: Document, now: int, recorded: Recorded | None = None) -> list[Finding]:
    """Everything found, worst first. `recorded`: what the running desk knows; None for a bare file."""
    subject = subject_of(document, now, recorded)
    found = [
        *ladders(subject), *persons(subject), *_rotas(subject), *_teams(subject), *rules(subject), *_wires(subject),
    ]  # fmt: skip
    return sorted(found, key=lambda finding: ORDER[finding.severity])


def _rotas(subject: Subject) -> Iterator[Finding]:
    roster = subject.rosters["normal"]
    for rota in roster.rotas:
        if not roster.members(rota):
            yield subject.found("warning", f"rota:{rota}", "empty_rota")


def _teams(subject: Subject) -> Iterator[Finding]:
    teams = subject.people.teams
    for team in teams:
        if not any(teams[above].default_policy for above in subject.people.line(team)):
            yield subject.found("warning", f"team:{team}", "no_policy")


def _wires(subject: Subject) -> Iterator[Finding]:
    for channel in subject.channels:
        if channel.kind not in SERVED:
            yield subject.found("warning", f"channel:{channel.id}", "not_served", kind=channel.kind)
    used = {(step.via, policy.id) for policy in subject.policies for rung in policy.rungs for step in rung.channels}
    used |= {(via, policy.id) for policy in subject.policies for via in policy.record}
    for via, policy in sorted(used):
        if via not in subject.people.channels:
            yield subject.found("warning", f"policy:{policy}", "no_wire", via=via)

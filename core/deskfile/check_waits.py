"""Waits of one rung that can never be reached, and seats that are called by nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from core.deskfile.findings import Finding
from core.deskfile.subject import Subject
from core.policy.model import Policy, Rung


def waits(subject: Subject, where: str, policy: Policy, rung: Rung) -> Iterator[Finding]:
    """Everything there is to say about the times and means of one rung."""
    yield from _backup(subject, where, rung)
    backup_after = rung.backup_after if rung.backup and rung.backup_after is not None else None
    passes = policy.authority == "passes" and backup_after is not None
    turn = min(rung.accept_within, backup_after or 0) if passes else rung.accept_within
    yield from _unreached(subject, where, rung, "wait_never_duty", turn)
    if backup_after is not None and rung.accept_within - backup_after > 0:
        yield from _unreached(subject, where, rung, "wait_never_backup", rung.accept_within - backup_after)
    yield from _means_of_nobody(subject, where, rung)


def _backup(subject: Subject, where: str, rung: Rung) -> Iterator[Finding]:
    if rung.backup and rung.backup_after is None:
        yield subject.found("warning", where, "backup_without_time")
    if rung.backup_after is not None and not rung.backup:
        yield subject.found("warning", where, "time_without_backup")
    if rung.backup and rung.backup_after is not None and rung.backup_after >= rung.accept_within:
        yield subject.found(
            "warning", where, "backup_too_late", after_for=rung.backup_after, within_for=rung.accept_within
        )


def _unreached(subject: Subject, where: str, rung: Rung, key: str, turn: int) -> Iterator[Finding]:
    begins = 0
    for step in rung.channels:
        if begins >= turn:
            yield subject.found("warning", where, key, via=step.via, begins_for=begins, turn_for=turn)
        begins += step.wait or 0


def _means_of_nobody(subject: Subject, where: str, rung: Rung) -> Iterator[Finding]:
    """A means that is served, and of all this rung can call nobody has an address there: its wait is never used."""
    persons = frozenset[str]().union(*(subject.members(target) for target in (*rung.call, *rung.backup)))
    for via in dict.fromkeys(step.via for step in rung.channels):
        served = via in subject.people.channels
        if served and persons and not any(subject.people.addresses(person, via) for person in persons):
            # Who has no device yet may still sign in on a phone; an address is written in the file.
            yield subject.found("note" if via == "push" else "warning", where, "means_of_nobody", via=via)

"""A document in: one command, one transaction; only what differs is written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from msgspec.structs import replace

from core.deskfile.commands import ApplyDeskFile
from core.deskfile.diff import Change, diff
from core.deskfile.document import Document
from core.engine.outcome import Done, Refusal
from core.engine.ports import Reader
from core.engine.store.sql import SqlFile
from core.engine.work import Work
from core.people.access import may
from core.people.events import DirectoryChanged, PersonDeactivated
from core.people.records import (
    channels_of,
    people_of,
    save_channels,
    save_levels,
    save_persons,
    save_settings,
    save_teams,
)
from core.policy.records import policies_of, rules_of, save_policies, save_rules
from core.roster.records import roster_of, save_rotas

SQL: Final = SqlFile("core.deskfile", "desk.sql")
STREAM: Final = "desk"
ONLY: Final = 1
"""There is one desk: one stream."""


def document_of(tx: Reader, naming: Collection[str] = ()) -> Document:
    """The desk as it is now; who has left is not part of it, nor the admin made by `init` unless in `naming`."""
    people = people_of(tx)
    return Document(
        replace(people.settings, mode="normal"),
        tuple(people.levels.values()),
        tuple(people.teams.values()),
        tuple(
            replace(person, installed=False)
            for person in people.persons.values()
            if person.active and (not person.installed or person.id in naming)
        ),
        tuple(roster_of(tx).rotas.values()),
        tuple(replace(policy, version=0) for policy in policies_of(tx)),
        rules_of(tx),
        channels_of(tx),
    )


def apply_desk_file(work: Work, command: ApplyDeskFile) -> Done | Refusal:
    """Refused for who may not, and for a team that is gone from the file while tickets of it are open."""
    document = command.document
    people = people_of(work.tx)
    if not may(people, work.by, "administer"):
        return Refusal("not_allowed", "administer")
    stream = work.lock(STREAM, ONLY)
    current = document_of(work.tx, {person.id for person in document.persons})
    changes = diff(current, document)
    if not changes:
        return Done(0)
    if refusal := _team_in_use(work.tx, document):
        return refusal
    left = _save(work, current, document)
    work.record(stream, _changed(changes), *(PersonDeactivated(person) for person in left))
    return Done(len(changes))


def _team_in_use(tx: Reader, document: Document) -> Refusal | None:
    teams = {team.id for team in document.teams}
    for team, tickets in tx.all(SQL["open_tickets"]):
        if team not in teams:
            return Refusal("conflict", "team_in_use", values={"team": team, "tickets": tickets})
    return None


def _save(work: Work, current: Document, document: Document) -> tuple[str, ...]:
    tx = work.tx
    left: tuple[str, ...] = ()
    if current.settings != document.settings:
        save_settings(tx, document.settings)
    if current.levels != document.levels:
        save_levels(tx, document.levels)
    if current.teams != document.teams:
        save_teams(tx, document.teams)
    if current.persons != document.persons:
        left = save_persons(tx, document.persons)
    if current.channels != document.channels:
        save_channels(tx, document.channels)
    if current.rotas != document.rotas:
        save_rotas(tx, document.rotas, work.now)
    if current.policies != document.policies:
        save_policies(tx, document.policies, work.now)
    if current.rules != document.rules:
        save_rules(tx, document.rules)
    return left


def _changed(changes: Collection[Change]) -> DirectoryChanged:
    added, changed, removed = (
        tuple(change.name for change in changes if change.kind == kind) for kind in ("added", "changed", "removed")
    )
    return DirectoryChanged(added, changed, removed)

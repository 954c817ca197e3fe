"""The desk file's rows in the catalogue. None has a route: the console alone brings files."""

from __future__ import annotations

from core.deskfile.apply import STREAM, apply_desk_file, document_of
from core.deskfile.check import check
from core.deskfile.commands import ApplyDeskFile
from core.deskfile.document import Document
from core.deskfile.queries import CheckDesk, CurrentDesk, Findings
from core.engine.catalogue import Catalogue, CommandRow, QueryRow
from core.engine.outcome import Refusal
from core.engine.work import Ask
from core.people.access import may
from core.people.model import Actor
from core.people.records import people_of
from core.roster.records import roster_of


def register(catalogue: Catalogue) -> None:
    """Add every row of this part. Whoever is signed in may learn that the directory changed."""
    catalogue.add(
        CommandRow(ApplyDeskFile, apply_desk_file),
        QueryRow(CurrentDesk, _current_desk, Document),
        QueryRow(CheckDesk, _check_desk, Findings),
    )
    catalogue.sights[STREAM] = lambda tx, number: _signed_in


def _current_desk(ask: Ask, query: CurrentDesk) -> Document | Refusal:
    if not may(people_of(ask.tx), ask.by, "administer"):
        return Refusal("not_allowed", "administer")
    return document_of(ask.tx, query.naming)


def _check_desk(ask: Ask, query: CheckDesk) -> Findings | Refusal:
    people = people_of(ask.tx)
    if not may(people, ask.by, "administer"):
        return Refusal("not_allowed", "administer")
    document = query.document or document_of(ask.tx, people.persons.keys())
    return Findings(tuple(check(document, ask.now, people.devices, roster_of(ask.tx))))


def _signed_in(actor: Actor) -> bool:
    return actor.kind != "nobody"

"""The desk file's rows in the catalogue. The console alone brings files; what is wrong now, admins ask anywhere."""

from __future__ import annotations

from collections import Counter

from core.deskfile.apply import SQL, STREAM, apply_desk_file, document_of
from core.deskfile.check import check
from core.deskfile.commands import ApplyDeskFile
from core.deskfile.document import Document
from core.deskfile.queries import CheckDesk, CheckNow, CurrentDesk, Findings, FindingsView, FindingView
from core.deskfile.subject import Recorded
from core.engine.catalogue import Catalogue, CommandRow, QueryRow, Route
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
        QueryRow(CheckNow, _check_now, FindingsView, Route("GET", "/check")),
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
    recorded = Recorded(people, roster_of(ask.tx), {str(id_): at for id_, at in ask.tx.all(SQL["devices_heard"])})
    return Findings(tuple(check(document, ask.now, recorded)))


def _check_now(ask: Ask, query: CheckNow) -> FindingsView | Refusal:
    found = _check_desk(ask, CheckDesk())
    if isinstance(found, Refusal):
        return found
    people = people_of(ask.tx)
    reader = people.persons.get(ask.by.person or "")
    language = query.language or (reader.language if reader else people.settings.language)
    grave = Counter(one.severity for one in found.items)
    items = tuple(
        FindingView(one.severity, one.where, one.key.removeprefix("finding."), one.sentence(language))
        for one in found.items
    )
    return FindingsView(grave["error"], grave["warning"], items)


def _signed_in(actor: Actor) -> bool:
    return actor.kind != "nobody"

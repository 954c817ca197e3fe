"""The timeline of a ticket: its journal with the texts that belong to it, each line in the words of its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from core.engine.journal import type_of
from core.engine.work import Ask
from core.escalation.events import EscalationRaised
from core.escalation.kinds.events import BecameTakeover
from core.escalation.queries.record import HIDDEN, reads_roles, role_of, with_roles
from core.escalation.queries.views import Entry
from core.people.model import People, Person
from core.policy.model import Kind
from core.tickets.records import SQL as TICKETS

RAISED, TURNED = type_of(EscalationRaised), type_of(BecameTakeover)


def timeline(ask: Ask, people: People, person: Person, rows: Sequence[tuple[Any, ...]]) -> Iterator[Entry]:
    """The lines, oldest first, in this reader's names or roles."""
    number = rows[0][2] if rows else 0
    texts = dict(ask.tx.all(TICKETS["notes"], {"number": number}))
    roles_only = reads_roles(person)
    kinds: dict[int, Kind] = {}
    for _, _, _, _, at, actor, kind, data, _ in rows:
        values = msgspec.json.decode(data)
        text, of = texts.get(values.get("note")), _kind(kinds, kind, values)
        if roles_only:
            actor, values = role_of(people, actor), with_roles(people, values)
        shown = {name: value for name, value in values.items() if name not in HIDDEN}
        yield Entry(at, kind, actor, shown, text, of)
        for left_out, why in values.get("reasons", ()):
            named = role_of(people, left_out) if roles_only else left_out
            yield Entry(at, "left_out", actor, {"level": values["level"], "person": named, "why": why})


def _kind(kinds: dict[int, Kind], event: str, values: dict[str, Any]) -> Kind | None:
    """What the escalation of an event was then; None for a takeover and for what belongs to none."""
    id_ = values.get("escalation")
    if event == RAISED:
        kinds[values["escalation"]] = values["kind"]
    elif event == TURNED:
        kinds.pop(values["escalation"], None)
    known = kinds.get(id_) if isinstance(id_, int) else None
    return None if known == "takeover" else known

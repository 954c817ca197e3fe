"""Quiet hours: information waits for their end. Calls are never silenced (1-domain, rule 16)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from core.engine.catalogue import Outgoing
from core.engine.ports import Millis, Reader
from core.escalation.records import SQL
from core.people.model import Person
from core.people.records import people_of
from core.roster.quiet import quiet_until
from core.roster.records import roster_of


def left_in_peace(tx: Reader, row: Outgoing, now: Millis) -> Millis | None:
    """Until when this person is told nothing that only informs; None: not now, on duty, or on a rung."""
    people = people_of(tx)
    person = people.persons.get(row.recipient)
    hours = None if person is None else person.quiet or people.settings.quiet
    if person is None or hours is None:
        return None
    until = quiet_until(hours, ZoneInfo(people.settings.timezone), now)
    return None if until is None or _serves(tx, person, now) else until


def _serves(tx: Reader, person: Person, now: Millis) -> bool:
    roster = roster_of(tx)
    if any(duty.person == person.id for rota in roster.rotas for duty in roster.on_duty(rota, now)):
        return True
    return tx.one(SQL["calling_person"], {"person": person.id}) is not None

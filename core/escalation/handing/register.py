"""The rows of handovers in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.engine.catalogue import Catalogue, CommandRow, QueryRow, Route
from core.engine.outcome import Done
from core.engine.ports import Reader
from core.escalation.handing import acts, commands, leaving, notices, queries, views
from core.escalation.handing.records import STREAM, load
from core.people.events import LeaveBegan, PersonDeactivated
from core.people.model import Actor
from core.roster.events import DutyHandedOver


def register(catalogue: Catalogue, *, public_url: str, badge: Callable[[Reader, str], int]) -> None:
    """Add every row."""
    made = Route("POST", "/handovers", 201, shows)
    taken = Route("POST", "/handovers/{handover}/acceptance", 200, shows)
    refused = Route("POST", "/handovers/{handover}/refusal", 200, shows)
    one, all_ = Route("GET", "/handovers/{handover}"), Route("GET", "/handovers")
    catalogue.add(
        CommandRow(commands.HandOver, acts.hand_over, made),
        CommandRow(commands.AcceptHandover, acts.accept_handover, taken),
        CommandRow(commands.RefuseHandover, acts.refuse_handover, refused),
        QueryRow(views.GetHandover, queries.get_handover, views.HandoverView, one),
        QueryRow(views.Handovers, queries.handovers, views.HandoversView, all_),
        *notices.rows(public_url, badge),
    )
    catalogue.sights[STREAM] = _sight
    catalogue.subscribe(DutyHandedOver, leaving.went_off)
    catalogue.subscribe(LeaveBegan, leaving.left)
    catalogue.subscribe(PersonDeactivated, leaving.left)


def shows(command: Any, done: Done) -> views.GetHandover:
    """The handover as it is after a command on it."""
    return views.GetHandover(int(done.ref))


def _sight(tx: Reader, id_: int) -> Callable[[Actor], bool]:
    handover = load(tx, id_)
    people = () if handover is None else (handover.holder, handover.to, handover.made_by)
    return lambda actor: actor.person is not None and actor.person in people

"""Every part of the core, registered in the order they stand on each other."""

from __future__ import annotations

from core.deskfile import register as deskfile
from core.engine.catalogue import Catalogue
from core.escalation import reactions
from core.escalation import register as escalation
from core.escalation.notices import badge
from core.people import register as people
from core.people import telling
from core.people.events import DirectoryChanged
from core.policy import reminders
from core.roster import register as roster
from core.tickets import register as tickets


def catalogue(public_url: str, loopback: bool = False) -> Catalogue:
    """The whole catalogue. `public_url`: where notices lead; `loopback`: push addresses on this machine are allowed."""
    rows = Catalogue()
    people.register(rows, public_url=public_url, badge=badge, loopback=loopback)
    telling.register(rows, public_url=public_url)
    roster.register(rows, public_url=public_url, badge=badge)
    tickets.register(rows, public_url=public_url, badge=badge, shows=escalation.shows_ticket)
    reminders.register(rows, public_url=public_url)
    escalation.register(rows, public_url=public_url)
    deskfile.register(rows)
    rows.subscribe(DirectoryChanged, reactions.directory_changed)
    return rows

"""The pages of the phone, one noun per file. Acts are nouns of transitions: `POST …/acceptance`."""

from __future__ import annotations

from typing import Final

from web.pages.calls import acceptances, calls, undo
from web.pages.escalations import escalation_act, reassignment
from web.pages.handovers import hand_over, handover_act, handovers
from web.pages.me import (
    me,
    my_device_removal,
    my_device_test,
    my_language,
    my_new_device,
    my_password,
    my_session_closure,
    my_sessions_closure,
)
from web.pages.phone import phone, phone_act
from web.pages.queue import queue
from web.pages.raising import raise_escalation, raising
from web.pages.rules import rules
from web.pages.shell import offline, worker
from web.pages.terminal import terminal, terminal_answer, terminal_pin
from web.pages.tickets import ticket, ticket_act

handlers: Final = [
    calls, queue, rules, ticket, ticket_act, raising, raise_escalation, escalation_act, reassignment, phone, phone_act,
    me, my_language, my_password, my_new_device, my_device_test, my_device_removal, my_session_closure,
    my_sessions_closure, acceptances, undo, handovers, hand_over, handover_act, terminal, terminal_answer, terminal_pin,
]  # fmt: skip
"""A signed-in person's pages, below /desk."""
open_handlers: Final = [offline, worker]
"""Below /desk too, without a session."""

"""Letting a terminal in: it asks with a short code, a person says yes in the browser (after RFC 8628).

The secret that the terminal made itself is its token from that yes on: nothing has to be sent that could be lost.
"""

from __future__ import annotations

from typing import Final

from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY, MINUTE
from core.engine.store.sql import SqlFile
from core.engine.work import Ask, Work
from core.people.access import may
from core.people.model import Actor, People
from core.people.records import ACCOUNTS, number_of, people_of
from core.people.signing import STREAM, is_active
from core.people.terminals.commands import AskSignIn, ConfirmSignIn, RefuseSignIn
from core.people.terminals.events import TerminalShared, TerminalSignedIn
from core.people.terminals.questions import SignInAsked, SignInState, SignInView, StateView

SQL: Final = SqlFile("core.people.terminals", "terminals.sql")
WAITS: Final = 10 * MINUTE
LASTS: Final = 30 * DAY
"""How long a terminal stays signed in."""
MOST_WAITING: Final = 500
"""Sign-ins that wait at the same time: more is somebody's program, and each is one more code to hit."""
LABEL: Final = 100
OVER: Final = Refusal("unknown", "sign_in_over")


def ask(work: Work, command: AskSignIn) -> Done | Refusal:
    """Anybody may ask. Nothing is journalled: it is nothing yet."""
    work.tx.run(SQL["sign_ins_over"], {"now": work.now})
    waiting = work.tx.one(SQL["sign_ins_waiting"])
    if waiting is not None and waiting[0] >= MOST_WAITING:
        return Refusal("too_many", "sign_ins_full")
    if work.tx.one(SQL["sign_in_by_code"], {"code": command.code}) is not None:
        return Refusal("conflict", "sign_ins_full")
    ends = work.now + WAITS
    work.tx.run(
        SQL["sign_in_add"],
        {
            "secret": command.secret, "code": command.code, "label": command.label[:LABEL], "now": work.now,
            "expires_at": ends,
        },
    )  # fmt: skip
    return Done(ends)


def confirm(work: Work, command: ConfirmSignIn) -> Done | Refusal:
    """The person's own terminal from now on; or a shared one, by who orders the shifts."""
    person = work.by.person
    if person is None or not is_active(work, person):
        return Refusal("not_allowed", "self")
    if command.shared and not may_share(people_of(work.tx), work.by):
        return Refusal("not_allowed", "roster")
    row = work.tx.one(SQL["sign_in_by_code"], {"code": command.code})
    if row is None or row[3] <= work.now:
        return OVER
    secret, label = bytes(row[0]), row[1]
    stream = work.lock(STREAM, number_of(work.tx, person))
    work.tx.run(SQL["sign_in_answer"], {"secret": secret, "answered": "shared" if command.shared else "confirmed"})
    if command.shared:
        id_ = work.tx.new_ids("terminal")
        work.tx.run(SQL["terminal_add"], {"id": id_, "hash": secret, "label": label, "by": person, "now": work.now})
        work.record(stream, TerminalShared(person, id_))
        return Done(id_)
    id_, ends = work.tx.new_ids("secret"), work.now + LASTS
    work.tx.run(
        ACCOUNTS["token_add"],
        {"id": id_, "hash": secret, "person": person, "label": label, "now": work.now, "expires_at": ends},
    )
    work.record(stream, TerminalSignedIn(person, id_, ends))
    return Done(id_)


def refuse(work: Work, command: RefuseSignIn) -> Done | Refusal:
    """Whoever holds the code may also say no."""
    if work.by.person is None or not is_active(work, work.by.person):
        return Refusal("not_allowed", "self")
    row = work.tx.one(SQL["sign_in_by_code"], {"code": command.code})
    if row is None or row[3] <= work.now:
        return OVER
    work.tx.run(SQL["sign_in_answer"], {"secret": bytes(row[0]), "answered": "refused"})
    return Done()


def asked(ask: Ask, query: SignInAsked) -> SignInView | Refusal:
    """For a signed-in person, before they say yes or no."""
    people = people_of(ask.tx)
    if not may(people, ask.by, "self"):
        return Refusal("not_allowed", "self")
    row = ask.tx.one(SQL["sign_in_asked"], {"code": query.code})
    if row is None or row[2] <= ask.now:
        return OVER
    label, asked_at, expires_at = row
    return SignInView(label, asked_at, expires_at, may_share(people, ask.by))


def state(ask: Ask, query: SignInState) -> StateView | Refusal:
    """For the terminal itself, as long as the sign-in stands: after that its secret works, or does not."""
    row = ask.tx.one(SQL["sign_in_state"], {"secret": query.secret})
    if row is None or row[1] <= ask.now:
        return OVER
    return StateView(row[0] or "waiting")


def may_share(people: People, by: Actor) -> bool:
    """Whoever orders the shifts decides which terminals a shift shares."""
    return may(people, by, "roster")

"""Signing in and out: sessions, one-time links, passwords. A session's id is made at the edge; its hash comes here."""

from __future__ import annotations

from typing import Any, Final, Literal

from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY, HOUR, Millis
from core.engine.work import Work
from core.people.access import may
from core.people.commands import (
    CloseSession,
    CloseSessions,
    IssueInvite,
    OpenSession,
    SetPassword,
    TouchSession,
    UseInvite,
)
from core.people.events import InviteIssued, PasswordSet, SessionClosed, SessionOpened, SessionsClosed
from core.people.model import Actor
from core.people.records import ACCOUNTS, number_of, people_of

STREAM: Final = "person"
IDLE: Final = 14 * DAY
LASTS: Final = 90 * DAY
MOST_HOURS: Final = 30 * 24
SPENT: Final = Refusal("unauthenticated", "invite")


def session_ends(created_at: Millis, seen_at: Millis) -> Millis:
    """When a session ends by itself: 14 days after it was seen last, at the latest 90 days after sign-in."""
    return min(created_at + LASTS, seen_at + IDLE)


def open_session(work: Work, command: OpenSession) -> Done | Refusal:
    """The edge has checked the password. Always a new row: a session id from before the sign-in opens nothing."""
    if work.by.kind == "person" and work.by.person != command.person:
        return Refusal("not_allowed", "self")
    if not is_active(work, command.person):
        return Refusal("unauthenticated", "sign_in")
    return _open(work, command.person, command.hash, command.label, "password")


def use_invite(work: Work, command: UseInvite) -> Done | Refusal:
    """A one-time link becomes a session. Unknown, spent and late ones answer alike."""
    row = work.tx.one(ACCOUNTS["invite_get"], {"hash": command.invite})
    if row is None or row[1] <= work.now or not is_active(work, row[0]):
        return SPENT
    work.tx.run(ACCOUNTS["invites_spend"], {"person": row[0]})
    return _open(work, row[0], command.hash, command.label, "invite")


def touch_session(work: Work, command: TouchSession) -> Done | Refusal:
    """Mark it as in use. Nothing is journalled: it is no event, only a lease."""
    work.tx.run(ACCOUNTS[f"{command.kind}_touch"], {"hash": command.hash, "now": work.now})
    return Done()


def close_session(work: Work, command: CloseSession) -> Done | Refusal:
    """Sign out here, or one of mine elsewhere."""
    row = _session(work, command)
    if row is None or row[1] != work.by.person:
        return Refusal("unknown", "session")
    work.tx.run(ACCOUNTS["session_close"], {"id": row[0]})
    work.record(work.lock(STREAM, number_of(work.tx, row[1])), SessionClosed(row[1], row[0]))
    return Done(row[0])


def close_sessions(work: Work, command: CloseSessions) -> Done | Refusal:
    """Sign out everywhere: me, or anybody for an admin and the console."""
    person = command.person or work.by.person
    if person is None or person not in people_of(work.tx).persons:
        return Refusal("unknown", "person")
    if not may_for(work, person):
        return Refusal("not_allowed", "administer")
    work.tx.run(ACCOUNTS["sessions_close"], {"person": person, "keep": b""})
    work.record(work.lock(STREAM, number_of(work.tx, person)), SessionsClosed(person))
    return Done(person)


def set_password(work: Work, command: SetPassword) -> Done | Refusal:
    """Mine. Whoever is signed in elsewhere, or holds an open link, is out."""
    person = work.by.person
    if person is None or not is_active(work, person):
        return Refusal("not_allowed", "self")
    if not command.encoded.startswith("$argon2id$"):
        return Refusal("invalid", "password_hash", "encoded")
    work.tx.run(ACCOUNTS["password_set"], {"person": person, "encoded": command.encoded, "now": work.now})
    work.tx.run(ACCOUNTS["sessions_close"], {"person": person, "keep": command.keep})
    work.tx.run(ACCOUNTS["invites_spend"], {"person": person})
    work.record(work.lock(STREAM, number_of(work.tx, person)), PasswordSet(person), SessionsClosed(person))
    return Done(person)


def issue_invite(work: Work, command: IssueInvite) -> Done | Refusal:
    """A one-time link for somebody, by the console or an admin. The one before it is void."""
    if not may(people_of(work.tx), work.by, "administer"):
        return Refusal("not_allowed", "administer")
    if not is_active(work, command.person):
        return Refusal("unknown", "person")
    if not 1 <= command.hours <= MOST_HOURS:
        return Refusal("invalid", "hours", "hours", {"least": 1, "most": MOST_HOURS})
    ends = work.now + command.hours * HOUR
    work.tx.run(ACCOUNTS["invites_spend"], {"person": command.person})
    work.tx.run(ACCOUNTS["invite_add"], {"hash": command.hash, "person": command.person, "expires_at": ends})
    work.record(work.lock(STREAM, number_of(work.tx, command.person)), InviteIssued(command.person, ends))
    return Done(command.person)


def may_for(work: Work, person: str) -> bool:
    """Whether the actor may order this person's accounts: their own, or anybody's as admin or console."""
    people = people_of(work.tx)
    own = work.by == Actor("person", person) and may(people, work.by, "self")
    return own or may(people, work.by, "administer")


def is_active(work: Work, person: str) -> bool:
    """Whether somebody of this id works here now (on leave or not)."""
    known = people_of(work.tx).persons.get(person)
    return known is not None and known.active


def _open(work: Work, person: str, hash_: bytes, label: str, by: Literal["password", "invite"]) -> Done:
    spent = {"person": person, "idle_before": work.now - IDLE, "made_before": work.now - LASTS}
    work.tx.run(ACCOUNTS["sessions_spent"], spent)
    id_ = work.tx.new_ids("secret")
    work.tx.run(
        ACCOUNTS["session_add"],
        {"id": id_, "hash": hash_, "person": person, "label": label[:100], "now": work.now},
    )
    work.record(work.lock(STREAM, number_of(work.tx, person)), SessionOpened(person, id_, by))
    return Done(person)


def _session(work: Work, command: CloseSession) -> tuple[Any, ...] | None:
    if command.hash is not None:
        return work.tx.one(ACCOUNTS["session_get"], {"hash": command.hash})
    return work.tx.one(ACCOUNTS["session_owner"], {"id": command.id or 0})

"""Answers to the questions about accounts. Secrets and their hashes never leave."""

from __future__ import annotations

from typing import Any, Final

from core.engine.outcome import Refusal
from core.engine.ports import MINUTE, Millis
from core.engine.work import Ask
from core.people.model import People, Person
from core.people.queries import (
    Authenticate,
    DevicePage,
    DeviceView,
    Identity,
    LanguageView,
    MyDevice,
    MyDevices,
    MyLanguage,
    MySessions,
    PasswordOf,
    PasswordView,
    SessionPage,
    SessionView,
)
from core.people.records import ACCOUNTS, SQL, people_of
from core.people.signing import session_ends

TOUCH_AFTER: Final = 1 * MINUTE
NOBODY: Final = Refusal("unauthenticated", "sign_in")


def authenticate(ask: Ask, query: Authenticate) -> Identity | Refusal:
    """Unknown, ended and those of somebody who left answer alike."""
    row = ask.tx.one(ACCOUNTS[f"{query.kind}_get"], {"hash": query.hash})
    if row is None:
        return NOBODY
    id_, person, made_or_ends, seen_at = row
    ends = session_ends(made_or_ends, seen_at) if query.kind == "session" else made_or_ends
    known = people_of(ask.tx).persons.get(person)
    if known is None or not known.active or ask.now >= ends:
        return NOBODY
    touch_due = seen_at is None or ask.now - seen_at >= TOUCH_AFTER
    return Identity(person, id_, known.language, ends, touch_due)


def password_of(ask: Ask, query: PasswordOf) -> PasswordView:
    """By id, or by an email that only one active person has."""
    person = login(people_of(ask.tx), query.login.strip())
    if person is None:
        return PasswordView(None, None)
    row = ask.tx.one(ACCOUNTS["password_get"], {"person": person.id})
    return PasswordView(person.id, None if row is None else row[0])


def my_devices(ask: Ask, query: MyDevices) -> DevicePage | Refusal:
    """Newest first."""
    if ask.by.person is None:
        return NOBODY
    return DevicePage(tuple(_device(row) for row in ask.tx.all(SQL["devices_shown"], {"person": ask.by.person})))


def my_device(ask: Ask, query: MyDevice) -> DeviceView | Refusal:
    """One of mine; somebody else's does not exist."""
    page = my_devices(ask, MyDevices())
    if isinstance(page, Refusal):
        return page
    return next((device for device in page.items if device.id == query.device), Refusal("unknown", "device"))


def my_language(ask: Ask, query: MyLanguage) -> LanguageView | Refusal:
    """As it is now."""
    person = people_of(ask.tx).persons.get(ask.by.person or "")
    return NOBODY if person is None else LanguageView(person.language)


def my_sessions(ask: Ask, query: MySessions) -> SessionPage | Refusal:
    """Sessions and tokens that still work, newest first."""
    if ask.by.person is None:
        return NOBODY
    rows = ask.tx.all(ACCOUNTS["sessions_shown"], {"person": ask.by.person})
    views = (_session(row) for row in rows)
    return SessionPage(tuple(view for view in views if view.expires_at > ask.now))


def login(people: People, text: str) -> Person | None:
    """Who signs in by this: an active person's id, or an email that only one of them has."""
    known = people.persons.get(text)
    if known is not None:
        return known if known.active else None
    email = text.casefold()
    found = [p for p in people.persons.values() if p.active and p.email and p.email.casefold() == email]
    return found[0] if len(found) == 1 else None


def _device(row: tuple[Any, ...]) -> DeviceView:
    id_, name, platform, created_at, last_success_at, sends_receipts = row
    return DeviceView(str(id_), name, platform, created_at, last_success_at, bool(sends_receipts))


def _session(row: tuple[Any, ...]) -> SessionView:
    id_, kind, label, created_at, seen_at, expires_at = row
    ends: Millis = session_ends(created_at, seen_at) if kind == "session" else expires_at
    return SessionView(id_, kind, label, created_at, seen_at, ends)

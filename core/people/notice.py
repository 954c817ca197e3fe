"""What leaves the house: one message to one address, with the push payload of the contract.

Notices carry number, level, deadline and path; never a customer's name, never a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from core.engine.catalogue import Outgoing
from core.engine.ports import Message
from core.people.model import People
from core.words import say

PAYLOAD_LIMIT: Final = 3_000


class Action(Struct, frozen=True):
    """A button on the notification (where the platform has them)."""

    action: str
    title: str
    navigate: str


class Wording(Struct, frozen=True, kw_only=True):
    """What a notice says, before it is put on a wire."""

    title: str
    body: str
    path: str
    """Below the public URL, e.g. `/desk/tickets/4182`."""
    tag: str
    urgency: Literal["high", "normal", "low"] = "normal"
    actions: tuple[Action, ...] = ()
    escalation: str | None = None
    call: str | None = None
    ticket: int | None = None
    accept_by: str | None = None
    badge: int = 0
    bundle: bool = False
    """It speaks for all of its kind that are ready for the same address."""


def message(people: People, row: Outgoing, words: Wording, public_url: str) -> Message | None:
    """The message for this outgoing row, or None when the address is there no more."""
    person = people.persons.get(row.recipient)
    if person is None or not person.active:
        return None
    to = _address(people, row)
    if to is None:
        return None
    url = public_url.rstrip("/") + words.path
    return Message(
        id=row.id,
        kind=row.kind,
        recipient=row.recipient,
        channel=row.channel,
        to=to,
        language=person.language,
        subject=f"{words.title}",
        text=_text(people, row, person.language, words.body, url),
        payload=_payload(person.language, row, words, url, public_url) if row.channel == "push" else b"",
        tag=words.tag,
        urgency=words.urgency,
        expires=row.expires_at,
        bundle=words.bundle,
    )


def _text(people: People, row: Outgoing, language: str, body: str, url: str) -> str:
    """A push says it in its payload; a mail says besides who writes, in chat that stands beside the message."""
    if row.channel == "push":
        return body
    foot = "" if row.channel == "chat" else f"\n{say(language, 'notice.mail.foot', desk=people.settings.name)}\n"
    return f"{body}\n\n{url}\n{foot}"


def _address(people: People, row: Outgoing) -> Mapping[str, str] | None:
    if row.channel == "mail":
        email = people.persons[row.recipient].email
        return {"address": email} if email else None
    if row.channel == "chat":
        service, _, name = (people.persons[row.recipient].chat or "").partition(":")
        return {"service": service, "name": name} if service else None
    for device in people.devices.get(row.recipient, ()):
        if device.id == row.address:
            return {"endpoint": device.endpoint, "p256dh": device.p256dh, "auth": device.auth}
    return None


def _payload(language: str, row: Outgoing, words: Wording, url: str, public_url: str) -> bytes:
    site = public_url.rstrip("/")
    notification: dict[str, Any] = {
        "title": words.title,
        "body": words.body,
        "lang": language,
        "tag": words.tag,
        "navigate": url,
        "silent": words.urgency == "low",
        "actions": [
            {"action": action.action, "title": action.title, "navigate": site + action.navigate}
            for action in words.actions
        ],
        "data": {
            "escalation": words.escalation,
            "call": words.call,
            "ticket": words.ticket,
            "accept_by": words.accept_by,
            "receipt": row.receipt,
        },
    }
    whole = {"web_push": 8030, "notification": notification, "app_badge": words.badge, "mutable": True}
    encoded = msgspec.json.encode(whole)
    assert len(encoded) <= PAYLOAD_LIMIT, "a payload has no free text and cannot grow"
    return encoded

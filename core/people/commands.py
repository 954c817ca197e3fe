"""What people intend with accounts, devices, sessions and tokens.

Secrets never enter a command: they arrive hashed (see core.people.secrets).
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from core.people.model import Language

Label = Annotated[str, Meta(min_length=1, max_length=100)]


class DeviceKeys(Struct, frozen=True, forbid_unknown_fields=True):
    """The browser's keys, base64url."""

    p256dh: Annotated[str, Meta(max_length=200)]
    auth: Annotated[str, Meta(max_length=100)]


class RegisterDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """A browser of mine takes pushes; the same endpoint again refreshes it."""

    endpoint: Annotated[str, Meta(max_length=1_000)]
    keys: DeviceKeys
    name: Label = "browser"
    platform: Annotated[str, Meta(max_length=200)] = ""


class RemoveDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """No more pushes to this device of mine."""

    device: str


class RemoveBrowser(Struct, frozen=True, forbid_unknown_fields=True):
    """No more pushes to this browser of mine, which knows only its endpoint."""

    endpoint: Annotated[str, Meta(max_length=1_000)]


class TestDevice(Struct, frozen=True, forbid_unknown_fields=True):
    """Send a test push to this device of mine."""

    device: str


class DropDevice(Struct, frozen=True):
    """The wire's own: the push service says this address is gone (404, 410)."""

    device: str


class DeviceReported(Struct, frozen=True):
    """The wire's own: a push to this device was taken by its service, shown, or opened."""

    device: str
    state: Literal["sent", "shown", "opened"]


class OpenSession(Struct, frozen=True):
    """After the password was checked at the edge: a new session, `hash` of its fresh random id."""

    person: str
    hash: bytes
    label: str = ""


class UseInvite(Struct, frozen=True):
    """A one-time link: becomes a session, and is spent."""

    invite: bytes
    hash: bytes
    label: str = ""


class TouchSession(Struct, frozen=True):
    """This session or token of mine is in use. The edge says so when `Identity.touch_due`."""

    hash: bytes
    kind: Literal["session", "token"] = "session"


class CloseSession(Struct, frozen=True):
    """Sign out this session (by hash), or one of mine (by public id)."""

    hash: bytes | None = None
    id: int | None = None


class CloseSessions(Struct, frozen=True):
    """Sign out everywhere; `person` for the console or an admin."""

    person: str | None = None


class SetPassword(Struct, frozen=True):
    """My new password, as an argon2id text made at the edge. Every other session of mine ends."""

    encoded: str
    keep: bytes = b""
    """Hash of the session that set it, and stays."""


class SetLanguage(Struct, frozen=True, forbid_unknown_fields=True):
    """My language."""

    language: Language


class IssueToken(Struct, frozen=True):
    """An API token for a person: console, admin, or oneself. `hash` of a fresh random secret."""

    person: str
    hash: bytes
    label: str = ""
    days: int = 90


class RevokeToken(Struct, frozen=True):
    """End a token of mine (or anybody's, for admins and the console) by its public id."""

    id: int


class IssueInvite(Struct, frozen=True):
    """A one-time sign-in link for a person, good for `hours`."""

    person: str
    hash: bytes
    hours: int = 72


class InstallAdmin(Struct, frozen=True):
    """`noroshi init`: the first admin. `apply` leaves this person alone."""

    id: str = "admin"
    name: str = "Admin"


class TakeLeave(Struct, frozen=True, forbid_unknown_fields=True):
    """Away from `since` (by default now) until `until` (by default until further notice): I, or somebody I plan for."""

    person: str | None = None
    since: int | None = None
    until: int | None = None


class EndLeave(Struct, frozen=True, forbid_unknown_fields=True):
    """Back again, or not leaving at all."""

    leave: int


class BeginLeave(Struct, frozen=True):
    """Time's own: a leave that was planned begins."""

    leave: int
    due: int


class SetHomeDay(Struct, frozen=True, forbid_unknown_fields=True):
    """I work from home on this local day (`2026-11-21`); by default today."""

    day: Annotated[str, Meta(max_length=10)] | None = None


class RemoveHomeDay(Struct, frozen=True, forbid_unknown_fields=True):
    """I do not, after all."""

    day: Annotated[str, Meta(max_length=10)]


class NoteCopy(Struct, frozen=True):
    """The desk came here from another database; `head` is that of the journal that came, `events` how many it had."""

    head: Annotated[str, Meta(max_length=64)]
    events: int


class NoteRestore(Struct, frozen=True):
    """The desk was put back to a copy; `head` is that of the copy's journal, `events` how many it had."""

    head: Annotated[str, Meta(max_length=64)]
    events: int

"""What happened to accounts, journalled in the person's own stream. Ids and codes only: no name, endpoint, secret."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from core.people.model import Language


class AdminInstalled(Struct, frozen=True):
    """`noroshi init` made the first admin."""

    person: str


class DeviceRegistered(Struct, frozen=True):
    """A browser takes pushes for this person from now on."""

    person: str
    device: str


class DeviceRemoved(Struct, frozen=True):
    """It takes none for this person any more.

    own: they removed it · moved: somebody else signed in on it · gone: its push service knows it no more.
    """

    person: str
    device: str
    because: Literal["own", "moved", "gone"]


class DeviceTested(Struct, frozen=True):
    """A test push was asked for."""

    person: str
    device: str


class SessionOpened(Struct, frozen=True):
    """Somebody signed in."""

    person: str
    session: int
    by: Literal["password", "invite"]


class SessionClosed(Struct, frozen=True):
    """One session was signed out."""

    person: str
    session: int


class SessionsClosed(Struct, frozen=True):
    """Every session was signed out, but the one that asked for it where it had to stay."""

    person: str


class PasswordSet(Struct, frozen=True):
    """A new password; all invites that were open are void."""

    person: str


class LanguageSet(Struct, frozen=True):
    """The desk speaks another language to this person."""

    person: str
    language: Language


class TokenIssued(Struct, frozen=True):
    """An API token works until `expires_at`."""

    person: str
    token: int
    expires_at: int


class TokenRevoked(Struct, frozen=True):
    """It works no more."""

    person: str
    token: int


class InviteIssued(Struct, frozen=True):
    """A one-time link signs this person in until `expires_at`; the one before it is void."""

    person: str
    expires_at: int


class PersonDeactivated(Struct, frozen=True):
    """Somebody left the desk: signed out everywhere, reachable by nothing, called no more."""

    person: str


class DirectoryChanged(Struct, frozen=True):
    """People, roster, policies, rules or wires are not what they were; `what` names them as `person:suzuki`."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class LeaveTaken(Struct, frozen=True):
    """Somebody will be away from `since` until `until` (None: until further notice)."""

    person: str
    leave: int
    since: int
    until: int | None


class LeaveBegan(Struct, frozen=True):
    """They are away from now on."""

    person: str
    leave: int


class LeaveEnded(Struct, frozen=True):
    """It was ended early, or called off before it began."""

    person: str
    leave: int


class HomeDaySet(Struct, frozen=True):
    """Somebody works from home on a local day."""

    person: str
    day: str


class HomeDayRemoved(Struct, frozen=True):
    """They do not, after all."""

    person: str
    day: str


class DeskCopied(Struct, frozen=True):
    """The desk came here from another database, which may still be there."""

    head: str
    events: int


class DeskRestored(Struct, frozen=True):
    """The desk went back to a copy: what happened after it is in the file that was put aside."""

    head: str
    events: int

"""What the edges read of accounts: who stands behind a session or a token, and my own things."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from core.people.model import Language


class Authenticate(Struct, frozen=True):
    """Who stands behind this secret (its hash)? Answers Identity, or Refusal `unauthenticated`."""

    hash: bytes
    kind: Literal["session", "token"]


class Identity(Struct, frozen=True):
    """A valid session or token."""

    person: str
    id: int
    language: Language
    expires_at: int
    touch_due: bool = False
    """Not marked as seen for a minute: give TouchSession (a read writes nothing)."""


class PasswordOf(Struct, frozen=True):
    """Only for the edge, before sign-in: the argon2id text of an active person by id or email."""

    login: str


class PasswordView(Struct, frozen=True):
    """`encoded` is None where no password is set or nobody has that login."""

    person: str | None
    encoded: str | None


class MyDevices(Struct, frozen=True):
    """My devices with last success."""


class MyDevice(Struct, frozen=True):
    """One device of mine."""

    device: str


class DeviceView(Struct, frozen=True):
    """One device; keys and endpoint are not shown."""

    id: str
    name: str
    platform: str
    created_at: int
    last_success_at: int | None
    sends_receipts: bool


class DevicePage(Struct, frozen=True):
    """GET /api/me/devices."""

    items: tuple[DeviceView, ...]


class MySessions(Struct, frozen=True):
    """My sessions and tokens."""


class MyLanguage(Struct, frozen=True):
    """The language the desk speaks to me."""


class LanguageView(Struct, frozen=True):
    """PUT /api/me/language."""

    language: Language


class SessionView(Struct, frozen=True):
    """One session or token."""

    id: int
    kind: Literal["session", "token"]
    label: str
    created_at: int
    seen_at: int | None
    expires_at: int


class SessionPage(Struct, frozen=True):
    """My sessions and tokens, newest first."""

    items: tuple[SessionView, ...]


class Leaves(Struct, frozen=True):
    """Leaves that are not over: mine, or those of somebody I plan for."""

    person: str | None = None


class GetLeave(Struct, frozen=True):
    """One leave."""

    leave: int


class LeaveView(Struct, frozen=True):
    """Away from `since` until `until` (None: until further notice). No reason is asked or kept."""

    id: str
    person: str
    since: int
    until: int | None


class LeavePage(Struct, frozen=True):
    """GET /api/leaves, the next one first."""

    items: tuple[LeaveView, ...]


class MyHomeDays(Struct, frozen=True):
    """The days on which I work from home."""


class HomeDaysView(Struct, frozen=True):
    """Local days from today on."""

    days: tuple[str, ...]

"""What happened to terminals, journalled in the person's own stream. Ids and times only."""

from __future__ import annotations

from msgspec import Struct


class TerminalSignedIn(Struct, frozen=True):
    """A terminal was let in by its code; its token works until `expires_at`."""

    person: str
    token: int
    expires_at: int


class TerminalShared(Struct, frozen=True):
    """A terminal may be used by turns, each by their PIN."""

    person: str
    terminal: int


class TerminalRemoved(Struct, frozen=True):
    """It is shared no more."""

    person: str
    terminal: int


class TerminalTaken(Struct, frozen=True):
    """Somebody sits at a shared terminal until `expires_at`, or until it is locked or taken by another."""

    person: str
    terminal: int
    token: int
    expires_at: int


class PinSet(Struct, frozen=True):
    """A PIN was set, or (`used` False) is used no more."""

    person: str
    used: bool

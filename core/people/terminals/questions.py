"""What the edges and screens ask about terminals."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class SignInAsked(Struct, frozen=True):
    """What asks under this code (its hash)? Answers SignInView, or Refusal `unknown` when nothing does any more."""

    code: bytes


class SignInView(Struct, frozen=True):
    """A terminal that waits. `label` is what it says of itself: nobody has checked it."""

    label: str
    asked_at: int
    expires_at: int
    may_share: bool
    """Whether the reader may let it be shared."""


class SignInState(Struct, frozen=True):
    """How far it is with the secret of this hash. Answers StateView, or Refusal `unknown` once it is over."""

    secret: bytes


class StateView(Struct, frozen=True):
    """`confirmed`: the secret is the person's token; `shared`: it is the key of a shared terminal."""

    state: Literal["waiting", "confirmed", "shared", "refused"]


class PinOf(Struct, frozen=True):
    """Only for the edge: whose PIN an id or email means."""

    login: str


class PinView(Struct, frozen=True):
    """None where there is no such person, or they have no PIN."""

    person: str | None
    encoded: str | None


class Terminals(Struct, frozen=True):
    """The shared terminals of the desk."""


class TerminalView(Struct, frozen=True):
    """One of them."""

    id: int
    label: str
    registered_by: str
    registered_at: int


class TerminalPage(Struct, frozen=True):
    """Newest first."""

    items: tuple[TerminalView, ...]

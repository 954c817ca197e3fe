"""What people intend with terminals. Secrets, codes and PINs never enter a command: they arrive hashed."""

from __future__ import annotations

from msgspec import Struct


class AskSignIn(Struct, frozen=True):
    """A terminal that nobody sits at yet asks to be let in. `secret` becomes its token once a person says yes."""

    secret: bytes
    code: bytes
    label: str = ""


class ConfirmSignIn(Struct, frozen=True):
    """Yes, that is my terminal; or, `shared`, one that my colleagues and I use by turns."""

    code: bytes
    shared: bool = False


class RefuseSignIn(Struct, frozen=True):
    """I did not ask for this."""

    code: bytes


class SetPin(Struct, frozen=True):
    """My PIN for shared terminals, as an argon2id text made at the edge; None: I use none any more."""

    encoded: str | None


class TryPin(Struct, frozen=True):
    """The edge is about to look at a PIN: the try counts from now on. `terminal`: hash of its key."""

    terminal: bytes
    person: str


class SwitchPerson(Struct, frozen=True):
    """After the PIN was checked at the edge: this person sits at the terminal now; `hash` of their fresh token."""

    terminal: bytes
    person: str
    hash: bytes


class LockTerminal(Struct, frozen=True):
    """Nobody sits there now: whoever did must give their PIN again."""

    terminal: bytes


class RemoveTerminal(Struct, frozen=True, forbid_unknown_fields=True):
    """This terminal is shared no more: its key opens nothing, and whoever sits there is out."""

    terminal: int

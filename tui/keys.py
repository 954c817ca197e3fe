"""The registry of keys: one letter, one meaning, everywhere. Hints, help and the key docs are made from it.

A key name is the character that was typed, or the name of a key that types none (`enter`, `pagedown`, `ctrl+s`).
Nothing stands on Ctrl+A or Ctrl+B, which belong to screen and tmux, and nothing with effect on Ctrl+D.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from msgspec import Struct

Where: TypeAlias = Literal["queue", "ticket", "phone", "call", "raise", "message", "comment", "respond", "help", "ask"]
"""The list, the open ticket, the phone tasks, a call being made, the sheets, a question that waits for `y`."""
LISTS: Final[tuple[Where, ...]] = ("queue", "phone")
DESK: Final[tuple[Where, ...]] = ("queue", "ticket", "phone")
MATTERS: Final[tuple[Where, ...]] = ("queue", "ticket")


class Key(Struct, frozen=True):
    """One act at the keyboard. Its words are `tui.key.<id>` (short, for hints) and `tui.help.<id>`."""

    id: str
    keys: tuple[str, ...]
    where: tuple[Where, ...]
    act: str | None = None
    """The act of `Case.may` that decides whether it is off; None: always on."""
    asks: bool = False
    """Irreversible or outward: `y` is asked first."""
    hint: bool = True
    """Shown in the line of hints."""


KEYS: Final[tuple[Key, ...]] = (
    Key("down", ("j", "down"), DESK),
    Key("up", ("k", "up"), DESK, hint=False),
    Key("top", ("g", "home"), DESK, hint=False),
    Key("bottom", ("G", "end"), DESK, hint=False),
    Key("page_down", ("pagedown", "ctrl+f"), DESK, hint=False),
    Key("page_up", ("pageup",), DESK, hint=False),
    Key("open", ("enter",), LISTS),
    Key("raise", ("e",), MATTERS, act="raise"),
    Key("accept", ("a",), MATTERS, act="accept"),
    Key("claim", ("t",), MATTERS, act="claim"),
    Key("respond", ("o",), MATTERS, act="respond", hint=False),
    Key("undo", ("z",), MATTERS, act="undo", hint=False),
    Key("return", ("v",), MATTERS, act="return", hint=False),
    Key("page_all", ("P",), MATTERS, act="page_all", asks=True, hint=False),
    Key("comment", ("c",), MATTERS, act="comment"),
    Key("close", ("x",), MATTERS, act="close", asks=True),
    Key("take", ("p",), DESK, act="take"),
    Key("show_new", (".",), ("queue",), hint=False),
    Key("to_call", ("0",), DESK, hint=False),
    Key("tab", ("1", "2", "3", "4", "5", "6"), DESK, hint=False),
    Key("back", ("q", "escape"), DESK, hint=False),
    Key("language", ("ctrl+l",), (*DESK, "call", "raise", "message", "comment", "respond", "help", "ask"), hint=False),
    Key("quit", ("ctrl+q",), DESK, hint=False),
    Key("help", ("?",), DESK),
    Key("said_accepted", ("1",), ("call",)),
    Key("said_busy", ("2",), ("call",)),
    Key("said_nothing", ("3",), ("call",)),
    Key("call_later", ("escape", "q"), ("call",)),
    Key("send", ("enter",), ("raise",)),
    Key("choose", ("1", "2", "3", "4", "5", "6"), ("raise",)),
    Key("message", ("m",), ("raise",)),
    Key("cancel", ("escape", "q"), ("raise",)),
    Key("send_message", ("ctrl+s",), ("message",)),
    Key("cancel_message", ("escape",), ("message",)),
    Key("send_comment", ("ctrl+s",), ("comment",)),
    Key("cancel_comment", ("escape",), ("comment",)),
    Key("send_response", ("ctrl+s",), ("respond",)),
    Key("cancel_response", ("escape",), ("respond",)),
    Key("help_close", ("escape", "q", "?"), ("help",)),
    Key("help_down", ("j", "down", "pagedown"), ("help",), hint=False),
    Key("help_up", ("k", "up", "pageup"), ("help",), hint=False),
    Key("yes", ("y",), ("ask",)),
    Key("no", ("n", "escape", "q"), ("ask",)),
)
RESERVED: Final = frozenset("rwAUDM!/: ")
"""Letters of acts that come later: nothing else may stand on them."""


def find(where: Where, key: str) -> Key | None:
    """What this key does here."""
    return _BY_KEY.get((where, key))


def of(where: Where) -> tuple[Key, ...]:
    """The keys of a place, in the order of the registry."""
    return tuple(key for key in KEYS if where in key.where)


def shown(key: Key) -> str:
    """The first key of the row, as people read it."""
    first = key.keys[0] if len(key.keys) < 3 or not key.keys[0].isdigit() else f"{key.keys[0]}-{key.keys[-1]}"
    return _SHOWN.get(first, first)


def spelled(key: Key) -> tuple[str, ...]:
    """Every key of the row, as people read them."""
    return (shown(key),) if key.keys[0].isdigit() else tuple(_SHOWN.get(name, name) for name in key.keys)


_SHOWN: Final = {
    "enter": "Enter", "escape": "Esc", "pagedown": "PgDn", "pageup": "PgUp", "up": "Up", "down": "Down",
    "home": "Home", "end": "End", "ctrl+f": "Ctrl+F", "ctrl+l": "Ctrl+L", "ctrl+q": "Ctrl+Q", "ctrl+s": "Ctrl+S",
}  # fmt: skip
_BY_KEY: Final = {(where, name): key for key in KEYS for where in key.where for name in key.keys}

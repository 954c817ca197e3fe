"""The keys of a place, from the registry: the line at the bottom, and the help with the reason a key is off."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tui import keys
from tui.keys import Key, Where
from tui.model.lines import Line, Span, fitted, line, width
from tui.model.names import Names
from tui.model.text import fit, wrap

KEY = 16


def hints(where: Where, names: Names, cells: int, off: Callable[[Key], str]) -> Line:
    """As many keys as there is room for, help always among them; one that is off stays, in brackets."""
    shown = [_hint(key, names, bool(off(key))) for key in keys.of(where) if key.hint]
    room = cells - 1
    while len(shown) > 1 and sum(width(part) for part in shown) > room:
        del shown[-2]
    return fitted((Span(" "), *(span for part in shown for span in part)), cells)


def help_lines(where: Where, names: Names, cells: int, off: Callable[[Key], str]) -> list[Line]:
    """Every key of a place in a sentence, and why it is off where it is."""
    lines = [fitted(line((f" {names.say('tui.help.title')}", "strong")), cells)]
    for key in keys.of(where):
        lines.extend(_help(key, names, cells, off(key)))
    return lines


def _hint(key: Key, names: Names, is_off: bool) -> Line:
    label = names.say(f"tui.key.{key.id}")
    if is_off:
        return line((f"({keys.shown(key)} {label}) ", "quiet"))
    return line((keys.shown(key), "key"), (f" {label}  ", "quiet"))


def _help(key: Key, names: Names, cells: int, why: str) -> Iterator[Line]:
    words = names.say(f"tui.help.{key.id}") + (" " + names.say("tui.help.asks") if key.asks else "")
    pressed = " ".join(keys.spelled(key))
    for place, part in enumerate(wrap(words, cells - KEY - 2)):
        yield line((f"  {fit(pressed if place == 0 else '', KEY)}", "key"), part)
    if why:
        yield line(" " * (KEY + 2), (names.say("tui.help.off", why=why), "quiet"))

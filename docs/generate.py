"""Writes what is derived from the code: the reference pages and the schema. `python -m docs.generate`, or `make docs`.

A test compares; nothing in these files is written by hand.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
from msgspec.structs import replace

from core.engine.store.migrate import migrate
from core.words import say
from docs.routes import api_page
from noroshi import noroshi
from tui import keys

ROOT = Path(__file__).parents[1]
WIDTH = 100
PLACES = {
    "queue": "The list",
    "ticket": "An open ticket",
    "phone": "Phone tasks",
    "call": "While you ring somebody",
    "raise": "The raise sheet",
    "message": "The message of a raise",
    "comment": "The comment sheet",
    "respond": "Answering, or checking a report",
    "help": "Help",
    "ask": "A question that waits for an answer",
}


def main() -> None:
    """Write every page."""
    for page, text in PAGES.items():
        (ROOT / page).write_text(text(), encoding="utf-8")


def cli_page() -> str:
    """The help of every command, in English."""
    lines = ["# The command line", "", "Exit codes: 0 done, 1 refused or found, 2 usage."]
    before = os.environ.get("NOROSHI_LANG")
    os.environ["NOROSHI_LANG"] = "en"
    for name, context in _contexts(noroshi, None):
        lines += ["", f"## {name}", "", "```text", context.get_help(), "```"]
    if before is None:
        del os.environ["NOROSHI_LANG"]
    else:
        os.environ["NOROSHI_LANG"] = before
    return "\n".join([*lines, ""])


def keys_page() -> str:
    """Every key of the terminal, place by place."""
    lines = ["# Keys of the terminal", "", "`?` shows those of the screen you are on, and why one is off."]
    for place, title in PLACES.items():
        lines += ["", f"## {title}", "", "| key | does | 日本語 |", "|---|---|---|"]
        for key in keys.KEYS:
            if place in key.where:
                said = (say(language, f"tui.help.{key.id}") for language in ("en", "ja"))
                lines.append(f"| {_pressed(key)} | {' | '.join(said)} |")
    return "\n".join([*lines, ""])


def schema() -> str:
    """The database as all migrations leave it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        migrate(raw)
        found = raw.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
            " AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
            " ORDER BY tbl_name, type = 'table' DESC, name"
        ).fetchall()
    head = "-- All migrations together. Written by `make docs`; a test compares.\n"
    return head + "".join(f"\n{statement};\n" for (statement,) in found)


def _contexts(command: click.Command, above: click.Context | None) -> Iterator[tuple[str, click.Context]]:
    context = command.context_class(command, info_name=command.name, parent=above, terminal_width=WIDTH)
    yield context.command_path, context
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from _contexts(inner, context)


def _pressed(key: keys.Key) -> str:
    names = (keys.shown(replace(key, keys=(name,))) for name in key.keys)
    return " ".join(f"`{name}`" for name in dict.fromkeys(names))


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/api.md": api_page,
    "docs/reference/cli.md": cli_page,
    "docs/reference/keys.md": keys_page,
    "core/engine/store/schema.sql": schema,
}

if __name__ == "__main__":
    main()

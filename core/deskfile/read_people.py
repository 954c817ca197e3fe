"""Reads `[desk]`, `[levels]`, `[[team]]`, `[[person]]`, `[[channel]]`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from core.deskfile.locate import Path
from core.deskfile.table import LANGUAGES, Table
from core.people.model import ChannelKind, ChannelSetting, Hours, Level, Person, Place, Quiet, Role, Settings, Team
from core.roster.holidays import countries
from core.roster.wall import minutes, weekdays

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
EMAIL: Final = re.compile(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+")
PHONE: Final = re.compile(r"\+?[0-9][0-9 ()-]{2,30}")
CHAT: Final = re.compile(ID.pattern + r"(:[#@+]?[A-Za-z0-9_.@=-]{1,200})?")
"""A channel, and after a colon the one name in it."""
LEVEL: Final = re.compile(r"[1-9][0-9]?")
SECRET: Final = re.compile(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)")
RESERVED: Final = frozenset({"system", "console", "nobody"})
"""Actors that are no persons."""
CLEARANCES: Final = ("personal_data",)


def fits(pattern: re.Pattern[str]) -> Callable[[str], str]:
    """A parser that takes what the pattern matches as a whole."""

    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(text)
        return text

    return parse


def identity(table: Table) -> str:
    """The `id` of a row."""
    found: str = table.parsed("id", fits(ID), "id")
    return found


def desk(table: Table) -> Settings:
    """`[desk]`; every key has a default."""
    usual = Settings()
    return Settings(
        table.text("name", usual.name),
        table.parsed("timezone", _zone, "timezone", usual.timezone),
        table.choice("language", LANGUAGES, usual.language),
        table.parsed("holidays", _country, "country", None),
        tuple(table.rows("hours", _hours).values()),
        quiet=table.table("quiet", _quiet, None),
        watchdog=_secret(table, "watchdog"),
    )


def levels(table: Table) -> dict[Path, Level]:
    """`[levels]`: numbers with their names."""
    found: dict[Path, Level] = {}
    for key in table.values:
        names = table.names(key)
        if LEVEL.fullmatch(key):
            found[*table.path, key] = Level(int(key), names)
        else:
            table.trouble.note((*table.path, key), "wrong_level", key=key)
    return found


def team(table: Table) -> Team:
    """One `[[team]]`."""
    return Team(identity(table), table.text("name"), table.text("parent", None), table.text("default_policy", None))


def person(table: Table, language: str) -> Person:
    """One `[[person]]`; `language` is the desk's."""
    usual = Person("", "")
    return Person(
        _person_id(table),
        table.text("name"),
        table.number("level", 1, 99, usual.level),
        table.texts("teams", ()),
        frozenset(table.texts("roles", ("operator",), choices=get_args(Role))),
        table.choice("language", LANGUAGES, language),
        table.parsed("email", fits(EMAIL), "email", None),
        table.parsed("phone", fits(PHONE), "phone", None),
        table.choice("place", get_args(Place), usual.place),
        frozenset(table.texts("clearance", (), choices=CLEARANCES)),
        table.table("certificates", _certificates, {}),
        chat=table.parsed("chat", fits(CHAT), "chat", None),
        quiet=table.table("quiet", _quiet, None),
    )


def channel(table: Table) -> ChannelSetting:
    """One `[[channel]]`. A secret is a reference, and is never repeated in a message."""
    kind = table.choice("kind", get_args(ChannelKind))
    sender = table.parsed("from", fits(EMAIL), "email", None)
    if kind == "smtp" and sender is None:
        table.missing("from")
    return ChannelSetting(identity(table), kind, _url(table, kind), _secret(table, "password"), sender)


def _hours(table: Table) -> Hours:
    return Hours(
        table.plain("days", weekdays, "days"), table.plain("from", minutes, "clock"),
        table.plain("to", minutes, "clock"),
    )  # fmt: skip


def _quiet(table: Table) -> Quiet:
    return Quiet(table.plain("from", minutes, "clock"), table.plain("to", minutes, "clock"))


def _person_id(table: Table) -> str:
    found = identity(table)
    if found in RESERVED:
        table.trouble.note((*table.path, "id"), "reserved", id=found)
    return found


def _certificates(table: Table) -> dict[str, str]:
    return {name: table.day(name) for name in table.values}


def _url(table: Table, kind: str) -> str:
    url: str = table.text("url")
    if SECRET.fullmatch(url) or (*table.path, "url") in table.trouble:
        return url
    if kind == "chat":  # the address is the key to the room
        table.trouble.note((*table.path, "url"), "plain_secret", key="url")
        return ""
    try:
        parts = urlsplit(url)
        secret, known = parts.password, parts.scheme in ("smtp", "smtps") and parts.hostname and (parts.port or True)
    except ValueError:
        secret, known = None, False
    if secret:
        table.trouble.note((*table.path, "url"), "plain_secret", key="url")
    elif kind == "smtp" and not known:
        table.trouble.note((*table.path, "url"), "wrong_url", "smtp_url", key="url")
    return url


def _secret(table: Table, key: str) -> str | None:
    found: str | None = table.text(key, None)
    if found is not None and not SECRET.fullmatch(found):
        table.trouble.note((*table.path, key), "plain_secret", key=key)
    return found


def _zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError(text)
    return text


def _country(text: str) -> str:
    if text not in countries():
        raise ValueError(text)
    return text

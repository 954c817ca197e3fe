"""How much room is left where the database lies."""

from __future__ import annotations

import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

from core.console.database import Database
from core.engine.auditor import Space


def space_of(database: Database) -> Space:
    """Free and all bytes of the file's disk; of a server nobody here knows."""
    return partial(_left, database.absolute().parent) if isinstance(database, Path) else lambda: None


def _left(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        found = shutil.disk_usage(folder)
        return found.free, found.total
    return None

"""Where a desk lives: in a SQLite file, or in a database of a PostgreSQL server."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

import platformdirs

from core.console.spoken import Trouble

SQLITE: Final = "sqlite:///"
POSTGRES: Final = ("postgresql://", "postgres://")
ODD: Final = re.compile(r"[^A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class PostgresUrl:
    """A database of a server. Whatever is printed of it has no user and no password."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        parts = urlsplit(self.url)
        host = parts.netloc.rpartition("@")[2] or parse_qs(parts.query).get("host", [""])[0]
        return f"postgresql://{host}{parts.path}"

    @property
    def key_file(self) -> Path:
        """In the user's data folder, named after the server and the database."""
        return folder() / f"{ODD.sub('-', str(self).removeprefix(POSTGRES[0])).strip('-')}.key"


Database: TypeAlias = Path | PostgresUrl


def folder() -> Path:
    """The user's own for what programs keep."""
    return platformdirs.user_data_path("noroshi", appauthor=False)


def database(url: str | None) -> Database:
    """What `--db` says, else $NOROSHI_DB, else the file in the user's data folder."""
    named = url or os.environ.get("NOROSHI_DB")
    if not named:
        return folder() / "noroshi.db"
    if named.startswith(POSTGRES):
        return PostgresUrl(named)
    if not named.startswith(SQLITE) or len(named) == len(SQLITE):
        raise Trouble("db_url", code=2, url=urlsplit(named)._replace(netloc="").geturl() if "@" in named else named)
    return Path(named.removeprefix(SQLITE))

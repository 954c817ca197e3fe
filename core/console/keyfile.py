"""The key file: the secrets of one desk, apart from its database.

JSON, mode 600, made at `init` alone. Whoever has database and key file has the desk: back up both, apart.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from core.console.database import Database, PostgresUrl
from core.console.spoken import Trouble

PRIVATE: Final = 0o600
OTHERS: Final = 0o077


class Keys(Struct, frozen=True, forbid_unknown_fields=True):
    """`chain` signs the journal, `web` encrypts cursors and signs form tokens, `vapid` signs pushes."""

    chain: str
    """base64 of 32 bytes."""
    web: str
    """base64 of 32 bytes."""
    vapid: str
    """The private key, base64url of its 32 bytes."""

    def __repr__(self) -> str:
        return "<Keys>"

    @property
    def chain_key(self) -> bytes:
        """The 32 bytes that sign the journal."""
        return b64decode(self.chain)

    @property
    def web_key(self) -> bytes:
        """The 32 bytes for cursors and form tokens."""
        return b64decode(self.web)

    def fingerprint(self) -> str:
        """What the database keeps to notice a wrong key file; it tells nothing about the key."""
        return hmac.digest(self.chain_key, b"noroshi key file", hashlib.sha256).hex()[:32]


def make(vapid: str) -> Keys:
    """New random keys around a push key."""
    return Keys(chain=_fresh(), web=_fresh(), vapid=vapid)


def place(database: Database) -> Path:
    """$NOROSHI_KEY, else beside the file (`<file>.key`), or of a server in the user's data folder."""
    named = os.environ.get("NOROSHI_KEY")
    if named:
        return Path(named)
    return database.key_file if isinstance(database, PostgresUrl) else database.with_name(f"{database.name}.key")


def write(path: Path, keys: Keys) -> None:
    """Create the file for its owner alone. FileExistsError when there is one: keys are never overwritten."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(keys), indent=1) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> Keys:
    """The keys of a desk. Trouble says which file, never what stands in it."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        raise Trouble("no_key", path=path) from None
    except OSError as error:
        raise Trouble("key_unreadable", path=path, why=error.strerror) from None
    try:
        keys = msgspec.json.decode(text, type=Keys)
        if len(keys.chain_key) != 32 or len(keys.web_key) != 32:
            raise ValueError
    except ValueError:  # msgspec's and base64's errors are ValueErrors; their text could quote a key
        raise Trouble("key_broken", path=path) from None
    return keys


def open_to_others(path: Path) -> bool:
    """Whether more than its owner may touch the file."""
    return os.name == "posix" and bool(path.stat().st_mode & OTHERS)


def _fresh() -> str:
    return b64encode(secrets.token_bytes(32)).decode()

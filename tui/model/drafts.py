"""What was typed and not sent yet: kept by key, and where there is a file, through everything that may happen.

The file belongs to one person at one desk and to nobody else's eyes; a draft that nobody touched for 30 days goes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

import msgspec
from msgspec import Struct

KEPT: Final = 30 * 86_400_000
"""Milliseconds."""
MOST: Final = 200
"""Drafts of one person; the oldest go first."""


class Draft(Struct, frozen=True):
    """A text, and when it was touched last."""

    text: str
    at: int


Book: TypeAlias = dict[str, Draft]


def put(book: Mapping[str, Draft], key: str, text: str, now: int) -> Book:
    """The book with this text under the key; without it where there is nothing but blanks."""
    others = {name: draft for name, draft in book.items() if name != key}
    return {**others, key: Draft(text, now)} if text.strip() else others


def fresh(book: Mapping[str, Draft], now: int) -> Book:
    """The book without what is too old, or too much."""
    young = {key: draft for key, draft in book.items() if now - draft.at < KEPT}
    return dict(sorted(young.items(), key=lambda one: one[1].at)[-MOST:])


class Drafts:
    """One person's drafts. `keep` and `drop` are at once; `save` writes what changed and may wait for the disk."""

    def __init__(self, file: Path | None, now: Callable[[], int]) -> None:
        self._file = file
        self._now = now
        self._saving = threading.Lock()
        self._changed: set[str] = set()
        self._book = fresh(_read(file), now())

    def get(self, key: str) -> str:
        """The draft, or nothing."""
        draft = self._book.get(key)
        return draft.text if draft else ""

    def keep(self, key: str, text: str) -> bool:
        """Remember it; whether it differs from what was remembered."""
        if text == self.get(key) or not (text.strip() or key in self._book):
            return False
        self._book = put(self._book, key, text, self._now())
        self._changed.add(key)
        return True

    def drop(self, key: str) -> bool:
        """It was sent; whether there was one."""
        return self.keep(key, "")

    def save(self) -> bool:
        """Write what changed, whatever another terminal of this person wrote meanwhile; False when that fails."""
        if self._file is None:
            return True
        with self._saving:
            changed, self._changed = self._changed, set()
            if not changed:
                return True
            try:
                self._merge(self._file, changed)
            except OSError:
                self._changed |= changed
                return False
            return True

    def _merge(self, file: Path, changed: set[str]) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(file):
            book = {key: draft for key, draft in _read(file).items() if key not in changed}
            book |= {key: draft for key in changed if (draft := self._book.get(key)) is not None}
            _write(file, fresh(book, self._now()))


class Shelf(Struct, frozen=True):
    """Where drafts of this desk are kept on this machine: in a folder, a file for each person. None: nowhere."""

    folder: Path | None = None
    place: str = ""
    """The server's address or the database's."""

    def of(self, person: str, now: Callable[[], int]) -> Drafts:
        """This person's drafts. The name of the file tells nobody whose they are."""
        if self.folder is None or not person:
            return Drafts(None, now)
        name = hashlib.sha256(f"{self.place}\n{person}".encode()).hexdigest()[:32]
        return Drafts(self.folder / f"{name}.json", now)


def _read(file: Path | None) -> Book:
    """What is there; nothing where there is none, or none that can be read."""
    try:
        return {} if file is None else msgspec.json.decode(file.read_bytes(), type=Book)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _write(file: Path, book: Book) -> None:
    """Whole or not at all, for its owner alone."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(msgspec.json.encode(book))
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """One terminal of this person at a time."""
    handle = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

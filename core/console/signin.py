"""Who sits at the terminal: $NOROSHI_TOKEN, a sign-in that was saved, or whoever types a token."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec
import platformdirs

from core.console.spoken import Trouble, note, tell


def secret_for(place: str) -> str:
    """The token for a database. Asks when there is a keyboard, and keeps the answer."""
    known = known_secret(place)
    if known:
        return known
    secret: str = click.prompt(tell("signin.ask", place=place), hide_input=True, err=True).strip()
    keep_secret(place, secret)
    return secret


def known_secret(place: str) -> str | None:
    """$NOROSHI_TOKEN, or what was saved. Trouble where there is neither, and no keyboard to find out."""
    known = os.environ.get("NOROSHI_TOKEN") or _saved().get(place)
    if not known and not sys.stdin.isatty():
        raise Trouble("token_needed")
    return known


def keep_secret(place: str, secret: str) -> None:
    """For the next time."""
    _save(_saved() | {place: secret})
    note(tell("signin.saved", path=_file()))


@contextmanager
def forgetting(place: str) -> Iterator[None]:
    """A saved sign-in that is refused is not kept: the next time asks again."""
    try:
        yield
    except Trouble:
        saved = _saved()
        if saved.pop(place, None) is not None:
            _save(saved)
        raise


def drafts_folder() -> Path:
    """Where this machine keeps what was typed and not sent yet."""
    return platformdirs.user_state_path("noroshi", appauthor=False) / "drafts"


def _file() -> Path:
    return platformdirs.user_config_path("noroshi", appauthor=False) / "sign-in.json"


def _saved() -> dict[str, str]:
    try:
        return msgspec.json.decode(_file().read_bytes(), type=dict[str, str])
    except (OSError, msgspec.MsgspecError):
        return {}


def _save(secrets: dict[str, str]) -> None:
    file = _file()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(msgspec.json.encode(secrets))
    except OSError as error:
        note(tell("trouble.unwritable", path=file, why=error.strerror))

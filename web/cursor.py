"""Cursors at the door: encrypted, padded, bound to their reader and their list. They tell nothing."""

from __future__ import annotations

import base64
import binascii
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE: Final = 12
BLOCK: Final = 48
"""Plain texts are filled up to a multiple of this, so that length tells nothing either."""
LONGEST: Final = 1_024


class CursorError(ValueError):
    """Not a cursor of ours, or of another person or list."""


class Cursors:
    """Seals the engine's plain cursors and opens them again."""

    def __init__(self, key: bytes) -> None:
        self._box = AESGCM(key)

    def seal(self, cursor: str, person: str, about: str) -> str:
        """An opaque text for this person and this list (`about`)."""
        nonce = os.urandom(NONCE)
        sealed = self._box.encrypt(nonce, _filled(cursor.encode()), _bound(person, about))
        return base64.urlsafe_b64encode(nonce + sealed).rstrip(b"=").decode()

    def open(self, text: str, person: str, about: str) -> str:
        """The engine's cursor again; CursorError for anything that was not sealed for this person and list."""
        try:
            if len(text) > LONGEST:
                raise CursorError
            raw = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            plain = self._box.decrypt(raw[:NONCE], raw[NONCE:], _bound(person, about))
            return plain.rstrip(b"\0").decode()
        except (InvalidTag, binascii.Error, ValueError) as fault:
            raise CursorError from fault


def _filled(plain: bytes) -> bytes:
    return plain + b"\0" * (-len(plain) % BLOCK)


def _bound(person: str, about: str) -> bytes:
    return f"{about}\0{person}".encode()

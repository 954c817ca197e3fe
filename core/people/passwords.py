"""Passwords: argon2id at the edge. Both functions block for some 30 ms: call them in a thread."""

from __future__ import annotations

import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.engine.outcome import Refusal

SHORTEST: Final = 10
LONGEST: Final = 200
"""Characters."""

_hasher: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_nobody: Final = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5aGFzdGhpczE2Yg$OZWhawf3VBvXJrmdQ5nBSLpiPzooLSlDnukzDMqCIfs"
"""Nobody's password: a login that does not exist takes as long as one that does."""


def check_password(text: str) -> Refusal | None:
    """What is wrong with a new password, if anything."""
    length = len(_normal(text))
    if length < SHORTEST:
        return Refusal("invalid", "password_short", "password", {"n": SHORTEST})
    if length > LONGEST:
        return Refusal("invalid", "password_long", "password", {"n": LONGEST})
    return None


def hash_password(text: str) -> str:
    """The argon2id text to store. ValueError for what `check_password` refuses."""
    if check_password(text) is not None:
        raise ValueError("a password has 10 to 200 characters")
    return _hasher.hash(_normal(text))


def hash_short(text: str) -> str:
    """As `hash_password`, for what is short and counted wherever it is tried (a PIN)."""
    return _hasher.hash(_normal(text))


def verify_password(encoded: str | None, text: str) -> bool:
    """Whether this is the password; `encoded` None (no such login, or none set) is False, and as slow."""
    normal = _normal(text)
    try:
        return _hasher.verify(encoded or _nobody, normal[: LONGEST + 1]) and encoded is not None
    except (VerificationError, InvalidHashError):
        return False


def _normal(text: str) -> str:
    """One form for what different keyboards send for the same characters."""
    return unicodedata.normalize("NFKC", text)

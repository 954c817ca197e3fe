"""Short codes that people type, and PINs that they remember. What is random is made here, at the edge."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from itertools import pairwise
from typing import Final

from core.engine.outcome import Refusal
from core.people.passwords import hash_short

LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so no words; no digit, so none is taken for a letter (RFC 8628, 6.1)."""
LENGTH: Final = 8
"""20 ** 8: two and a half times ten to the tenth."""
PIN_SHORTEST: Final = 6
PIN_LONGEST: Final = 12


def make_code() -> str:
    """A fresh code, as `read_code` reads it."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def shown_code(code: str) -> str:
    """In two halves: `BCDF-GHJK`."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def read_code(text: str) -> str | None:
    """What somebody typed, in any case, with or without the dash, also full-width; None when it is no code."""
    typed = "".join(sign for sign in unicodedata.normalize("NFKC", text[:40]).upper() if sign.isalnum())
    return typed if len(typed) == LENGTH and set(typed) <= set(LETTERS) else None


def hash_code(key: bytes, code: str) -> bytes:
    """What the database keeps of it: keyed, since so short a code could be tried out."""
    return hmac.digest(key, code.encode(), hashlib.sha256)


def check_pin(text: str) -> Refusal | None:
    """What is wrong with a new PIN, if anything."""
    pin = read_pin(text)
    if not PIN_SHORTEST <= len(pin) <= PIN_LONGEST or not pin.isdecimal():
        return Refusal("invalid", "pin_digits", "pin", {"least": PIN_SHORTEST, "most": PIN_LONGEST})
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return Refusal("invalid", "pin_simple", "pin")
    return None


def hash_pin(text: str) -> str:
    """The argon2id text to store. ValueError for what `check_pin` refuses."""
    if check_pin(text) is not None:
        raise ValueError("a PIN has 6 to 12 digits that are not all in a row")
    return hash_short(read_pin(text))


def read_pin(text: str) -> str:
    """The digits that were meant, also full-width."""
    return unicodedata.normalize("NFKC", text[:40]).strip()

"""Secrets of sessions, tokens and links: made at the edge, shown once, stored as a hash only."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

BYTES: Final = 32


def make_secret() -> str:
    """A fresh secret of 256 random bits, 43 characters that fit a cookie, a header and a link. Edges only."""
    return secrets.token_urlsafe(BYTES)


def hash_secret(secret: str) -> bytes:
    """What the database keeps of it. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()

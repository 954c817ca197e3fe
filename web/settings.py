"""What the web face is told at the start."""

from __future__ import annotations

import hashlib
import hmac
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from msgspec import Struct

Purpose: TypeAlias = Literal["cursor", "form", "code"]
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class WebSettings(Struct, frozen=True, kw_only=True, dict=True):
    """Addresses and keys of the web face. Plain http is for loopback only (else a ValueError)."""

    public_url: str
    """What a browser types, without a path: `https://desk.example`, `http://127.0.0.1:8000`."""
    vapid_public_key: str
    """base64url of the 65 bytes, as browsers want it."""
    secret: bytes
    """At least 32 bytes; keys for cursors and form tokens are derived from it."""
    secure: bool
    """Whether the public address is https: decides name and attributes of the session cookie."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-* headers are believed."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.public_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("the public address must be an http or https address")
        if self.secure != (parts.scheme == "https"):
            raise ValueError("secure must say whether the public address is https")
        if not self.secure and parts.hostname not in LOOPBACK:
            raise ValueError("plain http is for loopback only")
        if len(self.secret) < 32:
            raise ValueError("the secret must have at least 32 bytes")

    def __repr__(self) -> str:
        return f"WebSettings({self.public_url!r})"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser writes them in `Origin`."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def cookie(self) -> str:
        """The name of the session cookie."""
        return "__Secure-noroshi" if self.secure else "noroshi"

    def key(self, purpose: Purpose) -> bytes:
        """A 32-byte key for one purpose, derived from the secret."""
        return hmac.digest(self.secret, b"noroshi web " + purpose.encode(), hashlib.sha256)

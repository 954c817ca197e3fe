"""VAPID (RFC 8292): who we are to a push service.

One P-256 key signs a short token per push origin; the public half is what a browser subscribes with.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from core.engine.ports import HOUR, SECOND, Clock, Millis

LIFETIME: Millis = 12 * HOUR
"""Of a token. Push services allow 24 hours; half of that forgives a clock that is hours wrong."""

_RAW = re.compile(r"[A-Za-z0-9_-]{43}=?")
_MAILBOX = re.compile(r"[^\s@<>]+@(?P<host>[^\s@<>]+)")
_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?")
_ORIGINS = 256


class VapidKey:
    """A private key and its public half. It never shows the private one unless asked by name."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        self._scalar = private.private_numbers().private_value.to_bytes(32, "big")
        point = private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.public = base64url(point)
        """What browsers subscribe with: base64url of the 65 bytes of the point."""

    @classmethod
    def make(cls) -> VapidKey:
        """A new key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def load(cls, text: str) -> VapidKey:
        """From PEM, or from base64url of the 32 bytes. ValueError when it is neither."""
        text = text.strip()
        if _RAW.fullmatch(text):
            scalar = int.from_bytes(urlsafe_b64decode(text.rstrip("=") + "="), "big")
            return cls(ec.derive_private_key(scalar, ec.SECP256R1()))
        try:
            private = serialization.load_pem_private_key(text.encode(), password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ValueError("a push key is PEM or base64url of 32 bytes") from None
        if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
            raise ValueError("a push key is on the curve P-256")
        return cls(private)

    def pem(self) -> str:
        """The private key, PKCS #8 without a password."""
        return self._private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def raw(self) -> str:
        """The private key, base64url of its 32 bytes."""
        return base64url(self._scalar)

    def sign(self, data: bytes) -> bytes:
        """ES256 as JWT wants it: r and s, 32 bytes each."""
        r, s = utils.decode_dss_signature(self._private.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def blind(self, text: str) -> str:
        """32 base64url characters: the same for the same text, and telling nothing about it without this key."""
        return base64url(blake2b(text.encode(), digest_size=24, key=self._scalar, person=b"topic").digest())

    def __repr__(self) -> str:
        return f"VapidKey(public={self.public!r})"


class Signer:
    """Authorization headers of one key, one per push origin, made anew at half of their life."""

    def __init__(self, key: VapidKey, subject: str, clock: Clock) -> None:
        """ValueError when push services would refuse `subject` (see `checked_subject`)."""
        self._key = key
        self._subject = checked_subject(subject)
        self._clock = clock
        self._headers: dict[str, tuple[Millis, str]] = {}

    def header(self, origin: str) -> str:
        """The Authorization header for an origin like `https://push.example`."""
        now = self._clock.now()
        issued, header = self._headers.get(origin, (now - LIFETIME, ""))
        if 0 <= now - issued < LIFETIME // 2:
            return header
        if len(self._headers) >= _ORIGINS:
            self._headers.clear()
        header = self._sign(origin, now)
        self._headers[origin] = (now, header)
        return header

    def _sign(self, origin: str, now: Millis) -> str:
        claims = msgspec.json.encode({"aud": origin, "exp": (now + LIFETIME) // SECOND, "sub": self._subject})
        token = f"{_JWT}.{base64url(claims)}"
        return f"vapid t={token}.{base64url(self._key.sign(token.encode()))},k={self._key.public}"


def checked_subject(subject: str) -> str:
    """Whom a push service may turn to: `mailto:` or `https:`, at a name of the open internet.

    ValueError otherwise. Apple answers 403 to every push that names localhost or .local, so it is refused here.
    """
    scheme, _, rest = subject.partition(":")
    mailbox = _MAILBOX.fullmatch(rest) if scheme == "mailto" else None
    host = mailbox["host"] if mailbox else urlsplit(subject).hostname if scheme == "https" else None
    host = (host or "").lower()
    if not _NAME.fullmatch(host) or host.endswith((".local", ".localhost")):
        raise ValueError("the push contact is mailto:name@host or https://host, and the host is a public name")
    return subject


def base64url(data: bytes) -> str:
    """Without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


_JWT = base64url(b'{"typ":"JWT","alg":"ES256"}')

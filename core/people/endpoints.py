"""What a browser may hand in as its push address, checked when it is registered and again before each push."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from core.engine.outcome import Refusal

SERVICES: Final = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
"""The push services of the browsers: these hosts and the names below them."""

LONGEST: Final = 1_000
POINT_BYTES: Final = 65
AUTH_BYTES: Final = 16
_PRINTED: Final = re.compile(r"[!-~]+")
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+={0,2}")


def fault_of(endpoint: str, p256dh: str, auth: str, *, loopback: bool = False) -> Refusal | None:
    """What is wrong with a subscription, naming the field; None when pushes may be sent to it."""
    return fault_of_endpoint(endpoint, loopback=loopback) or _fault_of_keys(p256dh, auth)


def is_push_service(endpoint: str, *, loopback: bool = False) -> bool:
    """Whether a push may be sent to this URL."""
    return fault_of_endpoint(endpoint, loopback=loopback) is None


def fault_of_endpoint(endpoint: str, *, loopback: bool = False) -> Refusal | None:
    """https, a known push service, nothing odd about it. `loopback` also lets this machine through, by http too."""
    url = _split(endpoint)
    if url is None or url.hostname is None:
        return _invalid("endpoint", "device_endpoint")
    if loopback and _is_loopback(url.hostname):
        return None if url.scheme in ("http", "https") else _invalid("endpoint", "device_https")
    if url.scheme != "https":
        return _invalid("endpoint", "device_https")
    if _is_address(url.hostname):
        return _invalid("endpoint", "device_private")
    if url.port not in (None, 443) or not _is_service(url.hostname):
        return _invalid("endpoint", "device_service")
    return None


def _fault_of_keys(p256dh: str, auth: str) -> Refusal | None:
    point, secret = _bytes(p256dh), _bytes(auth)
    if point is None or len(point) != POINT_BYTES or point[0] != 4 or not _is_on_curve(point):
        return _invalid("keys.p256dh", "device_p256dh")
    if secret is None or len(secret) != AUTH_BYTES:
        return _invalid("keys.auth", "device_auth")
    return None


def _split(endpoint: str) -> SplitResult | None:
    """The parts of a URL that has only such parts as a browser's subscription has."""
    # Checked on the raw text: urlsplit drops tabs and line ends silently, and readers differ about a backslash.
    if len(endpoint) > LONGEST or not _PRINTED.fullmatch(endpoint) or "\\" in endpoint:
        return None
    try:
        url = urlsplit(endpoint)
        _ = url.port
    except ValueError:
        return None
    odd = "@" in url.netloc or url.fragment or len(url.path) < 2
    return None if odd else url


def _is_service(host: str) -> bool:
    return any(host == service or host.endswith(f".{service}") for service in SERVICES)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_address(host: str) -> bool:
    """An IP address in any spelling that a resolver might take (127.1, 0x7f000001), or a name of this machine."""
    last = host.rstrip(".").rpartition(".")[2]
    return ":" in host or last.isdigit() or last.startswith("0x") or last in ("localhost", "local", "internal")


def _bytes(text: str) -> bytes | None:
    if not _BASE64URL.fullmatch(text):
        return None
    bare = text.rstrip("=")
    try:
        return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except ValueError:
        return None


def _is_on_curve(point: bytes) -> bool:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return True


def _invalid(field: str, detail: str) -> Refusal:
    return Refusal("invalid", detail, field)

"""Web Push (RFC 8030, 8291, 8292) over one shared HTTP session.

pywebpush only encrypts. The request is ours: no redirects, a timeout, no address inside, one token per origin.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from types import TracebackType

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from pywebpush import WebPusher
from yarl import URL

from core.engine.ports import DAY, MINUTE, SECOND, Clock, Failed, Message, Millis, Outcome, Retry
from push.addresses import PrivateAddress, guarded_socket, is_this_machine
from push.answers import outcome_of
from push.vapid import Signer, VapidKey

TIMEOUT = 10.0
"""Seconds for one message, all in all."""

PAYLOAD = 3_000
"""Bytes of JSON at most, before padding. A push service takes 4,096 bytes after encryption."""

SIZES = (512, 1_024, 2_048, 3_072)
"""Payloads are padded to these lengths, so that the length on the wire tells nothing."""

_ANSWER = 4_096
_CONNECTIONS = 128
_PER_HOST = 64
_DEVICES = 1_024
_LONGEST: Millis = 28 * DAY
_ENDPOINT = re.compile(r"https?://[!-~]{1,2048}")
_POINT = re.compile(r"B[A-P][A-Za-z0-9_-]{85}={0,2}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{22}={0,2}")


class WebPush:
    """The channel `push`. Use it as an async context manager: it owns the session.

    Reasons it gives: `http_<status>`, `timeout`, `network`, `certificate`, `too_large`, `bad_keys`, `not_allowed`,
    `private_address`. Endpoints, keys and payloads stand in none of them.
    """

    name = "push"
    room = _CONNECTIONS

    def __init__(
        self,
        key: VapidKey,
        subject: str,
        *,
        clock: Clock,
        allowed: Callable[[str], bool],
        loopback: bool = False,
        timeout: float = TIMEOUT,
    ) -> None:
        """`subject` is our contact (mailto: or https:); `allowed` tells which endpoint URLs are push services.

        `loopback` also allows http and this machine's own addresses: for tests and trials.
        """
        self._key = key
        self._signer = Signer(key, subject, clock)
        self._clock = clock
        self._allowed = allowed
        self._loopback = loopback
        self._timeout = ClientTimeout(total=timeout)
        self._session: ClientSession | None = None

    async def __aenter__(self) -> WebPush:
        self._session = ClientSession(
            connector=TCPConnector(
                limit=_CONNECTIONS, limit_per_host=_PER_HOST, socket_factory=guarded_socket(self._loopback)
            ),
            timeout=self._timeout,
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def send(self, message: Message) -> Outcome:
        """Encrypt and deliver one message. `message.to` has endpoint, p256dh and auth (base64url)."""
        if len(message.payload) > PAYLOAD:
            return Failed("too_large", alarm=True)
        target = self._target(message.to.get("endpoint", ""))
        if target is None:
            return Failed("not_allowed")
        url, origin = target
        body = _encrypted(message)
        if body is None:
            return Failed("bad_keys")
        try:
            return await self._post(url, body, self._headers(message, origin))
        except ClientConnectorCertificateError:
            return Retry(reason="certificate")
        except ClientConnectorError as error:
            inside = isinstance(error.os_error, PrivateAddress)
            return Failed("private_address") if inside else Retry(reason="network")
        except TimeoutError:
            return Retry(reason="timeout")
        except (ClientError, OSError):
            return Retry(reason="network")

    def _target(self, endpoint: str) -> tuple[URL, str] | None:
        """The URL exactly as the browser gave it, and its origin; None when nothing may be sent there."""
        if not _ENDPOINT.fullmatch(endpoint) or not self._allowed(endpoint):
            return None
        try:
            url = URL(endpoint, encoded=True)
            origin = str(url.origin())
        except ValueError:
            return None
        plain = url.scheme == "http" and not (self._loopback and is_this_machine(url.host or ""))
        return None if plain or url.user or url.password else (url, origin)

    def _headers(self, message: Message, origin: str) -> dict[str, str]:
        headers = {
            "Authorization": self._signer.header(origin),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_seconds_left(message.expires - self._clock.now())),
            "Urgency": message.urgency,
        }
        if message.tag:
            headers["Topic"] = self._key.blind(message.tag)
        return headers

    async def _post(self, url: URL, body: bytes, headers: dict[str, str]) -> Outcome:
        if self._session is None:
            raise RuntimeError("WebPush sends only inside `async with`")
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            # The status decides. What follows it is read, up to a bound, only to use the connection again.
            with suppress(ClientError, TimeoutError):
                await answer.content.read(_ANSWER)
            return outcome_of(answer.status, answer.headers.get("Retry-After"), self._clock.now())


def _encrypted(message: Message) -> bytes | None:
    """The aes128gcm body, or None when the keys are not those of a browser."""
    pusher = _pusher(message.to.get("p256dh", ""), message.to.get("auth", ""))
    if pusher is None:
        return None
    # pywebpush cannot pad a record; white space after JSON means nothing to its reader.
    size = SIZES[bisect_left(SIZES, len(message.payload))]
    try:
        body: bytes = pusher.encode(message.payload.ljust(size))["body"]
    except ValueError:  # 65 bytes, but no point of the curve
        return None
    return body


@lru_cache(maxsize=_DEVICES)
def _pusher(p256dh: str, auth: str) -> WebPusher | None:
    """The encryption for one device, kept: its keys are the same for every message."""
    if not _POINT.fullmatch(p256dh) or not _SECRET.fullmatch(auth):
        return None
    return WebPusher({"endpoint": "", "keys": {"p256dh": p256dh.rstrip("="), "auth": auth.rstrip("=")}})


def _seconds_left(left: Millis) -> int:
    """TTL: at least a minute (0 means "drop it when the phone sleeps"), at most four weeks."""
    return min(max(left, MINUTE), _LONGEST) // SECOND

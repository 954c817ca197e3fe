"""A push service: hands out subscriptions, verifies like a strict vendor, decrypts like the browser behind it."""

from __future__ import annotations

import asyncio
import os
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import http_ece
import msgspec
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils

from tests.wire.waiting import Arrivals

LARGEST = 4_096


class Answer(msgspec.Struct, frozen=True):
    """What the service says to one request. `hang` says nothing until the service closes."""

    status: int = 201
    headers: Mapping[str, str] = {}
    body: bytes = b""
    hang: bool = False


class Attempt(msgspec.Struct, frozen=True):
    """One request, and what came of it. `plain` is what the browser would have read, None when it could not."""

    subscription: int
    status: int
    why: str
    headers: Mapping[str, str]
    claims: Mapping[str, Any]
    length: int
    plain: bytes | None
    connection: int
    """The sender's port: the same as long as one connection is used again."""

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.plain or b"null")


class Subscription:
    """What one browser got from `pushManager.subscribe()`, with the private half it keeps."""

    def __init__(self, number: int, endpoint: str, vapid: str) -> None:
        self.number = number
        self.endpoint = endpoint
        self.vapid = _bytes(vapid)
        self.secret = os.urandom(16)
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.answer: Answer | None = None
        """Always this answer, when set."""

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": _text(point), "auth": _text(self.secret)}

    @property
    def to(self) -> dict[str, str]:
        """As `Message.to` wants it."""
        return {"endpoint": self.endpoint, **self.keys}

    def decrypt(self, body: bytes) -> bytes | None:
        try:
            plain: bytes = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret)
        except (http_ece.ECEException, ValueError):
            return None
        return plain


class Refused(Exception):
    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class PushService:
    """`async with PushService() as service`; endpoints are under `service.origin`."""

    def __init__(self, seconds: Callable[[], float] = time.time) -> None:
        """`seconds`: the service's own clock, since the epoch."""
        self._seconds = seconds
        self._subscriptions: dict[str, Subscription] = {}
        self._next: deque[Answer] = deque()
        self._closing = asyncio.Event()
        self._attempts: Arrivals[Attempt] = Arrivals()
        self._accepted: Arrivals[Attempt] = Arrivals()
        self.inside = 0
        """How often the page was fetched that a redirect leads to."""
        self.origin = ""

    def subscribe(self, vapid: str) -> Subscription:
        """A new subscription bound to the application's public key (base64url of 65 bytes)."""
        name = _text(os.urandom(24))
        subscription = Subscription(len(self._subscriptions) + 1, f"{self.origin}/push/{name}", vapid)
        self._subscriptions[name] = subscription
        return subscription

    def answer_next(self, *answers: Answer) -> None:
        """The next requests, of any subscription, get these answers in turn; then 201 again."""
        self._next.extend(answers)

    @property
    def attempts(self) -> list[Attempt]:
        """Every request so far."""
        return self._attempts.all

    @property
    def accepted(self) -> list[Attempt]:
        """Those that were answered with 2xx."""
        return self._accepted.all

    async def received(self, count: int = 1) -> list[Attempt]:
        """The first `count` accepted ones, waiting for them."""
        return await self._accepted.wait(count)

    async def attempted(self, count: int = 1) -> list[Attempt]:
        """The first `count` requests, whatever was answered."""
        return await self._attempts.wait(count)

    async def __aenter__(self) -> PushService:
        app = web.Application(client_max_size=1 << 20)
        app.router.add_post("/push/{name}", self._push)
        app.router.add_route("*", "/inside", self._inside)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _push(self, request: web.Request) -> web.Response:
        body = await request.read()
        subscription = self._subscriptions.get(request.match_info["name"])
        if subscription is None:
            return web.Response(status=404)
        try:
            claims = self._verified(request, body, subscription)
        except Refused as refused:
            await self._attempts.add(_attempt(subscription, request, body, refused.status, {}, refused.why))
            return web.Response(status=refused.status, text=refused.why)
        answer = subscription.answer or (self._next.popleft() if self._next else Answer())
        attempt = _attempt(subscription, request, body, answer.status, claims)
        await self._attempts.add(attempt)
        if answer.hang:
            await self._closing.wait()
        elif 200 <= answer.status < 300:
            await self._accepted.add(attempt)
        return web.Response(status=answer.status, headers=answer.headers, body=answer.body)

    async def _inside(self, request: web.Request) -> web.Response:
        self.inside += 1
        return web.Response(text="inside")

    def _verified(self, request: web.Request, body: bytes, subscription: Subscription) -> dict[str, Any]:
        if len(body) > LARGEST:
            raise Refused(413, "body")
        if not request.headers.get("TTL", "").isdigit():
            raise Refused(400, "ttl")
        if request.headers.get("Urgency", "normal") not in ("very-low", "low", "normal", "high"):
            raise Refused(400, "urgency")
        if request.headers.get("Content-Encoding") != "aes128gcm":
            raise Refused(400, "encoding")
        topic = request.headers.get("Topic", "")
        if len(topic) > 32 or topic.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"):
            raise Refused(400, "topic")
        token, key = _vapid(request.headers.get("Authorization", ""))
        claims = _claims(token, key)
        if key != subscription.vapid:
            raise Refused(403, "key")
        if claims.get("aud") != self.origin:
            raise Refused(403, "aud")
        if not 0 < claims.get("exp", 0) - self._seconds() <= 86_400:
            raise Refused(403, "exp")
        if not str(claims.get("sub", "")).startswith(("mailto:", "https:")):
            raise Refused(403, "sub")
        return claims


def _attempt(
    subscription: Subscription,
    request: web.Request,
    body: bytes,
    status: int,
    claims: Mapping[str, Any],
    why: str = "",
) -> Attempt:
    plain = subscription.decrypt(body)
    port = request.transport.get_extra_info("peername")[1] if request.transport else 0
    return Attempt(subscription.number, status, why, dict(request.headers), claims, len(body), plain, port)


def _vapid(header: str) -> tuple[str, bytes]:
    """The token and the 65 bytes of the key of `vapid t=…, k=…`."""
    scheme, _, rest = header.partition(" ")
    fields = dict(field.strip().partition("=")[::2] for field in rest.split(","))
    if scheme.lower() != "vapid" or not fields.get("t") or not fields.get("k"):
        raise Refused(401, "authorization")
    return fields["t"], _bytes(fields["k"])


def _claims(token: str, key: bytes) -> dict[str, Any]:
    signed, _, signature = token.rpartition(".")
    raw = _bytes(signature)
    numbers = utils.encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        public.verify(numbers, signed.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        raise Refused(401, "signature") from None
    head, _, body = signed.partition(".")
    if msgspec.json.decode(_bytes(head)).get("alg") != "ES256" or len(raw) != 64:
        raise Refused(401, "alg")
    claims: dict[str, Any] = msgspec.json.decode(_bytes(body))
    return claims


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Browsers differ in padding: what counts is the bytes."""
    bare = text.rstrip("=")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))

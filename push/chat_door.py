"""The door that Apprise's services leave by.

Apprise knows how a message looks to Slack, LINE or Mattermost; it would also follow redirects, believe proxies of the
environment, talk to any address, and say only "sent" or "not sent". So its services are given this in the place of
`requests`: one request at a time, https, to the open internet, answered in time, and remembered by its status.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from msgspec import Struct
from requests.adapters import HTTPAdapter
from requests.sessions import Session
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from push.addresses import PrivateAddress, guarded_socket, is_this_machine

LARGEST: Final = 65_536
"""Bytes of an answer that are read; no chat service says more to a short message."""
PIECE: Final = 4_096
_here: Final = threading.local()


class Answer(Struct, frozen=True):
    """What a service reads of a response."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    url: str = ""

    @property
    def text(self) -> str:
        return self.content.decode(errors="replace")

    @property
    def ok(self) -> bool:
        return self.status_code < 400

    def json(self) -> Any:
        return json.loads(self.content)


class Talk:
    """One message's way out, on one thread. `abort` ends it from any other."""

    def __init__(self, seconds: float, *, loopback: bool) -> None:
        self._until = time.monotonic() + seconds
        self._loopback = loopback
        self._socket = guarded_socket(loopback)
        self._sockets: list[socket.socket] = []
        self._aborted = False
        self.last: Answer | None = None
        """The newest answer."""
        self.fault = ""
        """Why there was none: `timeout`, `network`, `certificate`, `private_address`, `not_https`."""

    def run(self, work: Callable[[], bool]) -> bool:
        """Do `work` with this talk as the way out of its thread."""
        _here.talk = self
        try:
            return work()
        finally:
            del _here.talk

    def abort(self) -> None:
        """Nobody waits any more: what hangs at a socket stops hanging."""
        self._aborted = True
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def request(self, method: str, url: str, **given: Any) -> Answer:
        """As `requests.request`, with our own manners in the place of the caller's."""
        if self.fault or (self.last is not None and not self.last.ok):
            raise requests.RequestException("no second try")
        parts = urlsplit(url)
        if parts.scheme != "https" and not (self._loopback and is_this_machine(parts.hostname or "")):
            self.fault = "not_https"
            raise requests.RequestException("not https")
        said = {name: given.get(name) for name in ("params", "data", "json", "headers", "auth")}
        try:
            self.last = self._exchange(method, url, said)
        except requests.RequestException as error:
            self.fault = self.fault or self._fault_of(error)
            raise
        return self.last

    def _exchange(self, method: str, url: str, said: dict[str, Any]) -> Answer:
        with Session() as session:
            session.trust_env = False  # no proxy, no .netrc, no bundle of the environment
            for scheme in ("https://", "http://"):
                session.mount(scheme, _Guarded())
            left = self._left()
            answer = session.request(method, url, **said, timeout=left, allow_redirects=False, verify=True, stream=True)
            return Answer(answer.status_code, answer.headers, self._read(answer))

    def _read(self, answer: requests.Response) -> bytes:
        content = b""
        for piece in answer.iter_content(PIECE):
            content += piece
            if len(content) >= LARGEST or not self._left():
                break
        return content[:LARGEST]

    def connect(self, host: str, port: int) -> socket.socket:
        """A connected socket to the first address that may be talked to; OSError when there is none."""
        problem: OSError = OSError("no address")
        for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            try:
                made = self._socket(info)
            except PrivateAddress as error:
                problem, self.fault = error, "private_address"
                continue
            self.fault = ""
            try:
                return self._connected(made, info[4])
            except OSError as error:
                made.close()
                problem = error
        raise problem

    def _connected(self, made: socket.socket, address: Any) -> socket.socket:
        self._sockets.append(made)
        if self._aborted:
            raise TimeoutError("nobody waits any more")
        made.settimeout(self._left())
        made.connect(address)
        return made

    def _left(self) -> float:
        """Seconds; never nothing, which would mean without end."""
        return max(0.01, self._until - time.monotonic())

    def _fault_of(self, error: requests.RequestException) -> str:
        if isinstance(error, requests.exceptions.SSLError):
            return "certificate"
        timeout = self._aborted or isinstance(error, requests.Timeout) or time.monotonic() >= self._until
        return "timeout" if timeout else "network"


class Door:
    """Stands where a service expects the module `requests`."""

    codes = requests.codes
    exceptions = requests.exceptions
    RequestException = requests.RequestException

    @staticmethod
    def request(method: str, url: str, **given: Any) -> Answer:
        talk: Talk = _here.talk
        return talk.request(method, url, **given)

    @staticmethod
    def get(url: str, **given: Any) -> Answer:
        return Door.request("GET", url, **given)

    @staticmethod
    def post(url: str, **given: Any) -> Answer:
        return Door.request("POST", url, **given)


def lead_through(service: type) -> None:
    """From now on this service of Apprise leaves by the door, and by nothing else."""
    sys.modules[service.__module__].requests = Door  # type: ignore[attr-defined]


class _Plain(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        talk: Talk = _here.talk
        return talk.connect(self.host, self.port or 80)


class _Secure(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        talk: Talk = _here.talk
        return talk.connect(self.host, self.port or 443)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


class _Guarded(HTTPAdapter):
    """Connects only where a push may go, too."""

    def init_poolmanager(self, *sizes: Any, **more: Any) -> None:
        super().init_poolmanager(*sizes, **more)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}

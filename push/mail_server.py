"""Where mail leaves: the `url` and `password` of a channel of kind smtp."""

from __future__ import annotations

from ssl import SSLContext
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException

from push.addresses import is_this_machine

_PORTS = {"smtp": 587, "smtps": 465}
GREETED_WITHIN = 10.0
"""Seconds per step of a greeting."""


class MailServer:
    """A checked address of an SMTP server. It never shows its password."""

    def __init__(
        self, url: str, password: str | None = None, *, trust: SSLContext | None = None, loopback: bool = False
    ) -> None:
        """`smtp://user@host:port` (STARTTLS) or `smtps://…` (TLS from the start); the password as a value.

        `trust`: the authorities to believe instead of the system's (a company's own, for example).
        `loopback` allows a server on this machine to do without TLS: for tests and trials.
        ValueError says what is wrong, without repeating the URL: somebody may have put a password into it.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            host, port = None, None
        if not host or parts.scheme not in _PORTS or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("a mail server is smtp://user@host:port or smtps://user@host:port")
        if parts.password is not None:
            raise ValueError("the password of a mail server stands apart from its url, as env:NAME or file:PATH")
        if password and not parts.username:
            raise ValueError("a mail server with a password needs a user in its url")
        self.host = host
        self.port = port or _PORTS[parts.scheme]
        self.tls = parts.scheme == "smtps"
        self.plain_allowed = loopback and is_this_machine(host)
        self._user = unquote(parts.username) if parts.username else None
        self._password = password
        self._trust = trust

    def client(self, name: str, timeout: float) -> SMTP:
        """A client that is not yet connected; `name` is what it calls itself, `timeout` in seconds per step."""
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self._user,
            password=self._password,
            local_hostname=name,
            timeout=timeout,
            use_tls=self.tls,
            start_tls=False if self.tls else None if self.plain_allowed else True,
            tls_context=self._trust,
        )

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


async def greet(url: str, *, loopback: bool = False) -> str:
    """Connect, with TLS, and say EHLO: empty when the server answered, else why not. Nobody signs in."""
    try:
        parts = urlsplit(url)
        nobody = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        async with MailServer(nobody, loopback=loopback).client("noroshi", GREETED_WITHIN) as client:
            await client.ehlo()
    except (ValueError, SMTPException, OSError, TimeoutError) as error:
        return type(error).__name__
    return ""

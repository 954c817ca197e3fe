"""Slows down who guesses passwords, without locking out the desk. Pure: time is given."""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct

from core.engine.ports import HOUR, MINUTE, SECOND, Millis

FORGET: Final = 1 * HOUR
Key: TypeAlias = tuple[str, str, str]
ROOM: Final = 10_000
"""Buckets kept; the oldest are forgotten first."""


class Patience(Struct, frozen=True):
    """So many tries are free; the next wait one second, then twice as long each time, up to `longest`."""

    free: int
    longest: Millis

    def wait(self, tries: int) -> Millis:
        """How long to wait after so many tries."""
        over = tries - self.free
        return 0 if over < 0 else min(SECOND << min(over, 30), self.longest)


PAIR: Final = Patience(free=5, longest=15 * MINUTE)
"""One login from one address: somebody guesses, or has forgotten."""
ADDRESS: Final = Patience(free=30, longest=30 * SECOND)
"""Any login from one address. A whole desk may stand behind one, so the wait stays short."""
LOGIN: Final = Patience(free=20, longest=30 * SECOND)
"""One login from anywhere. Strangers must not keep its owner out: a known pair does not wait for it."""


class _Bucket:
    __slots__ = ("last", "tries")

    def __init__(self) -> None:
        self.tries = 0
        self.last: Millis = 0

    def left(self, patience: Patience, now: Millis) -> Millis:
        return max(0, self.last + patience.wait(self.tries) - now)


class LoginThrottle:
    """Held by the web edge, one per process: `admit` before a password is looked at, `succeeded` after it fits."""

    def __init__(self) -> None:
        self._buckets: dict[Key, _Bucket] = {}
        self._known: dict[tuple[str, str], None] = {}

    def admit(self, login: str, address: str, now: Millis) -> Millis:
        """0: look at the password (the try counts from now on). Otherwise milliseconds to wait: answer too_many.

        `now`: the steady clock, which never jumps.
        """
        login = _plain(login)
        watched = self._watched(login, address)
        wait = max(self._left(key, patience, now) for key, patience in watched)
        if wait == 0:
            for key, _ in watched:
                self._count(key, now)
        return wait

    def succeeded(self, login: str, address: str) -> None:
        """The password fitted: this login is at home at this address, and strangers cannot slow it down here."""
        login = _plain(login)
        for key, _ in self._watched(login, address):
            self._forgive(key)
        self._buckets.pop(("pair", login, address), None)
        self._known.pop((login, address), None)
        self._known[login, address] = None
        if len(self._known) > ROOM:
            del self._known[next(iter(self._known))]

    def _watched(self, login: str, address: str) -> list[tuple[Key, Patience]]:
        pair: tuple[Key, Patience] = (("pair", login, address), PAIR)
        if (login, address) in self._known:
            return [pair]
        return [pair, (("address", "", address), ADDRESS), (("login", login, ""), LOGIN)]

    def _forgive(self, key: Key) -> None:
        """The try that fitted was no guess: forty people who begin their shift behind one address do not wait."""
        if bucket := self._buckets.get(key):
            bucket.tries -= 1

    def _left(self, key: Key, patience: Patience, now: Millis) -> Millis:
        bucket = self._buckets.get(key)
        return 0 if bucket is None or now - bucket.last > FORGET else bucket.left(patience, now)

    def _count(self, key: Key, now: Millis) -> None:
        bucket = self._buckets.pop(key, None)
        if bucket is None or now - bucket.last > FORGET:
            bucket = _Bucket()
        bucket.tries += 1
        bucket.last = now
        self._buckets[key] = bucket
        if len(self._buckets) > ROOM:
            del self._buckets[next(iter(self._buckets))]


class Turnstile:
    """One count for each key: an address that asks for codes, a person who types them."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._buckets: dict[str, _Bucket] = {}

    def admit(self, key: str, now: Millis) -> Millis:
        """0: come in (it counts from now on). Otherwise milliseconds to wait. `now`: the steady clock."""
        bucket = self._buckets.pop(key, None)
        if bucket is None or now - bucket.last > FORGET:
            bucket = _Bucket()
        wait = bucket.left(self._patience, now)
        if wait == 0:
            bucket.tries += 1
            bucket.last = now
        self._buckets[key] = bucket
        if len(self._buckets) > ROOM:
            del self._buckets[next(iter(self._buckets))]
        return wait

    def forgive(self, key: str) -> None:
        """The last one was no guess."""
        if bucket := self._buckets.get(key):
            bucket.tries = max(0, bucket.tries - 1)


def _plain(login: str) -> str:
    return login[:100].strip().casefold()

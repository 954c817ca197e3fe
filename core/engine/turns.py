"""Whose turn it is when many notices wait, and how much may be in the air at once.

The first call of a team goes before its fifth, then whoever was sent to least recently (1-domain, rule 14). A person
or a host whose wire hangs takes a bounded part of the room and nobody else's.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from core.engine.catalogue import Outgoing
from core.engine.ports import Message, Millis, Outcome, Reader, Retry
from core.engine.store.sql import SqlFile

OUTGOING: Final = SqlFile("core.engine", "outgoing.sql")
PERSONS_PART: Final = 4
"""One person has at most the fourth part of a channel's room."""
LANES_PART: Final = 2
"""One host has at most half of it."""
IN_TROUBLE: Final = 1
"""So many messages at once for a person whose last one had to be tried again."""


class Flight(Struct, frozen=True):
    """A message on its way, for one row and those it carries."""

    row: Outgoing
    message: Message
    lane: str = ""
    carried: tuple[Outgoing, ...] = ()


@dataclass
class Room:
    """What may still be claimed of one channel. A value of one thread: `fresh` is a copy to use up."""

    spare: int
    persons_most: int
    lanes_most: int
    persons: Counter[str] = field(default_factory=Counter)
    lanes: Counter[str] = field(default_factory=Counter)
    troubled: frozenset[str] = frozenset()
    lately: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """When a team or a person last had a turn, counted in turns."""

    def fresh(self) -> Room:
        """A copy: a transaction may run more than once."""
        return Room(
            self.spare, self.persons_most, self.lanes_most, self.persons.copy(), self.lanes.copy(), self.troubled,
            self.lately,
        )  # fmt: skip

    def left_for(self, person: str) -> int:
        """How many more may leave for this person now."""
        most = IN_TROUBLE if person in self.troubled else self.persons_most
        return min(self.spare, most - self.persons[person])

    def take(self, person: str, lane: str) -> bool:
        """Use room for one message, if there is any. A channel without hosts of its own has one lane, without bound."""
        if self.left_for(person) <= 0 or (lane and self.lanes[lane] >= self.lanes_most):
            return False
        self.spare -= 1
        self.persons[person] += 1
        self.lanes[lane] += 1
        return True


class Traffic:
    """What is in the air, on the event loop."""

    def __init__(self) -> None:
        self._flying: dict[str, dict[int, Flight]] = {}
        self._troubled: dict[str, set[str]] = {}
        self._lately: dict[tuple[str, str], int] = {}
        self._turns = 0

    def rooms(self, sizes: Mapping[str, int], otherwise: int) -> Callable[[str], Room]:
        """The room of every channel as it is now; `otherwise` is the size of one that is not known here."""
        lately = dict(self._lately)
        rooms = {name: self._room(name, size, lately) for name, size in sizes.items()}
        return lambda name: (rooms.get(name) or self._room(name, otherwise, lately)).fresh()

    def _room(self, channel: str, size: int, lately: Mapping[tuple[str, str], int]) -> Room:
        flying = self._flying.get(channel, {}).values()
        return Room(
            spare=size - len(flying),
            persons_most=max(1, size // PERSONS_PART),
            lanes_most=max(1, size // LANES_PART),
            persons=Counter(flight.row.recipient for flight in flying),
            lanes=Counter(flight.lane for flight in flying),
            troubled=frozenset(self._troubled.get(channel, ())),
            lately=lately,
        )

    def flying(self, channel: str) -> int:
        """How many messages of this channel are on their way."""
        return len(self._flying.get(channel, ()))

    def begin(self, flight: Flight) -> None:
        """It leaves."""
        self._flying.setdefault(flight.row.channel, {})[id(flight)] = flight

    def end(self, flight: Flight, outcome: Outcome | None) -> None:
        """It landed; None when nobody knows how."""
        del self._flying[flight.row.channel][id(flight)]
        troubled = self._troubled.setdefault(flight.row.channel, set())
        if outcome is None or isinstance(outcome, Retry):
            troubled.add(flight.row.recipient)
        else:
            troubled.discard(flight.row.recipient)

    def had_turns(self, fairs: Iterable[tuple[str, str]]) -> None:
        """These (line, person) were served, in this order."""
        for fair, person in fairs:
            self._turns += 1
            self._lately["line", fair] = self._lately["person", person] = self._turns


def queued(tx: Reader) -> Iterator[str]:
    """Every channel that anything waits for, known here or not; one look-up each."""
    channel = ""
    while (row := tx.one(OUTGOING["channel_after"], {"channel": channel})) and row[0] is not None:
        yield (channel := row[0])


class Turns:
    """Deals the ready rows of one channel: a row of each line in turn; tellings, which are of no line, after all."""

    def __init__(self, tx: Reader, channel: str, room: Room, now: Millis, lane: Callable[[Outgoing], str]) -> None:
        self._tx, self._channel, self._room, self._now, self._lane = tx, channel, room, now, lane

    def deal(self) -> Iterator[tuple[str, Outgoing, str]]:
        """(line, row, lane) as far as there is room."""
        if self._room.spare <= 0:
            return
        lines = sorted(self.lines(), key=lambda fair: self._room.lately.get(("line", fair), 0))
        for some in ([fair for fair in lines if fair], [fair for fair in lines if not fair]):
            waiting = deque((fair, self._line(fair)) for fair in some)
            while waiting and self._room.spare > 0:
                fair, line = waiting.popleft()
                found = next(line, None)
                if found is not None:
                    yield fair, *found
                    waiting.append((fair, line))

    def lines(self) -> list[str]:
        """Every line in which something waits; the tellings' is empty."""
        return [row[0] for row in self._tx.all(OUTGOING["lines"], {"channel": self._channel})]

    def _line(self, fair: str) -> Iterator[tuple[Outgoing, str]]:
        """The rows of one line: its persons in turn, whoever was sent to least recently first."""
        at = {"channel": self._channel, "fair": fair}
        persons = [row[0] for row in self._tx.all(OUTGOING["recipients"], at)]
        persons.sort(key=lambda person: self._room.lately.get(("person", person), 0))
        waiting = deque((person, self._ready(fair, person)) for person in persons)
        while waiting:
            person, rows = waiting.popleft()
            found = next(rows, None)
            if found is not None:
                waiting.append((person, rows))
                yield found

    def _ready(self, fair: str, person: str) -> Iterator[tuple[Outgoing, str]]:
        for row in self.rows(fair, person, self._room.left_for(person)):
            lane = self._lane(row)
            if self._room.take(person, lane):
                yield row, lane

    def rows(self, fair: str, person: str, limit: int) -> Iterator[Outgoing]:
        """What is ready for one person in one line, oldest first."""
        if limit <= 0:
            return
        at = {"channel": self._channel, "fair": fair, "recipient": person, "now": self._now, "limit": limit}
        yield from [Outgoing(*row) for row in self._tx.all(OUTGOING["ready"], at)]

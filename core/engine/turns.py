"""Whose turn it is when many notices wait, and how much may be in the air at once.

The first call of a team goes before its fifth, then whoever was sent to least recently (1-domain, rule 14). A person
or a host whose wire hangs takes a bounded part of the room and nobody else's.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

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


class Dealt(NamedTuple):
    """A row whose turn it is: its line, itself, and the host it goes to."""

    fair: str
    row: Outgoing
    lane: str


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

    def open(self, lane: str) -> bool:
        """Whether a host has room. A channel that has one host only has no lanes, and no bound for them."""
        return not lane or self.lanes[lane] < self.lanes_most

    def take(self, person: str, lane: str) -> bool:
        """Use room for one message, if there is any."""
        if self.left_for(person) <= 0 or not self.open(lane):
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

    def __init__(self, tx: Reader, channel: str, room: Room, now: Millis) -> None:
        self._tx, self._channel, self._room, self._now = tx, channel, room, now

    def deal(self) -> Iterator[Dealt]:
        """As far as there is room. A host that has none is not even looked at."""
        if self._room.spare <= 0:
            return
        lanes_of: dict[str, list[str]] = {}
        for lane in filter(self._room.open, self._ids("lanes")):
            for fair in self.lines(lane):
                lanes_of.setdefault(fair, []).append(lane)
        lines = sorted(lanes_of, key=lambda fair: self._room.lately.get(("line", fair), 0))
        for some in ([fair for fair in lines if fair], [fair for fair in lines if not fair]):
            waiting = deque(self._line(fair, lanes_of[fair]) for fair in some)
            while waiting and self._room.spare > 0:
                line = waiting.popleft()
                if (found := next(line, None)) is not None:
                    yield found
                    waiting.append(line)

    def lines(self, lane: str) -> list[str]:
        """Every line in which something waits for a host; the tellings' is empty."""
        return self._ids("lines", lane=lane)

    def rows(self, lane: str, fair: str, person: str, limit: int) -> list[Outgoing]:
        """What is ready for one person in one line, oldest first."""
        at = {"channel": self._channel, "lane": lane, "fair": fair, "recipient": person, "now": self._now}
        return [Outgoing(*row) for row in self._tx.all(OUTGOING["ready"], {**at, "limit": limit})]

    def _line(self, fair: str, lanes: Iterable[str]) -> Iterator[Dealt]:
        """The rows of one line: its persons in turn, whoever was sent to least recently first."""
        persons = [(person, lane) for lane in lanes for person in self._ids("recipients", lane=lane, fair=fair)]
        persons.sort(key=lambda at: self._room.lately.get(("person", at[0]), 0))
        share = -(-self._room.spare // max(1, len(persons))) + 1
        waiting = deque(self._ready(fair, lane, person, share) for person, lane in persons)
        while waiting:
            rows = waiting.popleft()
            if (found := next(rows, None)) is not None:
                waiting.append(rows)
                yield found

    def _ready(self, fair: str, lane: str, person: str, share: int) -> Iterator[Dealt]:
        """Looked up as many at a time as are likely to be taken."""
        taken, limit = 0, min(share, self._room.left_for(person))
        while limit > taken:
            rows = self.rows(lane, fair, person, limit)
            for row in rows[taken:]:
                if not self._room.take(person, lane):
                    return
                taken += 1
                yield Dealt(fair, row, lane)
            if len(rows) < limit:
                return
            limit += self._room.left_for(person)

    def _ids(self, name: str, **at: str) -> list[str]:
        return [row[0] for row in self._tx.all(OUTGOING[name], {"channel": self._channel, **at})]

"""Who is on duty at a time: pure, and fast enough to be asked for every step of every escalation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct, field
from msgspec.structs import replace

from core.people.model import Leave, Mode, Person, Place
from core.roster.changes import at_home, changed, without_leave
from core.roster.model import Change, Duty, Override, Rota
from core.roster.spans import Calendar, Span, changes, segments, spans
from core.roster.wall import local

DAY: Final = 86_400_000
WINDOW: Final = 28 * DAY
"""Spans are laid out once per rota and window; a duty without a break is followed this far both ways."""
LAST_WINDOW: Final = 25_000
"""Far beyond any roster; keeps dates inside what a calendar can say."""
AHEAD: Final = 14 * DAY
YEAR: Final = 366 * DAY
REMEMBERED: Final = 4_096


class _Window(NamedTuple):
    times: list[int]
    duties: list[tuple[Duty, ...]]
    changes: list[int]
    starts: list[int]


_NOTHING: Final = _Window([], [], [], [])


class Roster(Struct, frozen=True, dict=True):
    """All rotas at one revision: an immutable snapshot."""

    rotas: Mapping[str, Rota] = field(default_factory=dict)
    timezone: str = "Asia/Tokyo"
    holidays: frozenset[date] = frozenset()
    """The public holidays of the desk's country, as local days."""
    mode: Mode = "normal"
    """The site's mode now: what `mode=None` means below."""
    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    """Overrides and temporary plans by rota, in the order they were made."""
    leaves: Mapping[str, tuple[Leave, ...]] = field(default_factory=dict)
    home_days: Mapping[str, frozenset[date]] = field(default_factory=dict)
    ahead: Mapping[str, int] = field(default_factory=dict)
    """By rota with a rotation: how many places it has moved on since it was written."""

    def on_duty(self, rota_id: str, at_ms: int, mode: Mode | None = None) -> tuple[Duty, ...]:
        """Who is on duty in the rota at a time, in the order written; nobody for an unknown rota.

        In a mode another rota may stand in for this one; out of its mode a stand-in has nobody on duty.

        `Duty.start` and `Duty.end` tell since and until when without a break (one that never ends: until at
        least 28 days from then). A span holds its start and not its end.
        """
        window = self._window(rota_id, mode or self.mode, at_ms // WINDOW)
        index = bisect_right(window.times, at_ms) - 1
        return window.duties[index] if index >= 0 else ()

    def next_change(self, rota_ids: Iterable[str], after_ms: int, mode: Mode | None = None) -> int | None:
        """The first time after `after_ms` at which anybody of these rotas starts or ends, within 14 days."""
        return self._next(rota_ids, after_ms, mode, AHEAD, starts=False)

    def next_start(self, rota_ids: Iterable[str], after_ms: int, mode: Mode | None = None) -> int | None:
        """The first time after `after_ms` at which somebody of these rotas comes on duty, within a year."""
        return self._next(rota_ids, after_ms, mode, YEAR, starts=True)

    def _next(self, rota_ids: Iterable[str], after: int, mode: Mode | None, ahead: int, *, starts: bool) -> int | None:
        found = after + ahead + 1
        for rota_id in set(rota_ids):
            for number in range(after // WINDOW, found // WINDOW + 1):
                window = self._window(rota_id, mode or self.mode, number)
                times = window.starts if starts else window.changes
                index = bisect_right(times, after)
                if index < len(times):
                    found = min(found, times[index])
                    break
        return found if found <= after + ahead else None

    def beside(self, rota_id: str) -> frozenset[str]:
        """The rota, the one it stands in for, and those that stand in for it."""
        known = self.rotas.get(rota_id)
        standing = (other.id for other in self.rotas.values() if other.replaces == rota_id)
        return frozenset({rota_id, *((known.replaces,) if known and known.replaces else ()), *standing})

    def planned(self, rota_id: str) -> frozenset[str]:
        """Everybody the rota itself names."""
        rota = self.rotas.get(rota_id)
        if rota is None:
            return frozenset()
        in_turn = rota.rotation.people if rota.rotation else ()
        return frozenset(in_turn).union(*(shift.people for shift in rota.shifts))

    def members(self, rota_id: str) -> frozenset[str]:
        """Everybody the rota names, or a change has put on it."""
        planned = set(self.planned(rota_id))
        for change in self.changes.get(rota_id, ()):
            if isinstance(change, Override):
                planned.update((change.adds,) if change.adds else ())
            else:
                planned.update(shift.person for shift in change.shifts)
        return frozenset(planned)

    def away(self, rota_id: str, at: int, mode: Mode | None = None) -> tuple[str, ...]:
        """Who would be on duty at a time, were they not on leave."""
        return tuple(dict.fromkeys(span.person for span, _ in self.spans(rota_id, at, at + 1, mode)[1]))

    def usual_place(self, person: Person, at: int) -> Place:
        """Where they work at a time when no duty says otherwise: at home on a home day."""
        days = self.home_days.get(person.id)
        return "home" if days and local(self._calendar.zone, at).date() in days else person.place

    def spans(
        self, rota_id: str, since: int, until: int, mode: Mode | None = None
    ) -> tuple[list[Span], list[tuple[Span, Leave]]]:
        """Every span of duty that touches [since, until), uncut; and what falls out of it because of a leave."""
        mode = mode or self.mode
        rota = self.rotas.get(self._in_force.get((rota_id, mode), rota_id))
        if rota is None:
            return [], []
        found = self.as_written(rota_id, since, until, mode)
        low = min((since, *(span.start for span in found)))
        high = max((until, *(span.end for span in found)))
        changes = (change for change in self._changes(rota_id, rota.id) if change.since < high and change.until > low)
        there, away = without_leave(changed(found, tuple(changes)), self.leaves)
        placed = at_home(there, self._calendar.zone, self.home_days)
        return (
            [span for span in placed if span.end > since and span.start < until],
            [(span, leave) for span, leave in away if span.end > since and span.start < until],
        )

    def as_written(
        self, rota_id: str, since: int, until: int, mode: Mode | None = None, *, on_holidays: bool | None = None
    ) -> list[Span]:
        """The spans of the rota itself, without any change or leave; `on_holidays`: as if it were written so."""
        rota = self.rotas.get(self._in_force.get((rota_id, mode or self.mode), rota_id))
        if rota is None:
            return []
        rota = rota if on_holidays is None else replace(rota, on_holidays=on_holidays)
        return list(spans(rota, self._calendar, since, until, self.ahead.get(rota.id, 0)))

    def _changes(self, asked: str, standing: str) -> Iterable[Change]:
        """A stand-in has its own changes; the overrides of the rota it replaces hold for it too, its plans do not."""
        own = self.changes.get(standing, ())
        if asked == standing or not (inherited := self.changes.get(asked)):
            return own
        both = (*own, *(change for change in inherited if isinstance(change, Override)))
        return sorted(both, key=lambda change: change.id)

    def _window(self, rota_id: str, mode: Mode, number: int) -> _Window:
        known = self._windows.get((rota_id, mode, number))
        return known if known is not None else self._lay_out(rota_id, mode, number)

    def _lay_out(self, rota_id: str, mode: Mode, number: int) -> _Window:
        if rota_id not in self.rotas or not 0 < number < LAST_WINDOW:
            return _NOTHING
        low = number * WINDOW
        times, duties = segments(self.spans(rota_id, low - WINDOW, low + 2 * WINDOW, mode)[0])
        changed, started = changes(times, duties)
        window = _Window(
            times, duties, [at for at in changed if low <= at < low + WINDOW],
            [at for at in started if low <= at < low + WINDOW],
        )  # fmt: skip
        if len(self._windows) >= REMEMBERED:
            self._windows.clear()
        return self._windows.setdefault((rota_id, mode, number), window)

    @cached_property
    def _windows(self) -> dict[tuple[str, Mode, int], _Window]:
        return {}

    @cached_property
    def _calendar(self) -> Calendar:
        return Calendar(ZoneInfo(self.timezone), self.holidays)

    @cached_property
    def _in_force(self) -> Mapping[tuple[str, Mode], str]:
        """(rota asked for, mode) → the rota that holds then, where that is another, or none."""
        stand_ins = [rota for rota in self.rotas.values() if rota.replaces and rota.mode]
        idle = {(rota.id, mode): "" for rota in stand_ins for mode in get_args(Mode) if mode != rota.mode}
        return idle | {(str(rota.replaces), rota.mode): rota.id for rota in stand_ins if rota.mode}

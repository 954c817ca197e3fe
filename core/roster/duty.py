"""Who is on duty at a time: pure, and fast enough to be asked for every step of every escalation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Final, NamedTuple, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from core.people.model import Mode
from core.roster.model import Duty, Rota
from core.roster.spans import Calendar, changes, segments, spans

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

    def on_duty(self, rota_id: str, at_ms: int, mode: Mode | None = None) -> tuple[Duty, ...]:
        """Who is on duty in the rota at a time, in the order written; nobody for an unknown rota.

        In a mode another rota may stand in for this one; out of its mode a stand-in has nobody on duty.

        `Duty.start` and `Duty.end` tell since and until when without a break (one that never ends: until at
        least 28 days from then). A span holds its start and not its end.
        """
        window = self._window(self._standing_in(rota_id, mode), at_ms // WINDOW)
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
        for rota_id in {self._standing_in(rota_id, mode) for rota_id in rota_ids}:
            for number in range(after // WINDOW, found // WINDOW + 1):
                window = self._window(rota_id, number)
                times = window.starts if starts else window.changes
                index = bisect_right(times, after)
                if index < len(times):
                    found = min(found, times[index])
                    break
        return found if found <= after + ahead else None

    def _standing_in(self, rota_id: str, mode: Mode | None) -> str:
        return self._in_force.get((rota_id, mode or self.mode), rota_id)

    def _window(self, rota_id: str, number: int) -> _Window:
        known = self._windows.get((rota_id, number))
        return known if known is not None else self._lay_out(rota_id, number)

    def _lay_out(self, rota_id: str, number: int) -> _Window:
        rota = self.rotas.get(rota_id)
        if rota is None or not 0 < number < LAST_WINDOW:
            return _NOTHING
        low = number * WINDOW
        times, duties = segments(spans(rota, self._calendar, low - WINDOW, low + 2 * WINDOW))
        changed, started = changes(times, duties)
        window = _Window(
            times, duties, [at for at in changed if low <= at < low + WINDOW],
            [at for at in started if low <= at < low + WINDOW],
        )  # fmt: skip
        if len(self._windows) >= REMEMBERED:
            self._windows.clear()
        return self._windows.setdefault((rota_id, number), window)

    @cached_property
    def _windows(self) -> dict[tuple[str, int], _Window]:
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

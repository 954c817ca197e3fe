"""Who comes on duty and who goes off is told, by the clock or by a change of the roster.

The database knows who was last told to be on duty in each rota. A hand-over is the difference to who is on duty now,
so that after a sleep there is one current notice, however many changes were slept through.
"""

from __future__ import annotations

from typing import Final

import msgspec

from core.engine.outcome import Done
from core.engine.ports import Reader
from core.engine.work import Stream, Work
from core.people.events import DirectoryChanged, LeaveBegan, LeaveEnded, LeaveTaken
from core.people.records import people_of
from core.people.telling import quietly
from core.roster.commands import DutyDue
from core.roster.duty import AHEAD, Roster
from core.roster.events import DutyHandedOver
from core.roster.records import CHANGES, roster_of

STREAM: Final = "rota"
DEADLINE: Final = "duty"
_people = msgspec.json.Decoder(frozenset[str]).decode


def stream_of(work: Work, rota: str) -> Stream:
    """The rota's own stream, locked. Whatever a decision reads of the roster is read after it."""
    row = work.tx.one(CHANGES["watch"], {"rota": rota})
    return work.lock(STREAM, _watch(work, rota) if row is None else row[0])


def rota_of(tx: Reader, number: int) -> str | None:
    """Whose stream this is."""
    row = tx.one(CHANGES["watched"], {"number": number})
    return None if row is None else str(row[0])


def duty_due(work: Work, command: DutyDue) -> Done:
    """Time's own. A rota that is gone has nobody to tell."""
    rota = rota_of(work.tx, command.number)
    if rota is not None:
        settle(work, rota)
    return Done(command.number)


def settle(work: Work, rota: str) -> frozenset[str]:
    """Tell who has come on duty or gone off since it was last told; who was told. Looks again at the next change."""
    stream = stream_of(work, rota)
    number, before = _known(work.tx, rota)
    roster = roster_of(work.tx)
    if not _watched(roster, rota):
        work.deadline(stream, DEADLINE, number, None)
        return frozenset()
    work.deadline(stream, DEADLINE, number, roster.next_change((rota,), work.now) or work.now + AHEAD)
    now = _on_duty(roster, rota, work.now)
    if now == before:
        return frozenset()
    work.tx.run(CHANGES["watch_save"], {"rota": rota, "people": _text(now)})
    work.record(stream, DutyHandedOver(rota, tuple(sorted(now - before)), tuple(sorted(before - now))))
    return _tell(work, stream, now - before, before - now)


def leave_changed(work: Work, event: LeaveTaken | LeaveBegan | LeaveEnded) -> None:
    """The rotas they stand on look again."""
    roster = roster_of(work.tx)
    for rota in sorted(roster.rotas):
        if any(event.person in roster.members(other) for other in roster.beside(rota)):
            settle(work, rota)


def directory_changed(work: Work, event: DirectoryChanged) -> None:
    """Rotas were written anew. Of a new one nobody is told: nothing was handed over."""
    touched = (*event.added, *event.changed, *event.removed)
    if any(name.startswith(("rota:", "desk")) for name in touched):
        for rota in sorted({name.removeprefix("rota:") for name in event.removed if name.startswith("rota:")}):
            if work.tx.one(CHANGES["watch"], {"rota": rota}):
                settle(work, rota)
        for rota in sorted(roster_of(work.tx).rotas):
            settle(work, rota) if work.tx.one(CHANGES["watch"], {"rota": rota}) else begin(work, rota)


def begin(work: Work, rota: str) -> None:
    """A new rota is watched from now on."""
    number = _watch(work, rota)
    roster = roster_of(work.tx)
    if _watched(roster, rota):
        due = roster.next_change((rota,), work.now) or work.now + AHEAD
        work.deadline(work.lock(STREAM, number), DEADLINE, number, due)


def _watch(work: Work, rota: str) -> int:
    roster = roster_of(work.tx)
    people = _on_duty(roster, rota, work.now) if _watched(roster, rota) else frozenset[str]()
    number = work.tx.new_ids("rota")
    work.tx.run(CHANGES["watch_add"], {"rota": rota, "number": number, "people": _text(people)})
    return _known(work.tx, rota)[0]  # of two at once, the first one's


def _known(tx: Reader, rota: str) -> tuple[int, frozenset[str]]:
    row = tx.one(CHANGES["watch"], {"rota": rota})
    assert row is not None, "a rota is watched from its first change on"
    return row[0], _people(row[1])


def _watched(roster: Roster, rota: str) -> bool:
    """A stand-in is watched under the name of the rota it stands in for."""
    known = roster.rotas.get(rota)
    return known is not None and known.replaces is None


def _on_duty(roster: Roster, rota: str, at: int) -> frozenset[str]:
    return frozenset(duty.person for duty in roster.on_duty(rota, at))


def _tell(work: Work, stream: Stream, on: frozenset[str], off: frozenset[str]) -> frozenset[str]:
    people = people_of(work.tx)
    for moment, persons in (("on", on), ("off", off)):
        for person in sorted(persons):
            if person != work.by.person:
                work.notify(stream, *quietly(people, person, "duty", work.now, data=moment))
    return on | off


def _text(people: frozenset[str]) -> str:
    return msgspec.json.encode(sorted(people)).decode()

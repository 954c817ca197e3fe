"""How escalations react to what lower parts do, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from core.engine.outcome import Done, Refusal
from core.engine.work import Work
from core.escalation import duties
from core.escalation.acts import act, record
from core.escalation.decide import answer, finish, time
from core.escalation.records import open_of, save
from core.escalation.turn import Decision, Turn
from core.escalation.world import scene_of
from core.people.events import DirectoryChanged
from core.people.records import people_of
from core.tickets.commands import CloseTicket
from core.tickets.events import HolderChanged, TicketClosed, TicketRestricted, TicketWaits, TicketWoke
from core.tickets.records import STREAM, load


def keep_open(work: Work, command: CloseTicket) -> Done | Refusal:
    """A ticket with an open escalation is closed by its holder only."""
    ticket = load(work.tx, command.ticket)
    if ticket is None or ticket.status == "done":
        return Done()
    open_ = next(iter(open_of(work.tx, ticket.number)), None)
    return finish.keeps_open(people_of(work.tx), ticket, work.by, open_) or Done()


def closed(work: Work, event: TicketClosed) -> None:
    """Done: an open takeover is resolved, consults and unsent reports are withdrawn; whoever was called hears so."""
    ticket = load(work.tx, event.ticket)
    assert ticket is not None, "an event speaks of what is there"
    stream = work.lock(STREAM, event.ticket)
    for esc in open_of(work.tx, event.ticket):
        scene = scene_of(work.tx, ticket)
        turn = Turn(scene, esc, work.now)
        record(work, scene, stream, esc, finish.done_with(turn, event.note, work.by.person))


def handed(work: Work, event: HolderChanged) -> None:
    """The ticket changed hands beside the ladder: who holds it now, holds the accepted escalation too."""
    if event.how not in ("offer", "claimed"):
        return
    for esc in open_of(work.tx, event.ticket):
        _react(work, esc.id, partial(answer.handed, before=event.before))


def waits(work: Work, event: TicketWaits) -> None:
    """While the ticket waits, so does the hold."""
    for esc in open_of(work.tx, event.ticket):
        _react(work, esc.id, time.suspend)


def woke(work: Work, event: TicketWoke) -> None:
    """The hold goes on with what was left."""
    for esc in open_of(work.tx, event.ticket):
        _react(work, esc.id, time.go_on)


def restricted(work: Work, event: TicketRestricted) -> None:
    """It is in no count of those who may not see it, and they are called no more."""
    for esc in open_of(work.tx, event.ticket):
        save(work.tx, esc, esc, bool(event.persons or event.teams))
        _react(work, esc.id, time.lost)


def directory_changed(work: Work, event: DirectoryChanged) -> None:
    """Calls of people who left end; who came on duty by a new plan is called, as when duty changes by the clock."""
    touched = (*event.added, *event.changed, *event.removed)
    persons = (name.removeprefix("person:") for name in touched if name.startswith("person:"))
    duties.lost(work, persons)
    if any(name.startswith(("rota:", "desk")) for name in touched):
        duties.rostered(work, lambda target: target.kind == "rota")


def _react(work: Work, id_: int, decide: Callable[..., Decision]) -> None:
    act(work, id_, lambda scene, esc: decide(scene, esc, now=work.now), reaction=True)

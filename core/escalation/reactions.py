"""How escalations react to what lower parts do, in the same transaction."""

from __future__ import annotations

from msgspec.structs import replace

from core.engine.outcome import Done, Refusal
from core.engine.work import Work
from core.escalation.acts import act, record
from core.escalation.decide import finish, time
from core.escalation.events import EscalationResolved
from core.escalation.records import SQL, open_of, save
from core.escalation.turn import Turn
from core.escalation.world import scene_of
from core.people.access import may
from core.people.records import people_of
from core.tickets.commands import CloseTicket
from core.tickets.events import HolderChanged, TicketClosed, TicketRestricted, TicketWaits, TicketWoke
from core.tickets.records import STREAM, load


def keep_open(work: Work, command: CloseTicket) -> Done | Refusal:
    """A ticket with an open escalation is closed by its holder only."""
    ticket = load(work.tx, command.ticket)
    if ticket is None or ticket.status == "done" or ticket.holder in (None, work.by.person):
        return Done()
    open_ = open_of(work.tx, ticket.number)
    if open_ and may(people_of(work.tx), work.by, "work", ticket.matter):
        return Refusal("conflict", "escalation_open", values={"id": str(open_[0].id), "holder": ticket.holder})
    return Done()


def closed(work: Work, event: TicketClosed) -> None:
    """Done: an open takeover is resolved, whoever was called hears so."""
    ticket = load(work.tx, event.ticket)
    assert ticket is not None, "an event speaks of what is there"
    stream = work.lock(STREAM, event.ticket)
    for esc in open_of(work.tx, event.ticket):
        scene = scene_of(work.tx, ticket)
        turn = Turn(scene, esc, work.now)
        turn.say(EscalationResolved(esc.id, event.note))
        record(work, scene, stream, esc, finish.end(turn, "resolved", work.by.person))


def handed(work: Work, event: HolderChanged) -> None:
    """The ticket changed hands beside the ladder: who holds it now, holds the accepted escalation too."""
    if event.how not in ("offer", "claimed", "reopened") or event.holder is None:
        return
    for esc in open_of(work.tx, event.ticket):
        if esc.held_by is not None and esc.held_by == event.before:
            ticket = load(work.tx, event.ticket)
            assert ticket is not None
            after = replace(esc, held_by=event.holder, held_since=work.now)
            save(work.tx, esc, after, ticket.restricted)


def waits(work: Work, event: TicketWaits) -> None:
    """While the ticket waits, so does the hold."""
    for esc in open_of(work.tx, event.ticket):
        act(work, esc.id, lambda scene, esc: time.suspend(scene, esc, work.now))


def woke(work: Work, event: TicketWoke) -> None:
    """The hold goes on with what was left."""
    for esc in open_of(work.tx, event.ticket):
        act(work, esc.id, lambda scene, esc: time.go_on(scene, esc, work.now))


def restricted(work: Work, event: TicketRestricted) -> None:
    """Whoever may not see it any more is not called any more."""
    for esc in open_of(work.tx, event.ticket):
        act(work, esc.id, lambda scene, esc: time.lost(scene, esc, work.now))


def directory_changed(work: Work, _: object) -> None:
    """People left, or went away: their calls end, and the ladder goes on."""
    people = people_of(work.tx)
    gone = {esc for person, esc in work.tx.all(SQL["calling_anybody"]) if not people.present(person)}
    for id_ in sorted(gone):
        act(work, id_, lambda scene, esc: time.lost(scene, esc, work.now))

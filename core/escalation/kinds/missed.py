"""A promised update that has not left escalates by itself, in the transaction that notices it."""

from __future__ import annotations

from core.engine.work import Work
from core.escalation.acts import act, record
from core.escalation.commands import RaiseEscalation
from core.escalation.decide import pressing
from core.escalation.kinds.events import NextUpdateMissed
from core.escalation.raising import Proposal, begin
from core.escalation.records import load, open_of
from core.escalation.world import scene_of
from core.tickets.records import STREAM
from core.tickets.records import load as load_ticket


def update_missed(work: Work, event: NextUpdateMissed) -> None:
    """An open takeover goes one rung up; where there is none, one is called to the level that approves."""
    report = load(work.tx, event.escalation)
    assert report is not None, "an event speaks of what is there"
    takeover = next((one for one in open_of(work.tx, report.ticket) if one.kind == "takeover"), None)
    if takeover is not None:
        act(work, takeover.id, lambda scene, esc: pressing.press(scene, esc, work.now), reaction=True)
        return
    stream, ticket = work.lock(STREAM, report.ticket), load_ticket(work.tx, report.ticket)
    assert ticket is not None, "an escalation is of a ticket"
    scene = scene_of(work.tx, ticket)
    proposal = Proposal("takeover", report.policy, report.rung, "report")
    command = RaiseEscalation(report.ticket)
    record(
        work,
        scene,
        stream,
        None,
        begin(scene, proposal, work.tx.new_ids("escalation"), work.by, command, None, work.now),
    )

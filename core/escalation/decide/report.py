"""Reports to the customer: drafted, approved or sent back, and followed by the next one in time. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from core.engine.outcome import Refusal
from core.engine.ports import DAY, MINUTE
from core.escalation.decide.asking import asker, call_anew, hush, still_called
from core.escalation.decide.finish import end
from core.escalation.decide.verdict import Verdict, closed, taken, unchanged
from core.escalation.events import EscalationResolved
from core.escalation.kinds.events import AskedAgain, ReportApproved, ReportDrafted, ReportFailed, ReportRevised
from core.escalation.kinds.events import ReportSent as Left
from core.escalation.kinds.model import Answer, Draft, Report
from core.escalation.model import Escalation
from core.escalation.seats import Scene
from core.escalation.side import keep
from core.escalation.turn import Decision, Turn
from core.people.model import Actor

SOON: Final = 10 * MINUTE
"""The holder is told that long before the next update is due."""
YEAR: Final = 366 * DAY
NO_REPORT: Final = Refusal("conflict", "not_a_report")


def unfit(draft: Draft | None, now: int) -> Refusal | None:
    """Why no customer can be sent this."""
    if draft is None or not draft.what.strip():
        return Refusal("invalid", "report_empty", "report.what")
    if draft.since is not None and not 0 <= draft.since <= now:
        return Refusal("invalid", "since_past", "report.since")
    if draft.next_update is not None and not now < draft.next_update <= now + YEAR:
        return Refusal("invalid", "until_future", "report.next_update")
    return None


def drafted(turn: Turn, draft: Draft, by: Actor) -> None:
    """The next draft waits for approval; what the customer was promised stands meanwhile."""
    before = turn.esc.report or Report(0, None, "draft", None)
    report = replace(
        before, number=before.number + 1, author=by.person, stage="draft", next_update=draft.next_update
    )  # fmt: skip
    turn.alter(report=report)
    turn.say(ReportDrafted(turn.esc.id, report.number, draft.next_update))


def approve(scene: Scene, esc: Escalation, by: Actor, address: bool, now: int) -> Verdict:
    """It leaves as it was drafted. `address`: whether the customer has a mail address."""
    report = esc.report
    if report is not None and report.rests and by.person is not None and by.person == esc.held_by:
        return unchanged(esc)
    if refused := _not_mine(esc, by):
        return refused
    assert report is not None, "a notify has a report"
    if not address:
        return Refusal("invalid", "no_customer_address")
    if report.next_update is not None and report.next_update <= now:
        return Refusal("invalid", "update_past")
    turn = Turn(scene, esc, now)
    turn.tell(still_called(turn), "ended", but=by.person, moment="accepted")
    due = report.next_update
    soon = None if due is None or due - SOON <= now else due - SOON
    turn.alter(
        report=replace(report, stage="leaving", sent=report.sent + 1, promised=due, soon_due=soon, update_due=due)
    )
    keep(turn)
    turn.say(ReportApproved(esc.id, report.number, report.sent + 1, due))
    told = (esc.raised_by, report.author, scene.ticket.holder)
    turn.tell(dict.fromkeys(told), "ended", but=by.person, moment="approved")
    if due is not None:
        return turn.decision()
    turn.say(EscalationResolved(esc.id))
    return end(turn, "resolved", by.person)


def revise(
    scene: Scene, esc: Escalation, by: Actor, text: str, known: str | None, note: int | None, now: int
) -> Verdict:
    """Back to its author, with remarks. `known`: the remarks on record."""
    mine = esc.answer is not None and esc.answer.by == by.person
    if mine and esc.kind == "notify" and esc.state == "answered" and text == known:
        return unchanged(esc)
    if refused := _not_mine(esc, by):
        return refused
    report, me = esc.report, by.person
    assert report is not None, "a notify has a report"
    assert me is not None, "whoever has a report in hand is a person"
    if report.stage != "draft":
        return Refusal("conflict", "nothing_to_approve")
    if not text.strip():
        return Refusal("invalid", "empty", "text")
    turn = Turn(scene, esc, now)
    turn.tell(still_called(turn), "ended", but=by.person, moment="accepted")
    hush(turn)
    remarks = Answer(me, now, note, now + remind_every(esc))
    turn.alter(state="answered", answer=remarks, report=replace(report, stage="revised"))
    turn.say(ReportRevised(esc.id, report.number, note))
    turn.tell(authors(scene, turn.esc), "revised", but=by.person)
    return turn.decision()


class Forward(Struct, frozen=True):
    """What is put before the approver: another draft, or the same one with a word to it."""

    draft: Draft | None
    known: Draft | None
    """The newest draft on record."""
    text: str


def put_forward(scene: Scene, esc: Escalation, by: Actor, forward: Forward, note: int | None, now: int) -> Verdict:
    """A revised draft, the same draft with a word to it, or the next update: calling, the approver first."""
    draft, known = forward.draft, forward.known
    report = esc.report
    waits = report is not None and report.stage == "draft"
    if waits and report is not None and report.number > 1 and report.author == by.person and draft in (None, known):
        return unchanged(esc)
    if esc.ended_at is not None:
        return closed(esc)
    if by.person is None or by.person not in authors(scene, esc):
        return Refusal("not_allowed", "authors_only")
    if report is None or waits:
        return Refusal("conflict", "report_waits")
    approver = esc.answer.by if esc.state == "answered" and esc.answer is not None else esc.held_by
    again = draft is None and report.stage == "revised"
    if again and not forward.text.strip():
        return Refusal("invalid", "empty", "text")
    if not again and (refused := unfit(draft, now)):
        return refused
    turn = Turn(scene, esc, now)
    if note is not None:
        turn.say(AskedAgain(esc.id, note))
    if draft is not None:
        drafted(turn, draft, by)
    else:
        turn.alter(report=replace(report, stage="draft"))
    call_anew(turn, approver, by)
    return turn.decision()


def delivered(scene: Scene, esc: Escalation, number: int, state: str, now: int) -> Decision:
    """How the mail of one report fared. Of one that did not arrive both sides hear; it may be approved anew."""
    turn, report = Turn(scene, esc, now), esc.report
    if report is None or esc.state == "withdrawn":
        return unchanged(esc)
    newest = report.number == number
    if state == "sent":
        if newest:
            turn.alter(report=replace(report, stage="sent"))
        turn.say(Left(esc.id, number))
        return turn.decision()
    turn.alter(report=replace(report, stage="failed" if newest else report.stage, sent=report.sent - 1))
    if newest and esc.state == "accepted":
        keep(turn)
    turn.say(ReportFailed(esc.id, number))
    turn.tell(dict.fromkeys((scene.ticket.holder, esc.held_by, report.author)), "report_failed")
    return turn.decision()


def authors(scene: Scene, esc: Escalation) -> dict[str, None]:
    """Who drafts: the raiser, whoever drafted last, the ticket's holder."""
    drafted_by = esc.report.author if esc.report is not None else None
    return {one: None for one in (drafted_by, asker(scene, esc), esc.raised_by, scene.ticket.holder) if one}


def remind_every(esc: Escalation) -> int:
    """As often as anybody is asked "still on it?" under this policy; daily where nobody is."""
    return esc.policy.hold or DAY


def _not_mine(esc: Escalation, by: Actor) -> Refusal | None:
    """Why this actor decides nothing about the report now."""
    if esc.ended_at is not None:
        return closed(esc)
    me, report = by.person, esc.report
    if esc.kind == "notify" and esc.held_by is not None and esc.held_by != me:
        return taken(esc)
    called = me is not None and any(call.person == me for call in esc.calls)
    if me is None or not (me == esc.held_by or called) or (report is not None and report.author == me):
        return Refusal("not_allowed", "approver_only")
    if esc.kind != "notify" or report is None:
        return NO_REPORT
    if report.stage == "revised":
        return Refusal("conflict", "remarks_wait")
    if esc.held_by is None:
        return Refusal("conflict", "not_accepted_yet")
    return Refusal("conflict", "nothing_to_approve") if report.rests else None

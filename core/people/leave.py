"""Leave: away from one time until another (or until further notice). Who is away is called by no ladder.

7-transitions, "roster: own shift / change": everybody their own, a supervisor the team's, an admin anybody's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from core.engine.catalogue import Catalogue, CommandRow, DeadlineRow, NoticeRow, Outgoing, QueryRow, Route
from core.engine.outcome import Done, Refusal
from core.engine.ports import DAY, Message, Millis, Reader
from core.engine.work import Ask, Work
from core.people.access import Matter, may
from core.people.commands import BeginLeave, EndLeave, TakeLeave
from core.people.devices import reports
from core.people.events import LeaveBegan, LeaveEnded, LeaveTaken
from core.people.model import Actor, Leave, People
from core.people.notice import Wording, message
from core.people.queries import GetLeave, LeavePage, Leaves, LeaveView
from core.people.records import LEAVE, changed, number_of, people_of
from core.people.signing import STREAM
from core.people.telling import quietly
from core.words import date_line, say

YEAR: Final = 366 * DAY
KEPT: Final = 400 * DAY
"""How long an ended leave stays in the roster's past."""
UNKNOWN: Final = Refusal("unknown", "leave")
DEADLINE: Final = "leave"
Badge = Callable[[Reader, str], int]


def take_leave(work: Work, command: TakeLeave) -> Done | Refusal:
    """Away from `since` (now, or later) until `until`. The same leave again is the one that is there."""
    people, person = people_of(work.tx), command.person or work.by.person
    known = people.persons.get(person or "")
    if person is None or known is None or not known.active:
        return Refusal("unknown", "person")
    if not may_order(people, work.by, person):
        return Refusal("not_allowed", "roster")
    since = max(command.since or work.now, work.now)
    if not since - YEAR <= work.now or (command.until is not None and not since < command.until <= work.now + YEAR):
        return Refusal("invalid", "until_future", "until" if command.until else "since")
    for leave in people.leaves.get(person, ()):
        same_start = leave.since == since or (leave.holds(work.now) and since == work.now)
        if same_start and leave.until == command.until:
            return Done(leave.id, again=True)
    return _begin(work, Leave(work.tx.new_ids("leave"), person, since, command.until))


def _begin(work: Work, leave: Leave) -> Done:
    work.tx.run(LEAVE["leaves_forget"], {"before": work.now - KEPT})
    values = {"id": leave.id, "person": leave.person, "since": leave.since, "until": leave.until}
    work.tx.run(LEAVE["leave_add"], values)
    changed(work.tx, "leave", leave)
    stream = work.lock(STREAM, number_of(work.tx, leave.person))
    work.record(stream, LeaveTaken(leave.person, leave.id, leave.since, leave.until))
    if leave.since > work.now:
        work.deadline(stream, DEADLINE, leave.id, leave.since)
    else:
        work.record(stream, LeaveBegan(leave.person, leave.id))
    if leave.person != work.by.person:
        work.notify(stream, *quietly(people_of(work.tx), leave.person, "leave", work.now, data=str(leave.id)))
    return Done(leave.id)


def end_leave(work: Work, command: EndLeave) -> Done | Refusal:
    """Back again: one that runs ends now, one that has not begun is gone. One that is over stays as it was."""
    people, leave = people_of(work.tx), leave_of(work.tx, command.leave)
    if leave is None or leave.person not in people.persons or not may_order(people, work.by, leave.person):
        return UNKNOWN
    if leave.until is not None and leave.until <= work.now:
        return Done(leave.id, again=True)
    if leave.since < work.now:
        work.tx.run(LEAVE["leave_end"], {"id": leave.id, "until": work.now})
    else:
        work.tx.run(LEAVE["leave_remove"], {"id": leave.id})
    changed(work.tx, "leave_end", leave, work.now)
    stream = work.lock(STREAM, number_of(work.tx, leave.person))
    work.deadline(stream, DEADLINE, leave.id, None)
    work.record(stream, LeaveEnded(leave.person, leave.id))
    return Done(leave.id)


def begin_leave(work: Work, command: BeginLeave) -> Done:
    """Time's own. One that was called off meanwhile, or was slept through to its end, begins nothing."""
    leave = leave_of(work.tx, command.leave)
    if leave is None or not leave.holds(work.now):
        return Done(command.leave, again=True)
    work.record(work.lock(STREAM, number_of(work.tx, leave.person)), LeaveBegan(leave.person, leave.id))
    return Done(leave.id)


def leave_of(tx: Reader, id_: int) -> Leave | None:
    """One leave; None when there is none."""
    row = tx.one(LEAVE["leave"], {"id": id_})
    return None if row is None else Leave(*row)


def may_order(people: People, by: Actor, person: str) -> bool:
    """Whether the actor may plan this person's time: their own, their team's as supervisor, anybody's as admin."""
    if by.person == person:
        return may(people, by, "own_shift")
    if by.kind != "person":
        return may(people, by, "roster")
    teams = people.persons[person].teams
    return any(may(people, by, "roster", Matter(team)) for team in teams) or may(people, by, "administer")


def leaves(ask: Ask, query: Leaves) -> LeavePage | Refusal:
    """Leaves that are not over, of one person: by default mine. Others' for who may plan them."""
    people, person = people_of(ask.tx), query.person or ask.by.person
    if person is None or person not in people.persons:
        return Refusal("unknown", "person")
    if person != ask.by.person and not may_order(people, ask.by, person):
        return Refusal("not_allowed", "roster")
    found = (leave for leave in people.leaves.get(person, ()) if leave.until is None or leave.until > ask.now)
    return LeavePage(tuple(view(leave) for leave in sorted(found, key=lambda leave: (leave.since, leave.id))))


def get_leave(ask: Ask, query: GetLeave) -> LeaveView | Refusal:
    """One leave, for the person themself and who may plan their time."""
    leave, people = leave_of(ask.tx, query.leave), people_of(ask.tx)
    if leave is None or leave.person not in people.persons or not may_order(people, ask.by, leave.person):
        return UNKNOWN
    return view(leave)


def view(leave: Leave) -> LeaveView:
    """As screens and programs read it."""
    return LeaveView(str(leave.id), leave.person, leave.since, leave.until)


def register(catalogue: Catalogue, *, public_url: str, badge: Badge) -> None:
    """The rows of leave."""
    catalogue.add(
        CommandRow(TakeLeave, take_leave, Route("POST", "/leaves", 201, lambda _, done: GetLeave(int(done.ref)))),
        CommandRow(EndLeave, end_leave, Route("DELETE", "/leaves/{leave}", 204)),
        CommandRow(BeginLeave, begin_leave),
        QueryRow(Leaves, leaves, LeavePage, Route("GET", "/leaves")),
        QueryRow(GetLeave, get_leave, LeaveView, Route("GET", "/leaves/{leave}")),
        DeadlineRow(DEADLINE, BeginLeave),
        NoticeRow("leave", partial(_compose, public_url=public_url, badge=badge), reports, information=True),
    )


def _compose(tx: Reader, row: Outgoing, now: Millis, *, public_url: str, badge: Badge) -> Message | None:
    """Somebody else planned a leave of theirs, and it still stands."""
    people, leave = people_of(tx), leave_of(tx, int(row.data))
    person = people.persons.get(row.recipient)
    if person is None or leave is None or (leave.until is not None and leave.until <= now):
        return None
    zone, language = people.settings.timezone, person.language
    since = date_line(leave.since, zone, language)
    if leave.until is None:
        body = say(language, "notice.leave.body_open", since=since)
    else:
        body = say(language, "notice.leave.body", since=since, until=date_line(leave.until, zone, language))
    words = Wording(
        title=say(language, "notice.leave.title"), body=body, path="/desk/me", tag=f"leave-{leave.id}", urgency="low",
        badge=badge(tx, person.id),
    )  # fmt: skip
    return message(people, row, words, public_url)

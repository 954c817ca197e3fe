"""Whatever people do, in whatever order and at whatever time: what is always true is true after every step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from core.engine.ports import Failed, Gone, Outcome, Retry, Sent
from core.escalation.commands import (
    AcceptAll,
    AcceptEscalation,
    AddResponder,
    ClimbEscalation,
    ConfirmEscalation,
    ContestAcceptance,
    PageEveryone,
    RaiseEscalation,
    ReassignEscalation,
    RefuseEscalation,
    ReportPhoneOutcome,
    ResolveEscalation,
    ReturnEscalation,
    TakePhoneTask,
    Undo,
    WithdrawEscalation,
)
from core.escalation.handing.commands import AcceptHandover, HandOver, RefuseHandover
from core.escalation.kinds.commands import AnswerConsult, ApproveReport, AskAgain, ReviseReport, TakeOverConsult
from core.escalation.kinds.model import Draft
from core.people.commands import EndLeave, SetHomeDay, TakeLeave
from core.people.model import Actor
from core.roster.commands import (
    AcceptShift,
    AddOverride,
    CancelOverride,
    CancelPlan,
    MakePlan,
    OfferShift,
    TakeShift,
    WithdrawShift,
)
from core.roster.model import PlannedShift
from core.tickets.commands import (
    AddComment,
    ClaimTicket,
    CloseTicket,
    PutOnWait,
    RefuseOffer,
    ReleaseTicket,
    ReopenTicket,
    RestrictTicket,
)
from core.tickets.model import Customer
from tests.stories.desks import DESK, rung, with_policy
from tests.stories.floor import Floor, at, floor
from tests.stories.invariants import broken

LATE = """
[[rota]]
id = "late"
shifts = [{ days = "mon-fri", from = "17:00", to = "20:00", people = ["hayashi"] }]
"""
SHIFTS = with_policy(
    "shifts",
    rung(2, "rota:l2", backup="person:ito") + rung(3, "rota:late, person:mori") + LATE,
    'hours = "duty"\nhold = "30m"',
)
SHORT = with_policy(
    "short",
    rung(2, "person:suzuki, person:takahashi", within="6m") + rung(3, "level:3", backup="person:kobayashi", after="3m"),
    'authority = "passes"\nrepeat = 2\nhold = "20m"',
)
TEXT = SHIFTS + SHORT[len(DESK) :]
EVERYBODY = ("sato", "ito", "mori", "suzuki", "takahashi", "hayashi", "kobayashi", "boss")

Step: TypeAlias = tuple[str, Struct] | tuple[str, Outcome] | int
"""Somebody does something; a person's push service answers so from now on; minutes pass (without an engine if < 0)."""

people = st.sampled_from((*EVERYBODY, "kansa"))
tickets = st.integers(1, 2)
ids = st.integers(1, 4)
numbered = st.builds(lambda id_, number: (id_ << 16) + number, ids, st.integers(1, 6))
calls = st.none() | numbered
raises = st.builds(
    RaiseEscalation,
    tickets,
    policy=st.sampled_from((None, "outage", "shifts", "short")),
    level=st.sampled_from((None, None, 3)),
    to=st.none() | people,
    kind=st.sampled_from((None, None, "takeover", "consult", "consult")),
)
drafts = st.builds(
    Draft,
    st.sampled_from(("受付が止まっています。", "復旧しました。", "")),
    next_update=st.sampled_from((None, at("15:00"), at("16:00"), at("20:00"))),
)
reports = st.builds(RaiseEscalation, tickets, st.just("notify"), report=drafts)
said = st.sampled_from(("はい", "いいえ", ""))
of_kinds = st.one_of(
    st.builds(AnswerConsult, ids, said),
    st.builds(AskAgain, ids, said, st.none() | drafts),
    st.builds(TakeOverConsult, ids),
    st.builds(ApproveReport, ids),
    st.builds(ReviseReport, ids, said),
)
of_escalations = st.one_of(
    st.builds(AcceptEscalation, ids, calls),
    st.builds(RefuseEscalation, ids, calls),
    st.builds(ReassignEscalation, ids, people, calls),
    st.builds(ClimbEscalation, ids, st.sampled_from((None, None, 2, 3, 4))),
    st.builds(WithdrawEscalation, ids),
    st.builds(ResolveEscalation, ids, close=st.booleans()),
    st.builds(ConfirmEscalation, ids),
    st.builds(ReturnEscalation, ids, st.sampled_from(("折り返しをお願いします。", "")), st.none() | people),
    st.builds(PageEveryone, ids),
    st.builds(AddResponder, ids, people),
    st.builds(AcceptAll, st.lists(numbered, max_size=3).map(tuple)),
    st.builds(Undo, st.none() | ids),
    st.builds(ContestAcceptance, numbered),
    st.builds(TakePhoneTask, numbered),
    st.builds(ReportPhoneOutcome, numbered, st.sampled_from(("accepted", "busy", "no_answer"))),
)
of_tickets = st.one_of(
    st.builds(ClaimTicket, tickets),
    st.builds(ReleaseTicket, tickets, people),
    st.builds(RefuseOffer, tickets),
    st.builds(HandOver, people, holder=st.none() | people),
    st.builds(AcceptHandover, ids),
    st.builds(RefuseHandover, ids),
    st.builds(AddComment, tickets, st.just("@suzuki 確認")),
    st.builds(PutOnWait, tickets, st.sampled_from((at("15:00"), at("20:00"), at("09:00", "2026-11-21")))),
    st.builds(CloseTicket, tickets),
    st.builds(ReopenTicket, tickets),
    st.builds(RestrictTicket, tickets, st.lists(people, max_size=4).map(tuple)),
)
hours = st.integers(-2, 12).map(lambda hour: at("14:00") + hour * 3_600_000)
rotas = st.sampled_from(("l2", "late"))
shifts = st.lists(st.builds(PlannedShift, people, hours, hours), max_size=3).map(tuple)
of_roster = st.one_of(
    st.builds(AddOverride, rotas, hours, st.none() | hours, st.none() | people, st.none() | people),
    st.builds(TakeShift, rotas, st.none() | people, st.none() | hours),
    st.builds(OfferShift, rotas, people, st.none() | hours, st.none() | hours),
    st.builds(MakePlan, rotas, st.just("臨時"), hours, hours, shifts),
    st.builds(TakeLeave, st.none() | people, st.none() | hours, st.none() | hours),
    *(st.builds(command, ids) for command in (CancelOverride, CancelPlan, AcceptShift, WithdrawShift, EndLeave)),
    st.builds(SetHomeDay),
)
wires = st.tuples(people, st.sampled_from((Sent(), Gone("410"), Failed("400"), Retry(60_000, "503"))))
minutes = st.sampled_from((1, 5, 10, 30, 120, 700, -1, -20, -90))
steps = st.lists(
    st.one_of(
        st.tuples(people, raises | reports),
        st.tuples(people, of_kinds),
        st.tuples(people, of_escalations | of_tickets | of_roster),
        minutes,
        wires,
    ),
    max_size=20,
)
DAYS = settings(max_examples=min(settings().max_examples, 200))
"""A day is a whole desk on disk: more than this would take a test longer than it may hang."""


@asynccontextmanager
async def begun() -> AsyncIterator[Floor]:
    """A desk where everybody has a phone, with two tickets, the first of them raised."""
    with TemporaryDirectory() as folder:
        async with floor(Path(folder), TEXT) as stage:
            await stage.give_phones(*EVERYBODY)
            await stage.raised()
            await stage.ticket("ito", customer=Customer("山田", "yamada@customer.example"))
            yield stage


async def take(stage: Floor, step: Step) -> None:
    """One step of a day."""
    if isinstance(step, int):
        end = stage.clock.time + abs(step) * 60_000
        if step > 0:
            await stage.pass_to(end)
        stage.clock.time = end
    elif isinstance(step[1], Sent | Gone | Failed | Retry):
        stage.push.answers[step[0]] = step[1]
    else:
        await stage.desk.handle(step[1], Actor("person", step[0]))
    await stage.settle()


@given(steps)
@DAYS
async def test_after_every_step(day: Sequence[Step]) -> None:
    """Deadlines, ledger, causes, truth of what left, sight, and the chain of the journal."""
    async with begun() as stage:
        for step in day:
            await take(stage, step)
            assert await broken(stage) == []


@given(steps)
@DAYS
async def test_the_same_day_is_the_same_journal(day: Sequence[Step]) -> None:
    """Same commands at the same times: the same events, to the last link of the chain."""
    heads = set()
    for _ in range(2):
        async with begun() as stage:
            for step in day:
                await take(stage, step)
            heads.add((await stage.desk.verify()).head)
    assert len(heads) == 1

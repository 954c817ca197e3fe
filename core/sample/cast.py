"""The cast of `demo --fast`: customers call, the duty does not answer, the backup cannot, a manager accepts.

Whoever sits at the screen may answer first at any time; the cast then leaves the matter to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from core.engine.desk import Desk
from core.engine.outcome import Refusal
from core.escalation.commands import (
    AcceptEscalation,
    ConfirmEscalation,
    RaiseEscalation,
    RefuseEscalation,
    ResolveEscalation,
)
from core.escalation.kinds.commands import AnswerConsult, ApproveReport
from core.escalation.kinds.model import Draft
from core.escalation.queries.questions import GetCase, GetEscalation
from core.escalation.queries.views import Case, EscalationView
from core.people.model import Actor
from core.policy.model import Kind
from core.tickets.commands import ClaimTicket, CreateTicket
from core.tickets.model import Customer

FIRST_PAUSE: Final = 3.0
PAUSE: Final = 30.0
LOOK: Final = 0.5
RAISER: Final = "sato"
WAITING: Final = frozenset({"queued", "sent", "shown", "opened"})
AFTERTHOUGHT: Final = 15.0
ANSWER: Final = "別料金で承れます。お見積りを今日中にお送りしますとお伝えください。"


class Part(Struct, frozen=True):
    """What somebody of a level and seat does when called, and after how many seconds."""

    does: str
    after: float


PARTS: Final[Mapping[tuple[int, str], Part]] = {
    (2, "backup"): Part("refuse", 5.0),
    (3, "backup"): Part("accept", 5.0),
    (4, "duty"): Part("accept", 8.0),
}
"""By level and seat; who is not named stays silent."""


class Matter(Struct, frozen=True):
    """A ticket, and what is raised for it."""

    ticket: CreateTicket
    kind: Kind = "takeover"
    what: str = ""
    """Of a notify: what the customer reads."""


TICKETS: Final = (
    CreateTicket("折り返しの電話が二度も来ない", "責任者と話したいとのこと。", category="クレーム", severity="high"),
    CreateTicket(
        "贈り物が一日遅れて届いた", "お祝いに間に合わなかった。上司の方からの説明を求めている。", category="クレーム"
    ),
    CreateTicket(
        "請求が二重になっている", "責任者から本日中に連絡がほしいとのこと。", category="請求", severity="high"
    ),
)


MATTERS: Final = (
    *map(Matter, TICKETS),
    Matter(CreateTicket("名入れの字体を変えられるか", "見本にない字体をご希望。", category="問い合わせ"), "consult"),
    Matter(
        CreateTicket(
            "会員ページに入れない", "今朝から同じお申し出が続いている。", category="問い合わせ",
            customer=Customer("小山 恵", "koyama@customer.example"),
        ),
        "notify",
        "会員ページにお入りいただけない状態です。",
    ),
)  # fmt: skip
NEXT_UPDATE: Final = 60_000


class Cast:
    """Plays one matter after the other. `tell(key, person, ticket)` hears what happened."""

    def __init__(self, desk: Desk, tell: Callable[[str, str, int], None]) -> None:
        self._desk = desk
        self._tell = tell

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.sleep(FIRST_PAUSE)
        while True:
            for matter in MATTERS:
                await self.play(matter)
                await asyncio.sleep(PAUSE)

    async def play(self, matter: Matter) -> None:
        """One matter, from its first call until somebody has it."""
        made = await self._act(RAISER, matter.ticket)
        if made is None:
            return
        ticket = int(made.ref)
        await self._act(RAISER, ClaimTicket(ticket))
        if await self._act(RAISER, self._raise(ticket, matter)):
            self._tell("raise", RAISER, ticket)
        async with asyncio.TaskGroup() as group:
            await self._follow(ticket, group)

    async def _follow(self, ticket: int, group: asyncio.TaskGroup) -> None:
        cued: set[str] = set()
        while (running := await self._running(ticket)) is not None:
            for call in running.calls:
                part = PARTS.get((call.level, call.seat))
                if part is not None and call.state in WAITING and call.id not in cued:
                    cued.add(call.id)
                    group.create_task(self._answer(part, running.id, call.id, call.person, ticket))
            await asyncio.sleep(LOOK)

    async def _running(self, ticket: int) -> EscalationView | None:
        case = await self._desk.ask(GetCase(ticket), Actor("person", RAISER))
        if not isinstance(case, Case):
            return None
        return next((one for one in case.escalations if one.state in ("calling", "standing")), None)

    async def _answer(self, part: Part, escalation: str, call: str, person: str, ticket: int) -> None:
        await asyncio.sleep(part.after)
        if part.does == "refuse":
            if await self._act(person, RefuseEscalation(int(escalation), int(call))):
                self._tell("refuse", person, ticket)
            return
        if await self._act(person, AcceptEscalation(int(escalation), int(call))):
            self._tell("accept", person, ticket)
            await asyncio.sleep(AFTERTHOUGHT)
            await self._settle(int(escalation), person, ticket)

    def _raise(self, ticket: int, matter: Matter) -> RaiseEscalation:
        if matter.kind == "takeover":
            return RaiseEscalation(ticket, reason=matter.ticket.body)
        due = self._desk.clock.now() + NEXT_UPDATE
        report = Draft(matter.what, next_update=due) if matter.kind == "notify" else None
        return RaiseEscalation(ticket, matter.kind, reason=matter.ticket.body, report=report)

    async def _settle(self, escalation: int, person: str, ticket: int) -> None:
        """What was accepted is settled, a question is answered and confirmed, a report is approved and ended."""
        view = await self._desk.ask(GetEscalation(escalation), Actor("person", person))
        ends: dict[str, tuple[tuple[str, Struct], ...]] = {
            "takeover": ((person, ResolveEscalation(escalation, close=True)),),
            "consult": ((person, AnswerConsult(escalation, ANSWER)), (RAISER, ConfirmEscalation(escalation))),
            "notify": ((person, ApproveReport(escalation)), (RAISER, ResolveEscalation(escalation, close=True))),
        }
        done = [await self._act(by, command) for by, command in ends[view.kind]]
        if all(done):
            self._tell("resolve", person, ticket)

    async def _act(self, person: str, command: Struct) -> Any:
        """Done, or None when somebody was faster."""
        outcome = await self._desk.handle(command, Actor("person", person))
        return None if isinstance(outcome, Refusal) else outcome

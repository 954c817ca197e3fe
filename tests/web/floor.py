"""A support desk in the middle of its day: one ticket of every kind that the pages show."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import httpx

from core.deskfile.commands import ApplyDeskFile
from core.engine.outcome import Done
from core.engine.ports import HOUR, MINUTE
from core.escalation.commands import AcceptEscalation, DeadlinePassed, RaiseEscalation
from core.escalation.queries.questions import GetEscalation
from core.escalation.queries.views import EscalationView
from core.people.commands import DeviceKeys, RegisterDevice, SetLanguage
from core.people.model import SYSTEM, Actor, Language
from core.tickets.commands import AddComment, ClaimTicket, CloseTicket, CreateTicket, PutOnWait, ReleaseTicket
from core.tickets.model import Customer
from tests.unit.documents import read
from tests.web.house import House

DESK: Final = (Path(__file__).parent / "desk.toml").read_text(encoding="utf-8")
P256DH: Final = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH: Final = "BTBZMqHH6r4Tts7J_aSIgg"
ENDPOINT: Final = "https://updates.push.services.mozilla.com/wpush/v2/abc"


class Floor:
    """The desk, and the numbers of what happens on it."""

    def __init__(self, house: House, opened: AsyncExitStack) -> None:
        self.house = house
        self._opened = opened
        self.called = 0
        """A ticket that calls suzuki."""
        self.escalation = 0
        """Its escalation."""
        self.held = 0
        """A ticket that suzuki holds after an acceptance."""
        self.new = 0
        self.waiting = 0
        self.done = 0
        self.offered = 0
        """A ticket that sato offers to suzuki."""

    async def furnish(self) -> Floor:
        """Let the morning happen."""
        await self.house.did(ApplyDeskFile(read(DESK)))
        device = RegisterDevice(ENDPOINT, DeviceKeys(P256DH, AUTH), "Android · Chrome")
        await self.house.did(device, by("suzuki"))
        self.new = await self._ticket("請求書の再発行依頼")
        self.waiting = await self._ticket("配送が三日遅れているとのお問い合わせ")
        await self._did(ClaimTicket(self.waiting))
        await self._did(PutOnWait(self.waiting, self.house.clock.time + HOUR))
        self.done = await self._ticket("領収書の宛名を変えたい")
        await self._did(ClaimTicket(self.done))
        await self._did(CloseTicket(self.done))
        self.offered = await self._ticket("返金の手続き")
        await self._did(ClaimTicket(self.offered))
        await self._did(ReleaseTicket(self.offered, "suzuki"))
        self.held, held = await self._raised("決済エラー")
        await self.house.did(AcceptEscalation(held), by("suzuki"))
        self.house.clock.time += MINUTE
        self.called, self.escalation = await self._raised("取引先からのクレーム（納品数違い）")
        await self._did(AddComment(self.called, "在庫を確認中です。"))
        return self

    @property
    def numbers(self) -> dict[str, int]:
        """The numbers by their names here."""
        return {name: value for name, value in vars(self).items() if isinstance(value, int)}

    async def browser(self, who: str) -> httpx.AsyncClient:
        """A browser that this person has signed in with, until the test ends."""
        return await self._opened.enter_async_context(await self.house.browser(who))

    async def wait(self, minutes: int) -> None:
        """Let time pass on the escalation that calls suzuki, step by step."""
        until = self.house.clock.time + minutes * MINUTE
        while (due := await self._next()) is not None and due <= until:
            self.house.clock.time = max(self.house.clock.time, due)
            await self.house.did(DeadlinePassed(self.escalation, due), SYSTEM)
        self.house.clock.time = until

    async def _next(self) -> int | None:
        view: EscalationView = await self.house.desk.ask(GetEscalation(self.escalation), by("suzuki"))
        return view.next.at if view.next else None

    async def speaks(self, who: str, language: Language) -> None:
        """Their language from now on."""
        await self.house.did(SetLanguage(language), by(who))

    async def _ticket(self, subject: str) -> int:
        customer = Customer("山田商店", "yamada@example.jp", "03-0000-1111")
        command = CreateTicket(subject, "至急お願いします。", "complaint", "high", "mail", customer, ("納品",))
        return int((await self._did(command)).ref)

    async def _raised(self, subject: str) -> tuple[int, int]:
        number = await self._ticket(subject)
        await self._did(ClaimTicket(number))
        return number, int((await self._did(RaiseEscalation(number))).ref)

    async def _did(self, command: object) -> Done:
        return await self.house.did(command, by("sato"))  # type: ignore[arg-type]


def by(who: str) -> Actor:
    """This person as the one who acts."""
    return Actor("person", who)

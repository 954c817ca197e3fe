"""What stories of consults and of reports to a customer begin with."""

from __future__ import annotations

from typing import Any

from core.engine.ports import Message
from core.escalation.commands import (
    AcceptEscalation,
    RaiseEscalation,
)
from core.escalation.kinds.commands import AnswerConsult, ApproveReport
from core.escalation.kinds.model import Draft
from core.escalation.queries.questions import GetCase
from core.escalation.queries.views import Case
from core.tickets.model import Customer
from tests.stories.floor import Floor, at

ANSWER = "返金してかまいません。"

CUSTOMER = Customer("山田 太郎", "yamada@customer.example")


async def asked(stage: Floor) -> tuple[int, int]:
    """A ticket of Sato's, about which the section chiefs are asked."""
    return await stage.raised(kind="consult", reason="返金してよいでしょうか")


async def answered(stage: Floor) -> tuple[int, int]:
    """Suzuki has taken it up and answered at 14:40."""
    number, id_ = await asked(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("14:40")
    await stage.does("suzuki", AnswerConsult(id_, ANSWER))
    return number, id_


def draft(update: str | None = "15:30", **texts: str) -> Draft:
    """The first report: orders cannot be taken since 14:00."""
    said = {
        "what": "ご注文を受け付けられない状態です。",
        "affects": "すべてのお客様",
        "recovery": "17時ごろの見込みです。",
    }
    return Draft(since=at("14:00"), next_update=None if update is None else at(update), **{**said, **texts})


async def raised(stage: Floor, **fields: Any) -> tuple[int, int]:
    """A ticket of Sato's whose customer is to hear how things stand."""
    number = await stage.ticket(customer=CUSTOMER)
    done = await stage.does("sato", RaiseEscalation(number, "notify", report=draft(), **fields))
    return number, int(done.ref)


async def approved(stage: Floor) -> tuple[int, int]:
    """Suzuki has approved the first report at 14:40."""
    number, id_ = await raised(stage)
    await stage.does("suzuki", AcceptEscalation(id_))
    await stage.until("14:40")
    await stage.does("suzuki", ApproveReport(id_))
    return number, id_


def letters(stage: Floor) -> list[Message]:
    """Every mail that left to a customer."""
    return [message for _, message in stage.mail.sent if message.kind == "customer_report"]


async def takeovers(stage: Floor, number: int) -> list[tuple[str, str, int]]:
    """(state, because, level) of the ticket's takeovers, newest first."""
    case: Case = await stage.ask("sato", GetCase(number))
    return [(one.state, one.because, one.level) for one in case.escalations if one.kind == "takeover"]

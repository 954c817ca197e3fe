"""A believable support desk on a Friday afternoon: names, tickets, ladders."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec.structs import replace

from core.escalation.because import in_words
from core.escalation.queries.cards import CallCard, DirectoryView, DutyView, MeView, PersonName, PolicyName, TaskView
from core.escalation.queries.views import (
    CallView,
    Case,
    Entry,
    EscalationView,
    LadderStep,
    May,
    NextStep,
    PolicyRef,
    PreviewView,
    QueueRow,
    TicketView,
)
from core.people.model import Level, Team
from core.policy.model import Policy, Rule
from core.tickets.model import Customer

MINUTE = 60_000
NOW = int(datetime(2026, 11, 20, 5, 32, tzinfo=UTC).timestamp() * 1000)
"""14:32 on Friday 20 November 2026 in Tokyo."""
ACTS = ("claim", "comment", "close", "raise", "accept")

DIRECTORY = DirectoryView(
    name="つばめ商店 お客様サポート",
    timezone="Asia/Tokyo",
    language="ja",
    levels=(
        Level(1, {"ja": "現場", "en": "Floor"}),
        Level(2, {"ja": "係長", "en": "Section chief"}),
        Level(3, {"ja": "課長", "en": "Manager"}),
    ),
    teams=(Team("support", "サポート"),),
    persons=(
        PersonName("sato", "佐藤 葵", 1, ("support",)),
        PersonName("ito", "伊藤 蓮", 1, ("support",)),
        PersonName("suzuki", "鈴木 一郎", 2, ("support",)),
        PersonName("takahashi", "高橋 美咲", 2, ("support",)),
        PersonName("hayashi", "林 健", 3, ("support",)),
    ),
    policies=(PolicyName("complaint", {"ja": "クレーム", "en": "Complaint"}, 3, (2, 3)),),
)
ME = MeView(
    "sato", "佐藤 葵", 1, ("support",), ("operator",), "ja", "site",
    (DutyView("l1", 1, NOW + 208 * MINUTE),), 0,
)  # fmt: skip
SUBJECTS = (
    "請求書の再発行をお願いします", "返品・交換のご相談", "Refund request for order 88121", "ログインできません",
    "配送先の住所を間違えました", "領収書の宛名変更", "ポイントが付いていません", "注文のキャンセルについて",
)  # fmt: skip


def ladder(start: int = NOW, level: int = 2) -> tuple[LadderStep, ...]:
    """Who is called when, from a level on."""
    steps = (
        LadderStep(start, 2, "duty", ("suzuki",), "push", accept_by=start + 30 * MINUTE),
        LadderStep(start + 5 * MINUTE, 2, "duty", ("suzuki",), "mail"),
        LadderStep(start + 10 * MINUTE, 2, "duty", ("suzuki",), "phone"),
        LadderStep(start + 10 * MINUTE, 2, "backup", ("takahashi",), "push"),
        LadderStep(start + 30 * MINUTE, 3, "duty", ("hayashi",), "push", accept_by=start + 60 * MINUTE),
        LadderStep(start + 35 * MINUTE, 3, "duty", ("hayashi",), "mail"),
    )
    kept = tuple(step for step in steps if step.level >= level)
    off = kept[0].at - start
    return tuple(replace(step, at=step.at - off, accept_by=step.accept_by and step.accept_by - off) for step in kept)


RULE = Rule(
    "asks-for-manager",
    says={"ja": "お客様が責任者を求めたとき", "en": "The customer asks for whoever is in charge"},
    guidance={
        "ja": "断らない。「責任者に代わります。折り返し時刻をお伝えします」と言い、電話番号を確かめて会話を終える。",
        "en": "Do not refuse. Say that somebody in charge will call back and when, check the number, and end there.",
    },
)
POLICY = Policy("complaint", 3, {"ja": "クレーム", "en": "Complaint"}, ())


def preview(level: int = 2, start: int = NOW) -> PreviewView:
    """What the desk answers to a preview."""
    steps, because = ladder(start, level), f"{'rule' if level == 2 else 'chosen'}:{RULE.id}"
    return PreviewView(
        steps, PolicyRef("complaint", 3, 3), because, "takeover", level, steps[-1].at + 30 * MINUTE,
        in_words(because, POLICY, [RULE]), RULE.id, RULE.guidance,
    )  # fmt: skip


def escalation(number: int, id_: str, left: int = 10 * MINUTE, *, call: str | None = None) -> EscalationView:
    """A takeover that has called the duty, whose next step is `left` ms away."""
    start = NOW + left - 10 * MINUTE
    steps = tuple(
        replace(
            step,
            state="done" if step.at < NOW - 5 * MINUTE else "now" if step.at <= NOW else "planned",
            delivery=("shown" if step.channel == "push" else "sent") if step.at <= NOW else None,
        )
        for step in ladder(start)
    )
    coming = next(step for step in steps if step.at > NOW)
    return EscalationView(
        id_, number, "takeover", "calling", 2, PolicyRef("complaint", 3, 3), "rule:asks-for-manager", "sato", "sato",
        start, start + 30 * MINUTE, NextStep(coming.at, "backup", ("takahashi",), "push", 2), call,
        (CallView("71", "suzuki", "duty", 2, "push", "shown", start),), steps,
        says=in_words("rule:asks-for-manager", POLICY, [RULE]), guidance=RULE.guidance,
    )  # fmt: skip


def row(number: int, subject: str, minutes: int, **more: object) -> QueueRow:
    """A queue row that changed so many minutes ago."""
    base = QueueRow(number, subject, "new", "normal", "support", None, NOW - minutes * MINUTE)
    return replace(base, **more)


def rows(count: int = 30) -> list[QueueRow]:
    """Tickets of the desk: some new, some held, some burning."""
    calling = {"status": "in_progress", "holder": "sato", "level": 2, "state": "calling", "kind": "takeover"}
    burning = [
        row(4182, "取引先からのクレーム（納品数違い）", 22, **calling, escalation="91", severity="high",
            next_at=NOW + 102_000, next_does="backup"),
        row(4177, "決済システムが応答しない", 31, **calling, escalation="92",
            next_at=NOW + 250_000, next_does="rung"),
        row(4160, "お客様が責任者を求めています", 75, **{**calling, "state": "accepted", "holder": "suzuki"},
            escalation="93", next_at=NOW + 88 * MINUTE, next_does="hold"),
        row(4150, "工場からの回答待ち", 90, status="waiting", holder="sato", wait_for="outside",
            next_at=NOW + 45 * MINUTE, next_does="wake"),
        row(4101, "送料の問い合わせ", 300, status="done"),
    ]  # fmt: skip
    return burning + [row(4290 - place, SUBJECTS[place % len(SUBJECTS)], 3 + place * 4) for place in range(count)]


def ticket(of: QueueRow) -> TicketView:
    """The whole ticket of a row."""
    return TicketView(
        of.number, of.subject, "納品数が注文と違います。至急確認してください。", of.status, "クレーム", of.severity,
        "mail", Customer("山田商店", "yamada@example.jp", "03-0000-1234"), (), True, of.team, of.holder, (),
        NOW - 34 * MINUTE, of.updated_at, 1, None if of.holder is None else NOW - 25 * MINUTE,
    )  # fmt: skip


def case(of: QueueRow, comments: tuple[str, ...] = (), *, called: bool = False) -> Case:
    """Everything about the ticket of a row."""
    open_ = of.state == "calling" and of.escalation is not None
    one = (escalation(of.number, of.escalation or "", (of.next_at or NOW) - NOW),) if open_ else ()
    said = tuple(
        Entry(NOW - (9 - place) * MINUTE, "comment_added", "ito", text=text)
        for place, text in enumerate(("@sato 鈴木さんは会議中、14:40 に戻ります", *comments))
    )
    off = {} if called else {"accept": "refusal.not_allowed"}
    off |= {"claim": "refusal.taken"} if of.holder else {}
    return Case(
        ticket(of), one, (Entry(NOW - 34 * MINUTE, "ticket_created", "ito"), *said),
        tuple(May(act, act not in off, off.get(act)) for act in ACTS), RULE.id, RULE.says, RULE.guidance,
    )  # fmt: skip


def my_call(number: int = 4177) -> CallCard:
    """Somebody calls me."""
    return CallCard(
        "92", "72", number, "決済システムが応答しない", "high", "takeover", 2, "backup", "policy:complaint", "ito",
        NOW - MINUTE, NOW + 9 * MINUTE, None,
    )  # fmt: skip


def tasks() -> list[TaskView]:
    """Two phone tasks: one free, one taken by somebody else."""
    return [
        TaskView("51", "91", 4182, "suzuki", "090-****-7788", "offered", NOW - MINUTE, 2, None, NOW + 100_000),
        TaskView("52", "92", 4177, "hayashi", "090-****-1234", "taken", NOW - MINUTE, 3, "ito", NOW + 7 * MINUTE),
    ]

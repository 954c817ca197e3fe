"""Which acts a ticket page offers: the next one big, a few near the thumb, the rest listed with what forbids it."""

from __future__ import annotations

from typing import Any, Final

from core.escalation.queries.views import Case, EscalationView, May
from web.sentences import Speech

OF_ESCALATION: Final = {
    "accept": "acceptance",
    "refuse": "refusal",
    "reassign": "reassignment",
    "climb": "climb",
    "withdraw": "withdrawal",
    "resolve": "resolution",
    "confirm": "confirmation",
    "answer": "answer",
    "question": "question",
    "takeover": "takeover",
    "approve": "approval",
    "revise": "revision",
    "update": "question",
    "return": "return",
    "responders": "responders",
    "page_all": "page-all",
}
"""Act → the noun of its route below an escalation."""
OF_TICKET: Final = {
    "claim": "claim", "release": "release", "comment": "comments", "wait": "waiting", "close": "closure",
    "reopen": "reopening", "raise": "escalations", "refuse_offer": "refusal",
}  # fmt: skip
SHEETS: Final = frozenset({
    "refuse", "climb", "withdraw", "resolve", "wait", "close", "release", "reopen", "answer", "question", "takeover",
    "approve", "revise", "update", "return", "responders", "page_all",
})  # fmt: skip
"""Acts that ask first, in a sheet of their own."""
NEAR: Final = 3
"""Acts beside the big one."""
BACK: Final = ("undo", "contest")
"""What takes something back, as long as it can be: the nearest of those beside."""
UNSAID: Final = frozenset({*BACK, "refuse_offer", "handover"})
"""Not listed where they cannot be done."""
ORDER: Final = (
    "accept", "confirm", "approve", "answer", "update", "claim", "resolve", "raise", "consult", "notify", "question",
    "takeover", "revise", "reassign", "return", "climb", "refuse", "responders", "page_all", "wait", "close", "release",
    "refuse_offer", "handover", "withdraw", "comment", "reopen",
)  # fmt: skip


class Deeds:
    """The acts of one reader on one ticket."""

    def __init__(self, case: Case, live: EscalationView | None, me: str | None, speech: Speech) -> None:
        self._case = case
        self._live = live
        self._me = me
        self._speech = speech
        about = live.id if live is not None else None
        self._may = {act.act: act for act in case.may if act.escalation in (None, about) or act.act in BACK}

    def values(self) -> dict[str, Any]:
        """What the template needs: first, second, others, links, sheets, posts, acts."""
        first, beside = self._near()
        second = [*(act for act in BACK if self._allowed(act)), *beside][:NEAR]
        others = [self._told(act) for act in ORDER if act not in (first, *second) and self._concerns(act)]
        allowed = {act for act in SHEETS if self._allowed(act) and self._concerns(act)}
        return {
            "first": first,
            "second": second,
            "others": others,
            "links": self._links(),
            "sheets": sorted(allowed),
            "posts": self._posts(),
            "fields": {"undo": {"escalation": self._may["undo"].escalation}} if self._allowed("undo") else {},
            "acts": {"comment": {"allowed": self._allowed("comment")}},
        }

    def _near(self) -> tuple[str | None, list[str]]:
        """The big act, and those beside it."""
        mine = self._me is not None and self._case.ticket.holder == self._me
        if self._live is not None and self._allowed("accept"):
            return self._pick("accept", "answer", "reassign", "climb", "refuse")
        if self._live is not None and self._live.asked and self._allowed("confirm"):
            return self._pick("confirm", "resolve", "reassign", "climb")
        if near := self._of_kind():
            return near
        if self._allowed("claim"):
            return self._pick("claim", "refuse_offer", "raise", "wait")
        if self._live is not None and mine and self._allowed("resolve"):
            return self._pick("resolve", "reassign", "climb", "wait")
        if mine:
            return self._pick("raise", "wait", "close")
        return None, self._pick("", "raise", "reassign", "reopen")[1]

    def _of_kind(self) -> tuple[str | None, list[str]] | None:
        """What a consult or a report wants of this reader next."""
        live = self._live
        if live is None or live.kind == "takeover":
            return None
        ways = (
            ("approve", "revise", "reassign", "climb"),
            ("update", "resolve", "raise", "withdraw"),
            ("confirm", "question", "takeover") if live.state == "answered" else (),
            ("answer", "takeover", "reassign", "climb") if live.held_by == self._me else (),
        )
        return next((self._pick(*way) for way in ways if way and self._allowed(way[0])), None)

    def _pick(self, first: str, *second: str) -> tuple[str | None, list[str]]:
        near = [act for act in second if self._allowed(act) and self._concerns(act)]
        return (first if self._allowed(first) else None), near[:NEAR]

    def _concerns(self, act: str) -> bool:
        """Whether the act means anything here now; what means nothing is not listed as forbidden."""
        may = self._may.get(act)
        if may is None or (not may.allowed and may.why is None) or (act == "comment" and may.allowed):
            return False
        if act in UNSAID and not may.allowed:
            return False
        if self._case.ticket.status == "done":
            return act == "reopen"
        if act == "confirm":
            live = self._live
            return live is not None and (live.asked or (live.state == "answered" and live.kind == "consult"))
        return act != "reopen" and (act not in OF_ESCALATION or self._live is not None)

    def _allowed(self, act: str) -> bool:
        return act in self._may and self._may[act].allowed

    def _told(self, act: str) -> dict[str, Any]:
        may = self._may[act]
        return {"act": act, "allowed": may.allowed, "because": "" if may.allowed else self._why(may)}

    def _why(self, may: May) -> str:
        ticket = self._case.ticket
        values = {"holder": ticket.holder, "since": ticket.holder_since, **may.values}
        return self._speech.why(may.why or "", values)

    def _links(self) -> dict[str, str]:
        new = f"/desk/tickets/{self._case.ticket.number}/escalations/new"
        links = {
            "handover": "/desk/handovers",
            "raise": new,
            "consult": f"{new}?kind=consult",
            "notify": f"{new}?kind=notify",
        }
        if self._live is not None:
            call = f"?call={self._live.call}" if self._live.call else ""
            links["reassign"] = f"/desk/escalations/{self._live.id}/reassignment{call}"
        return links

    def _posts(self) -> dict[str, str]:
        number = self._case.ticket.number
        posts = {act: f"/desk/tickets/{number}/{noun}" for act, noun in OF_TICKET.items()}
        if self._allowed("contest"):
            posts["contest"] = f"/desk/phone-tasks/{self._may['contest'].ref}/contest"
        posts["undo"] = "/desk/undo"
        if self._live is not None:
            posts |= {act: f"/desk/escalations/{self._live.id}/{noun}" for act, noun in OF_ESCALATION.items()}
        return posts

"""What the terminal's `o` says for a consult and for a report to the customer."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from core.escalation.commands import ConfirmEscalation
from core.escalation.kinds.commands import AnswerConsult, ApproveReport, AskAgain, ReviseReport
from core.escalation.queries.views import Case, May
from tests.tui import fake_desk as world
from tui.model import respond


def case(kind: str, state: str, *acts: str) -> Case:
    """A ticket whose one escalation is open to these acts."""
    row = next(row for row in world.rows() if row.state == "calling")
    known = world.case(row)
    live: Any = replace(known.escalations[0], kind=kind, state=state)
    return replace(known, escalations=(live,), live=live.id, may=tuple(May(act, True, None, live.id) for act in acts))


@pytest.mark.parametrize(
    ("kind", "state", "acts", "what"),
    [
        ("consult", "calling", ("accept", "answer"), "answer"),
        ("consult", "answered", ("confirm", "question"), "settle"),
        ("consult", "accepted", ("confirm", "answer"), "answer"),
        ("notify", "accepted", ("approve", "revise"), "check"),
        ("notify", "answered", ("update",), "forward"),
        ("notify", "accepted", ("update",), None),
        ("takeover", "accepted", ("confirm", "resolve"), None),
        ("consult", "calling", (), None),
    ],
)
def test_what_is_wanted_of_the_reader(kind: str, state: str, acts: tuple[str, ...], what: str | None) -> None:
    """Of what they may do, the one thing that the matter waits for."""
    assert respond.wanted(case(kind, state, *acts)) == what


def test_words_decide() -> None:
    """An empty sheet approves or settles; words send back or ask again. An answer needs words."""
    assert respond.command("check", "7", "") == ApproveReport(7)
    assert respond.command("check", "7", "長い") == ReviseReport(7, "長い")
    assert respond.command("settle", "7", "") == ConfirmEscalation(7)
    assert respond.command("settle", "7", "送料は") == AskAgain(7, "送料は")
    assert respond.command("answer", "7", "はい") == AnswerConsult(7, "はい")
    assert [respond.needs_words(what) for what in ("answer", "forward", "check", "settle")] == [
        True,
        True,
        False,
        False,
    ]

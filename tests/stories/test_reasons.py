"""Why a message did not arrive: wires give codes, people read words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from core.engine.ports import Failed
from core.escalation.commands import RaiseEscalation
from core.escalation.queries.questions import Directory
from core.words.catalogue import LANGUAGES
from tests.rules.source import modules
from tests.stories.floor import Floor
from web.sentences import Speech

OF_PEERS = ("http_400", "http_410", "http_503", "smtp_450", "smtp_550")
"""Reasons that are made of a peer's answer."""


def given() -> Iterator[str]:
    """Every reason that is written in a wire or in the dispatcher."""
    for module in (found for found in modules("push", "core") if found.name.startswith(("push.", "core.engine."))):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Failed", "Gone", "Retry"):
                handed = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "reason")]
                yield from (one.value for one in handed if isinstance(one, ast.Constant) and isinstance(one.value, str))


REASONS = sorted({*given(), *OF_PEERS})


def test_the_reasons_are_found() -> None:
    """The list is taken from the code, so that a new reason is told here too."""
    assert {"timeout", "network", "certificate", "bad_keys", "too_large", "private_address"} <= set(REASONS)


async def test_a_timeline_says_in_words_why_a_message_did_not_arrive(stage: Floor) -> None:
    """Push and mail fail for every reason there is; no reader of either language meets a code."""
    directory = await stage.ask("sato", Directory())
    for reason in REASONS:
        stage.push.answers["suzuki"] = stage.mail.answers["suzuki"] = Failed(reason)
        number = await stage.ticket()
        await stage.does("sato", RaiseEscalation(number))
        timeline = (await stage.case(number)).timeline
        assert [entry.values["via"] for entry in timeline if entry.kind == "message_failed"] == ["push", "mail"]
        for language in LANGUAGES:
            said = [Speech(directory, language).entry(entry) for entry in timeline]
            assert [line for line in said if reason in line or "_" in line] == []

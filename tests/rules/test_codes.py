"""Whatever a timeline tells is told in words: no code of ours or of a wire is read by a person."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import ModuleType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from core.escalation import events as escalations
from core.escalation.queries import trace
from core.tickets import events as tickets
from core.words import knows, say
from core.words.catalogue import LANGUAGES, load

FIELD = re.compile(r"\{(\w+)\}")


def kind(event: type[object]) -> str:
    """`MessageFailed` as the timeline knows it: `message_failed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", event.__name__).lower()


def codes(shape: Any) -> Iterator[str]:
    """Every text that a field of this type can hold, where the type lists them."""
    if get_origin(shape) is Literal:
        yield from (code for code in get_args(shape) if isinstance(code, str))
    else:
        for inner in get_args(shape):
            yield from codes(inner)


def told(module: ModuleType) -> Iterator[tuple[str, str]]:
    """(timeline key, code) of all that the events of this part may say."""
    for _, event in inspect.getmembers(module, inspect.isclass):
        texts = load("en", "core").get(f"timeline.{kind(event)}") if event.__module__ == module.__name__ else None
        if texts is None:
            continue
        shapes = get_type_hints(event)
        yield from ((kind(event), code) for name in FIELD.findall(texts[0]) for code in codes(shapes.get(name)))


LEFT_OUT = [("left_out", code) for code in get_args(escalations.Reason)]
"""Why somebody was not called: a line of its own for each person."""
TOLD = sorted({*told(tickets), *told(escalations), *LEFT_OUT})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_of_a_timeline_has_words(language: str) -> None:
    """Means of contact, seats, reasons, outcomes: each is a word in both languages, and is not the code itself."""
    assert len(TOLD) > 25
    assert [(at, code) for at, code in TOLD if not knows(language, f"code.{code}")] == []
    assert [code for _, code in TOLD if "_" in say(language, f"code.{code}")] == []


NOTES = sorted(set(re.findall(r'note="(\w+)"', inspect.getsource(trace))))
"""What a line of the ladder may say instead of a call."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_of_a_ladder_has_words(language: str) -> None:
    """On pages, in the terminal and on the command line."""
    assert len(NOTES) > 8
    faces = ("web.ladder.note", "tui.note", "cli.preview.note")
    assert [f"{face}.{note}" for face in faces for note in NOTES if not knows(language, f"{face}.{note}")] == []


def test_the_rule_notices_a_code() -> None:
    """The reasons of a failed message are among what is looked at."""
    assert {("message_failed", "push"), ("message_failed", "unseen"), ("left_out", "away")} <= set(TOLD)

"""A refusal as a sentence: names for ids, the desk's clock for times, in the reader's language."""

from __future__ import annotations

from core.engine.desk import Desk
from core.engine.outcome import Refusal
from core.escalation.queries.cards import DirectoryView
from core.escalation.queries.questions import Directory
from core.people.model import Actor
from web.pages.sentences import Speech


async def sentence(desk: Desk, by: Actor, language: str, refusal: Refusal) -> str:
    """Why it did not happen, for this reader."""
    directory = await desk.ask(Directory(), by) if refusal.values else None
    known = directory if isinstance(directory, DirectoryView) else NOTHING_NAMED
    return Speech(known, language, by.person).refusal(refusal)


NOTHING_NAMED = DirectoryView(name="", timezone="UTC", language="ja", levels=(), teams=(), persons=(), policies=())
"""For a sentence that names nobody, and for a reader who may know no names."""

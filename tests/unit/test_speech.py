"""Ids, codes and times as people read them."""

from __future__ import annotations

from core.engine.outcome import Refusal
from core.escalation.queries.cards import DirectoryView, PersonName
from core.escalation.queries.speech import NOTHING_NAMED, Speech
from core.people.model import Level

AT = 1_795_239_120_000
"""14:32 in Tokyo."""
DESK = DirectoryView(
    name="つばめ商店",
    timezone="Asia/Tokyo",
    language="ja",
    levels=(Level(2, {"ja": "係長"}),),
    teams=(),
    persons=(PersonName("suzuki", "鈴木 一郎", 2, ()), PersonName("sato", "佐藤 由美", 1, ())),
    policies=(),
)


def test_values_are_spoken_by_their_names() -> None:
    """Persons get their names, the reader is "you", times are the desk's, codes are words; the rest stands."""
    said = Speech(DESK, "ja", "sato").spoken(
        {"holder": "suzuki", "people": ["sato", "suzuki"], "since": AT, "late_by": 60_000, "why": "no_reply", "n": 3}
    )
    assert said == {
        "holder": "鈴木 一郎さん",
        "people": "あなた・鈴木 一郎さん",
        "since": "14:32",
        "late_by": "1分",
        "why": "まだ応答なし",
        "n": 3,
    }


def test_nobody_is_not_the_desk_itself() -> None:
    """A ticket without a holder has nobody; what has no actor was done by the desk."""
    said = Speech(DESK, "en").spoken({"holder": None, "actor": None, "by": "system"})
    assert said == {"holder": "nobody", "actor": "the desk", "by": "the desk"}


def test_a_name_in_another_language_is_better_than_none() -> None:
    """A level that is named in Japanese alone has that name for an English reader too; an unknown id stays."""
    speech = Speech(DESK, "en")
    assert speech.level(2) == "L2 係長"
    assert speech.level(7) == "L7"
    assert speech.called("gone") == "gone"


def test_a_refusal_says_who_and_since_when() -> None:
    """Neither an id nor a number of milliseconds is read by a person."""
    refusal = Refusal("taken", values={"holder": "suzuki", "since": AT})
    assert Speech(DESK, "en").refusal(refusal) == "鈴木 一郎 has had it since 14:32."
    assert Speech(NOTHING_NAMED, "en").refusal(Refusal("unknown", "no words for this"))

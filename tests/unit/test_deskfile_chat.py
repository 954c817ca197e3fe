"""Chat and quiet hours in the desk file: read, written back, and what is wrong with them in one line each."""

from __future__ import annotations

import pytest

from core.deskfile.check import check
from core.deskfile.document import Document
from core.deskfile.export import export
from core.deskfile.parse import parse
from core.deskfile.subject import Recorded
from core.people.model import Quiet
from tests.unit.documents import read

NOW = 1_795_000_000_000
FILE = """
[desk]
quiet = { from = "22:00", to = "07:00" }
[levels]
1 = { ja = "現場" }
2 = { ja = "係長" }
[[team]]
id = "t"
name = "T"
default_policy = "p"
[[person]]
id = "a"
name = "A"
teams = ["t"]
level = 2
chat = "slack:+U024BE7LH"
quiet = { from = "20:00", to = "20:00" }
[[person]]
id = "b"
name = "B"
teams = ["t"]
chat = "line"
[[policy]]
id = "p"
name = { ja = "P" }
[[policy.rung]]
level = 2
call = ["person:a"]
channels = [{ via = "chat" }]
accept_within = "30m"
[[channel]]
id = "slack"
kind = "chat"
url = "env:SLACK_URL"
[[channel]]
id = "line"
kind = "chat"
url = "file:secrets/line"
"""


def wrong(right: str, instead: str) -> list[str]:
    """What is said of the file with this mistake, in English."""
    assert right in FILE
    found = parse(FILE.replace(right, instead, 1), "desk.toml")
    return [] if isinstance(found, Document) else [problem.text("en") for problem in found]


def test_chat_and_quiet_hours_survive_a_round_trip() -> None:
    """What was read is what is written, and reading that is the same again."""
    document = read(FILE)
    assert document.settings.quiet == Quiet("22:00", "07:00")
    assert [person.chat for person in document.persons] == ["slack:+U024BE7LH", "line"]
    assert document.persons[0].quiet == Quiet("20:00", "20:00")
    assert read(export(document)) == document


@pytest.mark.parametrize(
    ("right", "instead", "said"),
    [
        ('chat = "line"', 'chat = "gone"', "desk.toml:22: unknown chat channel gone; expected one of: line, slack"),
        ('chat = "line"', 'chat = "slack:+U024BE7LH"', "this address in chat is also that of the person in line 16"),
        ('chat = "line"', 'chat = "line:#a,#b"', "a chat channel's id"),
        ('url = "env:SLACK_URL"', 'url = "slack://a/b/c"', "url holds a secret in plain text"),
        ('to = "07:00"', 'to = "7"', "a time of day"),
    ],
)
def test_a_mistake_is_one_line(right: str, instead: str, said: str) -> None:
    """It names the line and what was expected, and never repeats an address."""
    (line,) = wrong(right, instead)
    assert said in line
    assert "slack://" not in line


def test_a_person_with_nothing_but_chat_is_reached() -> None:
    """The checker counts chat as a means where a channel is set, and names whom it does not reach."""
    assert [finding.key for finding in check(read(FILE), NOW, Recorded()) if finding.severity == "error"] == []
    without = read(FILE.replace('chat = "slack:+U024BE7LH"\n', ""))
    found = {(finding.where, finding.key) for finding in check(without, NOW, Recorded())}
    assert ("person:a", "finding.no_channel") in found

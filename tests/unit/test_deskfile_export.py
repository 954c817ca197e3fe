"""desk.toml out: what is written is read again, and a difference is told key by key."""

from __future__ import annotations

from hypothesis import given, settings
from msgspec.structs import replace

from core.deskfile.diff import diff
from core.deskfile.document import Document
from core.deskfile.export import export
from core.deskfile.parse import parse
from core.people.model import Settings, Team
from core.sample.furnish import document as sample
from tests.unit.documents import documents


@given(documents())
@settings(max_examples=30)
def test_what_is_written_is_read_again(document: Document) -> None:
    """Reading an exported file gives the same desk, whatever people put into its texts."""
    again = parse(export(document), "export.toml")
    assert again == document
    assert diff(document, document) == ()


@given(documents(), documents())
@settings(max_examples=20)
def test_a_difference_is_never_overlooked(one: Document, other: Document) -> None:
    """Two desks that are written differently have changes, each with lines for people; the same have none."""
    changes = diff(one, other)
    assert (changes == ()) == (export(one) == export(other))
    assert all(line for change in changes for language in ("ja", "en") for line in change.lines(language))
    there = {change.name for change in changes if change.kind == "removed"}
    assert there == {change.name for change in diff(other, one) if change.kind == "added"}


def test_the_sample_survives_a_round_trip() -> None:
    """The pattern desk comes out as a file of the same meaning, and a second time as the same file."""
    text = export(sample())
    again = parse(text, "desk.toml")
    assert again == sample()
    assert isinstance(again, Document)
    assert export(again) == text


def test_the_lines_of_a_difference() -> None:
    """A sign, the section and the id; below a changed row every key with what it was and what it is."""
    before = sample()
    persons = tuple(replace(person, level=3) if person.id == "suzuki" else person for person in before.persons)
    after = replace(before, persons=persons[1:], teams=(*before.teams, Team("new", "新しい", "company")))
    lines = [line for change in diff(before, after) for line in change.lines("en")]
    assert lines == ["+ team new", "~ person suzuki", "    level: 2 → 3", "- person sato"]


def test_a_rung_is_compared_with_its_number() -> None:
    """A changed wait names the rung it belongs to."""
    before = sample()
    policy = before.policies[0]
    first = replace(policy.rungs[0], accept_within=60_000)
    after = replace(before, policies=(replace(policy, rungs=(first, *policy.rungs[1:])), *before.policies[1:]))
    changes = diff(before, after)
    assert [change.keys for change in changes] == [(("rung 1 accept_within", '"30m"', '"1m"'),)]


def test_the_order_of_rules_is_a_difference() -> None:
    """The first rule that matches speaks, so moving one changes what happens; order elsewhere means nothing."""
    before = sample()
    moved = replace(before, rules=before.rules[::-1], teams=before.teams[::-1])
    assert [change.name for change in diff(before, moved)] == ["rules"]


def test_a_desk_with_nothing_in_it() -> None:
    """An empty desk is a short file."""
    text = export(Document(Settings(name="A")))
    assert text == '[desk]\nname = "A"\ntimezone = "Asia/Tokyo"\nlanguage = "ja"\n'

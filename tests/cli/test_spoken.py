from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from core.console.spoken import language
from noroshi import noroshi

JAPANESE = range(0x3040, 0xA000)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group as the words that name it."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


ALL = list(commands(noroshi))


@pytest.mark.parametrize("path", ALL, ids="-".join)
@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_every_command_explains_itself_in_both_languages(
    path: tuple[str, ...], spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--help is all in the language of the terminal, for commands, options and headings."""
    monkeypatch.setenv("NOROSHI_LANG", spoken)
    result = CliRunner().invoke(noroshi, [*path, "--help"], prog_name="noroshi")
    assert result.exit_code == 0, result.output
    has_japanese = any(ord(character) in JAPANESE for character in result.output)
    assert has_japanese == (spoken == "ja")
    if spoken == "ja":
        assert "Usage" not in result.output
        assert "Options" not in result.output


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ({"LANG": "ja_JP.UTF-8"}, "ja"),
        ({"LANG": "C"}, "en"),
        ({}, "en"),
        ({"LANG": "ja_JP.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "NOROSHI_LANG": "ja"}, "ja"),
    ],
)
def test_the_language_is_that_of_the_terminal(
    places: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NOROSHI_LANG wins over LC_ALL, LC_ALL over LANG; what is neither is English."""
    for name in ("NOROSHI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in places.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


MISUSED = (
    "nonsense", "verify --nonsense", "raise", "raise x", "ticket new", "preview --mode odd", "tui --server",
    "serve --port 70000", "token",
)  # fmt: skip


@pytest.mark.parametrize("words", MISUSED)
def test_misuse_is_exit_code_2_and_shows_the_way(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed wrong ends with 2, says what was wrong, and names --help."""
    monkeypatch.setenv("NOROSHI_LANG", "en")
    result = CliRunner().invoke(noroshi, words.split(), prog_name="noroshi")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "--help" in result.stderr


@pytest.mark.parametrize("words", MISUSED)
def test_misuse_is_explained_in_japanese_too(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line, which says what was wrong, is Japanese on a Japanese terminal."""
    monkeypatch.setenv("NOROSHI_LANG", "ja")
    result = CliRunner().invoke(noroshi, words.split(), prog_name="noroshi")
    assert any(ord(character) in JAPANESE for character in result.stderr.splitlines()[-1])

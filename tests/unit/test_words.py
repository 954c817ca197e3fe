"""Words: what is said in which language, and what happens when a text is missing."""

from __future__ import annotations

import pytest

from core.words import MissingWords, clock, count, countdown, date_line, day_line, knows, language_of, say, span
from core.words.catalogue import DOMAINS, LANGUAGES, PoError, load, parse
from core.words.speech import domain_of

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
MARCH = 1_772_688_720_000
"""2026-03-05 05:32 UTC, 14:32 in Tokyo."""


def test_values_fill_a_text() -> None:
    """A text is said with its placeholders filled, in the language asked for."""
    assert say("ja", "span.minutes", n=5) == "5分"
    assert say("en", "span.minutes", n=5) == "5 min"


def test_n_chooses_the_plural_form() -> None:
    """English says one day and two days; Japanese has one form."""
    assert [say("en", "span.days", n=n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
    assert say("ja", "span.days", n=1) == "1日"


def test_an_unknown_language_reads_english() -> None:
    """Whoever asks for a language that we lack still reads something."""
    assert say("fr", "span.minutes", n=5) == "5 min"


def test_a_value_may_have_any_name() -> None:
    """Values named like parameters of `say` do not clash with them."""
    assert say("en", "span.minutes", n=5, key="x", language="y") == "5 min"


@pytest.mark.parametrize("key", ["span.nothing", "web.nothing", "nothing"])
def test_a_missing_text_is_an_error_in_tests(key: str) -> None:
    """A key without words never passes a test unseen."""
    assert not knows("ja", key)
    with pytest.raises(MissingWords, match=key):
        say("ja", key)


def test_a_missing_value_is_an_error_in_tests() -> None:
    """A text is never said with a gap."""
    with pytest.raises(MissingWords, match="n"):
        say("ja", "span.minutes")


def test_a_running_desk_shows_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside tests a missing text is its key: ugly, and nothing stops."""
    monkeypatch.setattr("core.words.speech.STRICT", False)
    assert say("ja", "span.nothing") == "span.nothing"
    assert say("ja", "span.minutes") == "span.minutes"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("ja,en;q=0.8", "ja"), ("en-GB", "en"), ("fr, en;q=0.5", "en"), ("ja_JP.UTF-8", "ja"), ("C", "ja"),
        ("", "ja"), (None, "ja"), ("EN", "en"),
    ],
)  # fmt: skip
def test_the_first_of_our_languages_is_taken(accepted: str | None, language: str) -> None:
    """A browser's list or a locale's name is read in its order; Japanese when it names none of ours."""
    assert language_of(accepted) == language


@pytest.mark.parametrize(
    ("ms", "ja", "en"),
    [
        (102 * SECOND, "1:42", "1:42"), (999, "0:00", "0:00"), (HOUR - 1, "59:59", "59:59"),
        (HOUR, "1時間", "1 h"), (2 * HOUR + 5 * MINUTE, "2時間5分", "2 h 5 min"),
        (DAY, "1日", "1 day"), (3 * DAY + 2 * HOUR + 59 * MINUTE, "3日2時間", "3 days 2 h"),
        (-5 * SECOND, "-0:05", "-0:05"), (-2 * HOUR, "-2時間", "-2 h"),
    ],
)  # fmt: skip
def test_a_countdown_shows_seconds_below_an_hour(ms: int, ja: str, en: str) -> None:
    """What is left reads at a glance, and what is overdue has a sign."""
    assert (countdown(ms, "ja"), countdown(ms, "en")) == (ja, en)


def test_spans_have_two_units_at_most() -> None:
    """A length of time is said as people say it."""
    spans = (45 * SECOND, 30 * MINUTE, 90 * MINUTE, 26 * HOUR)
    assert [span(ms, "ja") for ms in spans] == ["45秒", "30分", "1時間30分", "1日2時間"]


def test_clocks_and_dates_are_local() -> None:
    """A moment is shown in the desk's zone, whatever the machine's."""
    assert clock(MARCH, "Asia/Tokyo") == "14:32"
    assert clock(MARCH, "America/New_York") == "00:32"
    assert day_line(MARCH, "Asia/Tokyo", "ja") == "3月5日(木)"
    assert date_line(MARCH, "Asia/Tokyo", "en") == "Thu, Mar 5, 14:32"


def test_large_numbers_are_parted() -> None:
    """Counts are read in thousands."""
    assert count(1_234_567) == "1,234,567"


def test_every_catalogue_can_be_read() -> None:
    """Each language has each catalogue."""
    assert all(load(language, domain) is not None for language in LANGUAGES for domain in DOMAINS)


@pytest.mark.parametrize(("key", "domain"), [("web.calls.title", "web"), ("timeline.raised", "core"), ("x", "core")])
def test_a_key_names_its_catalogue(key: str, domain: str) -> None:
    """The part before the first dot leads to the file."""
    assert domain_of(key) == domain


def test_a_text_may_go_on_over_lines() -> None:
    """Quoted lines after a text belong to it; escapes are what gettext means by them."""
    text = 'msgid ""\nmsgstr ""\n"Language: ja\\n"\n\n# note\nmsgid "a.b"\nmsgstr ""\n"one \\"two\\"\\n"\n"three"\n'
    assert parse(text, "x.po") == {"a.b": ('one "two"\nthree',)}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('msgid "a"\nmsgstr "1"\nmsgid "a"\nmsgstr "2"', 3), ('msgid "a"', 1), ('msgid "a"\nmsgstr ""', 1),
        ("msgid a", 1), ('msgid "a"\nmsgstr[1] "x"', 2), ('"lost"', 1), ('msgid "a"\nmsgctxt "b"', 2),
        ('msgid "a"\nmsgstr "b', 2),
    ],
)  # fmt: skip
def test_a_slip_is_named_with_its_line(text: str, line: int) -> None:
    """What cannot be read, or stands twice, is an error that says where."""
    with pytest.raises(PoError, match=rf"^ja/web\.po:{line}: "):
        parse(text, "ja/web.po")

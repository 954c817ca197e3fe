"""Every word people read stands in a catalogue, in both languages, and every word of a catalogue is read."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from core.words.catalogue import DOMAINS, LANGUAGES, load
from core.words.speech import domain_of
from tests.rules.source import Module
from tests.rules.spoken import SHORT, Spoken, in_code, in_module, in_template, in_templates, texts

JAPANESE = re.compile(r"[ぁ-ヺー-ヿ㐀-鿿]")

WRAPPERS = {"{}", *(before + "{}" for before in SHORT.values())}
"""Said by what puts a prefix before the keys of others; those are counted where they stand."""


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def unspoken(said: list[Spoken]) -> list[str]:
    """Keys of the catalogues that nothing says."""
    whole = {one.key for one in said}
    patterns = {one.pattern for one in said if "{}" in one.key and one.key not in WRAPPERS}
    return [key for key in texts("ja") if key not in whole and not any(found.fullmatch(key) for found in patterns)]


def unknown(said: list[Spoken], language: str) -> list[str]:
    """What is said without a text in this language."""
    known = texts(language)
    return [
        f"{one.place} says {one.key}"
        for one in said
        if (one.key not in known if "{}" not in one.key else not any(map(one.pattern.fullmatch, known)))
    ]


def unfilled(said: list[Spoken], language: str) -> list[str]:
    """What is said without a value that its text needs."""
    return [
        f"{one.place} says {one.key} without {', '.join(sorted(lacking))}"
        for one in said
        if one.values is not None
        for form in texts(language).get(one.key, ())
        if (lacking := placeholders(form) - one.values)
    ]


def test_both_languages_have_the_same_keys() -> None:
    """A key of one language is a key of the other."""
    assert set(texts("ja")) == set(texts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_forms_of_a_text_have_the_same_placeholders(language: str) -> None:
    """What ja is filled with, en is filled with, in each plural form."""
    ours, theirs = texts(language), texts("ja")
    differing = [
        key
        for key, forms in ours.items()
        if key in theirs and any(placeholders(form) | {"n"} != placeholders(theirs[key][-1]) | {"n"} for form in forms)
    ]
    assert differing == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_keys_stand_in_their_own_catalogue(domain: str) -> None:
    """`say` finds the catalogue by the first part of the key."""
    strays = [key for language in LANGUAGES for key in load(language, domain) if domain_of(key) != domain]
    assert strays == []


def test_japanese_is_japanese_and_english_english() -> None:
    """No text was left in the other language (names in brackets and samples aside)."""
    left = [key for key, forms in texts("en").items() if any(JAPANESE.search(form) for form in forms)]
    assert set(left) <= {"tui.language.ja", "web.language.ja", "cli.language.ja", "tui.input_method"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_has_words(language: str) -> None:
    """Every key in code and templates has a text."""
    said = [*in_code(), *in_templates()]
    assert len(said) > 100
    assert unknown(said, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_text_needs_comes_with_it(language: str) -> None:
    """Where values can be seen beside a key, they fill every placeholder of its text."""
    assert unfilled([*in_code(), *in_templates()], language) == []


def test_no_word_is_left_over() -> None:
    """A text that nothing says is removed."""
    assert unspoken([*in_code(), *in_templates()]) == []


def test_the_rules_notice_a_key_without_words() -> None:
    """Literals, f-strings and templates are all looked at."""
    code = Module("web.x", 'say(l, "span.nothing")\nsay(l, f"span.{unit}.nothing")\nsay(l, "span.days", n=1)')
    page = '{{ t("span.nought") }}{{ t("span." ~ card.seat ~ ".nought") }}{{ t("span." ~ unit) }}'
    said = [*in_module(code), *in_template(page, "web/html/x.html")]
    assert len({one.key for one in said}) == 6
    assert len({one.key for one in said} - {line.split()[-1] for line in unknown(said, "ja")}) == 2
    assert unfilled([*in_module(Module("web.x", 'say(l, "span.days")'))], "ja") == [
        "web/x.py:1 says span.days without n"
    ]

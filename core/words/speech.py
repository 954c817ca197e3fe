"""Says a key in a language."""

from __future__ import annotations

import os
from functools import cache
from typing import Any, Final

from core.words.catalogue import DOMAINS, LANGUAGES, Texts, load

STRICT: Final = os.environ.get("NOROSHI_STRICT_WORDS") == "1"
"""Set in tests: a missing key or value is an error. Otherwise the key is shown, and the desk works on."""


class MissingWords(LookupError):
    """A key that no catalogue has, or a value that its text needs."""


def say(language: str, key: str, /, **values: Any) -> str:
    """The text of `key` with `{placeholders}` filled in.

    Where the text has plural forms, the value `n` chooses. An unknown language reads English.
    """
    texts = _texts(language, domain_of(key)).get(key)
    if texts is None:
        return _missing(key, f"{language}: no text for {key}")
    text = texts[0] if len(texts) == 1 or values.get("n") == 1 else texts[-1]
    try:
        return text.format(**values)
    except (KeyError, IndexError) as gap:
        return _missing(key, f"{language}: {key} needs a value {gap}")


def knows(language: str, key: str, /) -> bool:
    """Whether there is a text for this key."""
    return key in _texts(language, domain_of(key))


def language_of(accepted: str | None) -> str:
    """The first of our languages in an `Accept-Language` header or a locale name; else the desk's first, ja."""
    for part in (accepted or "").replace("_", "-").split(","):
        language = part.split(";")[0].strip().split("-")[0].split(".")[0].lower()
        if language in LANGUAGES:
            return language
    return LANGUAGES[0]


def domain_of(key: str) -> str:
    """The catalogue a key stands in."""
    first = key.partition(".")[0]
    return first if first in DOMAINS else "core"


@cache
def _texts(language: str, domain: str) -> dict[str, Texts]:
    return load(language if language in LANGUAGES else "en", domain)


def _missing(key: str, why: str) -> str:
    if STRICT:
        raise MissingWords(why)
    return key

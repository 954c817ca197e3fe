"""Reads `.po` catalogues: key → text, or key → texts by plural form.

The subset of gettext that we write: comments, `msgid`, `msgid_plural`, `msgstr`, `msgstr[n]`, and texts that go on
over several quoted lines. Anything else is an error with file and line, so that a slip never hides a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypeAlias

Texts: TypeAlias = tuple[str, ...]
"""The plural forms of one key; most have one."""

HERE: Final = Path(__file__).parent
LANGUAGES: Final = ("ja", "en")
DOMAINS: Final = ("core", "web", "tui", "cli", "push")

LINE: Final = re.compile(r'(?:(msgid|msgid_plural|msgstr)(?:\[(\d)\])? )?"((?:[^"\\]|\\.)*)"')
ESCAPE: Final = re.compile(r"\\(.)")
ESCAPED: Final = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class PoError(ValueError):
    """A line of a catalogue that cannot be read: `ja/web.po:12: what is wrong`."""


def load(language: str, domain: str) -> dict[str, Texts]:
    """The texts of one catalogue of this package."""
    text = (HERE / language / f"{domain}.po").read_text(encoding="utf-8")
    return parse(text, f"{language}/{domain}.po")


def parse(text: str, name: str) -> dict[str, Texts]:
    """The texts of a `.po` file by key; `name` is for errors. PoError for what is not understood."""
    texts: dict[str, Texts] = {}
    for line, key, forms in _entries(text, name):
        if not key:
            continue  # the header
        if not forms or "" in forms:
            raise PoError(f"{name}:{line}: {key} has no text")
        if key in texts:
            raise PoError(f"{name}:{line}: {key} stands here twice")
        texts[key] = tuple(forms)
    return texts


def _entries(text: str, name: str) -> Iterator[tuple[int, str, list[str]]]:
    begun, key, forms = 0, "", list[str]()
    target = ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise PoError(f'{name}:{number}: expected a comment, msgid "…" or msgstr "…"')
        word, form, part = match.groups()
        part = ESCAPE.sub(lambda found: ESCAPED.get(found[1], found[0]), part)
        if word == "msgid":
            if target:
                yield begun, key, forms
            begun, key, forms = number, part, []
        elif word == "msgstr":
            if int(form or 0) != len(forms):
                raise PoError(f"{name}:{number}: expected msgstr[{len(forms)}]")
            forms.append(part)
        elif word is None and target == "msgid":
            key += part
        elif word is None and target == "msgstr":
            forms[-1] += part
        elif word is None and not target:
            raise PoError(f"{name}:{number}: a text that belongs to nothing")
        target = word or target
    if target:
        yield begun, key, forms

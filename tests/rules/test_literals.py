"""No text for people outside the catalogues: not in code, not in pages, not in scripts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.rules.source import ROOT, Module, inside, modules, named

JAPANESE = re.compile(r"[ぁ-ヺー-ヿ㐀-鿿]")
WORDS = re.compile(r"[^\W\d_]{2,}")
SHOWS = {
    "echo", "secho", "confirm", "ClickException", "UsageError", "BadParameter", "Trouble",
    "Static", "Label", "Button", "notify", "Tooltip",
}  # fmt: skip
"""Calls whose first argument people read."""
SHOWN = {"help", "short_help", "placeholder", "tooltip", "border_title", "border_subtitle", "metavar"}
"""Arguments that people read."""
ATTRIBUTES = {"alt", "title", "aria-label", "placeholder", "aria-description"}
NAMES = {"noroshi", "Noroshi", "NOROSHI", "JSON", "URL", "FILE", "ID", "ISO"}
JINJA = re.compile(r"\{#.*?#\}|\{% block layout %\}[\w ]*\{% endblock %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
DATA = {
    "core.sample": "what the people of the sample desk wrote",
    "tui.model.text": "the characters that may not begin a line",
}
"""Japanese that is no text of ours."""
CHOSEN_TAG = re.compile(r"(</?)\{\{.*?\}\}")
KEY = re.compile(r"[a-z][\w-]*(\.[\w-]+)*")


def japanese(module: Module) -> Iterator[str]:
    """String literals with Japanese text; docstrings and comments are for builders."""
    docs = {id(node.value) for node in ast.walk(module.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(module.tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docs and JAPANESE.search(text):
                yield f"{module.place}:{node.lineno} {text!r}"


def shown(module: Module) -> Iterator[str]:
    """Literals handed to what people see."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            handed = [*(node.args[:1] if called in SHOWS else []), *(k.value for k in node.keywords if k.arg in SHOWN)]
            yield from (f"{module.place}:{node.lineno} {called}: {text}" for text in map(prose, handed) if text)


def prose(node: ast.expr) -> str:
    """The words in a literal; a words key is none."""
    match node:
        case ast.Constant(value=str(text)):
            pass
        case ast.JoinedStr(values=values):
            text = " ".join(str(part.value) for part in values if isinstance(part, ast.Constant))
        case _:
            return ""
    return "" if KEY.fullmatch(text) else " ".join(word for word in WORDS.findall(text) if word not in NAMES)


class Page(HTMLParser):
    """Collects what a template shows by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(JINJA.sub(" ", CHOSEN_TAG.sub(r"\1p", text)))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ATTRIBUTES:
                self.handle_data(value or "")

    def handle_data(self, data: str) -> None:
        self.found += [word for word in WORDS.findall(data) if word not in NAMES]


def test_no_japanese_in_code() -> None:
    """Japanese stands in catalogues, and where it is data."""
    code = modules("core", "push", "web", "tui", "noroshi.py")
    assert [line for module in code if not inside(module.name, *DATA) for line in japanese(module)] == []


def test_no_literal_is_shown() -> None:
    """What the command line and the terminal show comes from a catalogue."""
    assert [line for module in modules("core", "tui", "noroshi.py") for line in shown(module)] == []


def test_no_words_in_pages() -> None:
    """Templates say keys, never words."""
    found = {
        str(path.relative_to(ROOT)): words
        for path in named(".html", under=("web",))
        if (words := Page(path.read_text(encoding="utf-8")).found)
    }
    assert found == {}


def test_no_japanese_in_scripts_and_styles() -> None:
    """Scripts and styles get their words from the page."""
    ours = named(".js", ".css", ".tcss", ".html", ".svg", under=("web", "tui"))
    assert [str(path.relative_to(ROOT)) for path in ours if JAPANESE.search(path.read_text(encoding="utf-8"))] == []


def test_the_rules_notice_words() -> None:
    """Each of the ways a text could slip in is found."""
    code = Module("tui.x", 'a = "呼出"\nStatic("Nobody answered")\nInput(placeholder=f"Find {x}")\nStatic("tui.calls")')
    assert len(list(japanese(code))) == 1
    assert len(list(shown(code))) == 2
    assert Page('<p title="Call {{ x }}">{{ t("a") }} Accept</p>').found == ["Call", "Accept"]

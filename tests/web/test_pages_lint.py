"""What no template, script or style may hold: anything the content policy blocks, and htmx of another age."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
TEMPLATES = sorted((WEB / "html").glob("*.html"))
SCRIPTS = sorted([*(WEB / "static" / "js").glob("*.js"), WEB / "static" / "sw.js"])
SHEETS = sorted((WEB / "static").glob("*.css"))
FORBIDDEN = {
    "an inline handler": re.compile(r"\son\w+\s*=|hx-on", re.IGNORECASE),
    "an inline style": re.compile(r"\sstyle\s*=|<style", re.IGNORECASE),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)|javascript:|js:", re.IGNORECASE),
    "a trigger filter": re.compile(r'hx-trigger="[^"]*\[', re.IGNORECASE),
    "somebody else's address": re.compile(r"https?://", re.IGNORECASE),
    "attributes of htmx 2": re.compile(r"hx-ext|sse-connect|sse-swap|hx-disinherit|hx-request="),
}
INHERITED = re.compile(r"<body[^>]*\shx-(?!sse|trigger)[\w-]+=")
FORM = re.compile(r"""<form(?![^>]*method="get")[^>]*>(.*?)</form>""", re.DOTALL)
EVAL = re.compile(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|localhost|https?://")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_inline(path: Path) -> None:
    """A template has no inline code or style, no filter, no third-party address."""
    text = path.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []
    assert INHERITED.search(text) is None


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_forms_carry_the_token(path: Path) -> None:
    """Every form that posts carries the form token, by itself or by the macro that writes it."""
    forms = FORM.findall(path.read_text(encoding="utf-8"))
    assert [form for form in forms if 'name="_token"' not in form] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_markup(path: Path) -> None:
    """A script of ours neither evaluates text nor writes it as markup, and knows no other site."""
    assert EVAL.search(path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_styles_stay_at_home(path: Path) -> None:
    """A style loads nothing, and takes its colours from the tokens."""
    text = path.read_text(encoding="utf-8")
    assert "url(" not in text
    assert "@import" not in text
    assert path.name == "tokens.css" or re.search(r"#[0-9a-f]{3,8}\b", text) is None

"""Reads a page as a browser and a screen reader would, and lists what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "use", "path", "hr", "img"})
NAMED = frozenset({"button", "a", "summary", "h1", "h2", "h3"})
FIELDS = frozenset({"input", "textarea", "select"})
INLINE = ("on", "hx-on", "style")


class Element:
    """One element: its attributes, and the words in it."""

    def __init__(self, tag: str, attributes: dict[str, str], above: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.above = above
        self.words = ""

    def within(self, tag: str) -> Element | None:
        """The nearest element of this tag around it."""
        at: Element | None = self
        while at is not None and at.tag != tag:
            at = at.above
        return at

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>"


class Page(HTMLParser):
    """All elements of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.unbalanced: list[str] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        self.unbalanced += [f"<{element.tag}> is never closed" for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open[-1] if self._open else None)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        above = self._open[-1] if self._open else None
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, above))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1].tag != tag:
            self.unbalanced.append(f"</{tag}> closes nothing")
            return
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.words += data.strip()

    def all(self, *tags: str) -> list[Element]:
        """Every element of these tags."""
        return [element for element in self.elements if element.tag in tags]

    def faults(self) -> list[str]:
        """What a browser, the content policy or a screen reader would complain about."""
        return [*self.unbalanced, *self._inline(), *self._nameless(), *self._unlabelled(), *self._twice()]

    def unguarded(self) -> list[str]:
        """Forms that post without a token."""
        tokens = {element.within("form") for element in self.all("input") if element.attributes.get("name") == "_token"}
        return [repr(form) for form in self.all("form") if form not in tokens or not form.attributes.get("action")]

    def _inline(self) -> Iterator[str]:
        for element in self.elements:
            yield from (f"{element} has {name}" for name in element.attributes if name.startswith(INLINE))
        yield from (f"{script} is inline" for script in self.all("script") if "src" not in script.attributes)

    def _nameless(self) -> Iterator[str]:
        for element in self.all(*NAMED):
            if not (element.words or element.attributes.get("aria-label")):
                yield f"{element} has no name"

    def _unlabelled(self) -> Iterator[str]:
        labelled = {label.attributes.get("for") for label in self.all("label")}
        for field in self.all(*FIELDS):
            hidden = field.attributes.get("type") == "hidden" or "hidden" in field.attributes
            if not hidden and field.attributes.get("id") not in labelled and field.within("label") is None:
                yield f"{field} has no label"

    def _twice(self) -> Iterator[str]:
        ids = Counter(element.attributes["id"] for element in self.elements if "id" in element.attributes)
        yield from (f"id {id_} stands {count} times" for id_, count in ids.items() if count > 1)

"""Pages from templates: escaped by default, strict about names, in the reader's language and the desk's zone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import Request, Response

from core.engine.ports import Clock
from core.words import clock, count, countdown, date_line, day_line, say, span
from web.static import Shelf
from web.visit import Visit, is_htmx, visit_of

TEMPLATES: Final = Path(__file__).parent / "html"
UTC_ZONE: Final = "UTC"
MEDIA: Final = "text/html"


class Renderer:
    """The template environment of one app."""

    def __init__(self, shelf: Shelf, time: Clock) -> None:
        self._time = time
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals["static"] = shelf.url
        self._templates.filters.update(FILTERS)

    def render(self, template: str, visit: Visit, values: Mapping[str, Any]) -> str:
        """The text of one page; `values` win over what every page has."""
        return self._templates.get_template(template).render(self._common(visit) | dict(values))

    def _common(self, visit: Visit) -> dict[str, Any]:
        language, directory = visit.language, visit.directory
        names = {person.id: person.name for person in directory.persons} if directory else {}
        return {
            "language": language,
            "form_token": visit.form_token,
            "now": self._time.now(),
            "zone": directory.timezone if directory else UTC_ZONE,
            "t": lambda key, **given: say(language, key, **given),
            "name_of": lambda person: names.get(person or "", person or ""),
        }


def page(
    request: Request[Any, Any, Any],
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response[str]:
    """One rendered page.

    Every template finds: t(key, **values), static(name), name_of(person id), language, form_token, now, zone, here
    (the path), partial (True when htmx asks: leave the frame away), and the filters clock, countdown (of what is
    left), span, date, day, count.
    """
    renderer: Renderer = request.app.state.renderer
    visit = visit_of(request)
    common = {"here": request.url.path, "partial": is_htmx(request)}
    text = renderer.render(template, visit, common | values)
    shown = {"Content-Language": visit.language, "Vary": "HX-Request, Accept-Language", **(headers or {})}
    return Response(text, status_code=status, media_type=MEDIA, headers=shown)


@pass_context
def _clock(context: Context, ms: int) -> str:
    return clock(ms, context["zone"])


@pass_context
def _countdown(context: Context, ms_left: int) -> str:
    return countdown(ms_left, context["language"])


@pass_context
def _span(context: Context, ms: int) -> str:
    return span(ms, context["language"])


@pass_context
def _date(context: Context, ms: int) -> str:
    return date_line(ms, context["zone"], context["language"])


@pass_context
def _day(context: Context, ms: int) -> str:
    return day_line(ms, context["zone"], context["language"])


FILTERS: Final = {"clock": _clock, "countdown": _countdown, "span": _span, "date": _date, "day": _day, "count": count}

"""What the service worker keeps for a time without a network. Open to everybody: it holds nothing of anybody."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import Request, Response, get

from core.words import say
from core.words.catalogue import LANGUAGES
from web.pages.frame import script_words
from web.render import page
from web.visit import visit_of

SHEETS: Final = ("tokens", "base", "parts", "blocks", "forms", "pages", "alone")
OFFLINE: Final = "/desk/offline"


@get("/offline", sync_to_thread=False)
def offline(request: Request[Any, Any, Any]) -> Response[str]:
    """The page for when the desk cannot be reached."""
    title = say(visit_of(request).language, "web.offline.title")
    return page(request, "offline.html", title=title)


@get("/worker.json", sync_to_thread=False)
def worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The service worker's words in both languages, and the addresses it keeps."""
    url = request.app.state.shelf.url
    shell = [OFFLINE, url("icons.svg"), *(url(f"{sheet}.css") for sheet in SHEETS)]
    body = {"words": {language: script_words(language) for language in LANGUAGES}, "shell": shell}
    return Response(msgspec.json.encode(body), media_type="application/json", headers={"Cache-Control": "no-cache"})

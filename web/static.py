"""Static files: read once, named by their content, compressed once, kept by browsers for ever."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, Final

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

FOLDER: Final = Path(__file__).parent / "static"
BASE: Final = "/desk/static/"
TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
PACKED: Final = frozenset({".css", ".js", ".svg", ".webmanifest"})
NAMED: Final = re.compile(r"(?P<quote>[\"'])@static/(?P<name>[\w./-]+)(?P=quote)")
"""`"@static/js/desk.js"` inside a script, style or manifest becomes the address with the hash."""
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "no-cache"


class File(Struct, frozen=True):
    """One file as it is sent."""

    media: str
    etag: str
    raw: bytes
    packed: bytes | None
    """gzip, where that is shorter."""


class Shelf:
    """All static files of a folder. Reads and compresses at construction, never later."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._files: dict[str, File] = {}
        self._hashed: dict[str, str] = {}
        self._plain: dict[str, str] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in TYPES and path.is_file():
                self.url(path.relative_to(folder).as_posix())

    def url(self, name: str) -> str:
        """The address of a file by its plain name, `js/desk.js`. KeyError when there is no such file."""
        if name not in self._files:
            self._take(name)
        return BASE + self._hashed[name]

    def file(self, name: str) -> File:
        """The file of a plain name. KeyError when there is none."""
        return self._files[name]

    def find(self, asked: str) -> tuple[File, bool] | None:
        """The file of a name with or without its hash, and whether it may be kept for ever."""
        if asked in self._plain:
            return self._files[self._plain[asked]], True
        return (self._files[asked], False) if asked in self._files else None

    def _take(self, name: str) -> None:
        path = self._folder / name
        if path.suffix not in TYPES or not path.is_file():
            raise KeyError(name)
        raw = path.read_bytes()
        if path.suffix in PACKED:
            raw = NAMED.sub(self._address, raw.decode()).encode()
        digest = hashlib.sha256(raw).hexdigest()[:12]
        plain = PurePosixPath(name)
        hashed = plain.with_name(f"{plain.stem}.{digest}{plain.suffix}").as_posix()
        packed = gzip.compress(raw, 9, mtime=0) if path.suffix in PACKED else raw
        small = packed if len(packed) < len(raw) else None
        self._files[name] = File(TYPES[path.suffix], f'"{digest}"', raw, small)
        self._hashed[name], self._plain[hashed] = hashed, name

    def _address(self, found: re.Match[str]) -> str:
        return f"{found['quote']}{self.url(found['name'])}{found['quote']}"


@get("/static/{name:path}", sync_to_thread=False)
def static_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Style, script, picture: for ever under its hashed name, asked again under its plain one."""
    shelf: Shelf = request.app.state.shelf
    found = shelf.find(str(name).lstrip("/"))
    if found is None:
        raise NotFoundException
    return send(request, found[0], FOREVER if found[1] else ASK_AGAIN)


@get("/sw.js", sync_to_thread=False)
def service_worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The service worker: its address never changes, its content is asked for every time."""
    worker = request.app.state.shelf.file("sw.js")
    return send(request, worker, ASK_AGAIN, {"Service-Worker-Allowed": "/desk/"})


@get("/manifest.webmanifest", sync_to_thread=False)
def manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
    """What a phone's home screen wants to know."""
    return send(request, request.app.state.shelf.file("manifest.webmanifest"), ASK_AGAIN)


def send(
    request: Request[Any, Any, Any], file: File, keep: str, more: Mapping[str, str] | None = None
) -> Response[bytes]:
    """One file: 304 where the browser has it, gzip where it reads that."""
    headers = {"Cache-Control": keep, "ETag": file.etag, **(more or {})}
    if file.packed is not None:
        headers["Vary"] = "Accept-Encoding"
    if _has(request.headers.get("if-none-match", ""), file.etag):
        return Response(b"", status_code=304, headers=headers, media_type=file.media)
    if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.packed, headers=headers, media_type=file.media)
    return Response(file.raw, headers=headers, media_type=file.media)


def _has(known: str, etag: str) -> bool:
    return known.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in known.split(","))


handlers: Final = [static_file, service_worker, manifest]

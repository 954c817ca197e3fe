"""Static files: named by content, kept for ever, compressed once."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.web.house import House, problem
from web.static import FOLDER, Shelf


async def test_a_hashed_name_is_kept_for_ever(tsubame: House) -> None:
    """The address with the hash may be cached without asking; another content would have another address."""
    address = Shelf().url("tokens.css")
    async with tsubame.visitor() as visitor:
        answer = await visitor.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert address.startswith("/desk/static/tokens.")


async def test_a_browser_that_has_it_gets_304(tsubame: House) -> None:
    """If-None-Match, alone, in a list or weak, is answered without a body; another tag is not."""
    async with tsubame.visitor() as visitor:
        address = Shelf().url("tokens.css")
        tag = (await visitor.get(address)).headers["etag"]
        for known in (tag, f'"x", {tag}', f"W/{tag}", "*"):
            answer = await visitor.get(address, headers={"if-none-match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == tag
        assert (await visitor.get(address, headers={"if-none-match": '"x"'})).status_code == 200


async def test_text_travels_compressed_to_who_reads_that(tsubame: House) -> None:
    """gzip on request, as it is otherwise; pictures never."""
    async with tsubame.visitor() as visitor:
        for name, packed in (("vendor/htmx.min.js", True), ("icons/icon-192.png", False)):
            plain = await visitor.get(Shelf().url(name), headers={"accept-encoding": "identity"})
            small = await visitor.get(Shelf().url(name), headers={"accept-encoding": "br, gzip"})
            assert plain.content == small.content == (FOLDER / name).read_bytes()
            assert "content-encoding" not in plain.headers
            assert (small.headers.get("content-encoding") == "gzip") is packed


async def test_the_service_worker_is_asked_for_every_time(tsubame: House) -> None:
    """Its address stays, its content may change, its scope is the desk."""
    async with tsubame.visitor() as visitor:
        answer = await visitor.get("/desk/sw.js")
        manifest = await visitor.get("/desk/manifest.webmanifest")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["service-worker-allowed"] == "/desk/"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert manifest.headers["content-type"] == "application/manifest+json"
    assert manifest.json()["start_url"].startswith("/desk/")


async def test_nothing_else_of_the_disk_is_served(tsubame: House) -> None:
    """Licences, other folders and made-up names are unknown, however they are written."""
    paths = ("vendor/LICENSE-htmx", "../settings.py", "%2e%2e/settings.py", "..%2fsettings.py", "nothing.css",
             "tokens.000000000000.css", "/etc/passwd", "")  # fmt: skip
    async with tsubame.visitor() as visitor:
        for path in paths:
            assert problem(await visitor.get(f"/desk/static/{path}"))[0] in (404, 405), path


def test_files_name_each_other_by_their_hash(tmp_path: Path) -> None:
    """`"@static/…"` inside a file becomes the address with the hash, and so the outer hash follows the inner one."""
    (tmp_path / "a.js").write_text('load("@static/sub/b.css")')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.css").write_text("one")
    one = Shelf(tmp_path)
    assert one.file("a.js").raw.decode() == f'load("{one.url("sub/b.css")}")'
    (tmp_path / "sub" / "b.css").write_text("two")
    assert Shelf(tmp_path).url("a.js") != one.url("a.js")


def test_a_name_that_is_none_is_noticed_at_the_start(tmp_path: Path) -> None:
    """A file that names a missing one does not start."""
    (tmp_path / "a.js").write_text('load("@static/missing.css")')
    with pytest.raises(KeyError):
        Shelf(tmp_path)


def test_the_first_visit_is_small() -> None:
    """All styles and scripts together travel in less than 60 kB."""
    shelf = Shelf()
    names = [
        path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in (".css", ".js", ".svg")
    ]
    files = [shelf.file(name) for name in names]
    assert sum(len(file.packed or file.raw) for file in files) < 60_000
    assert all(gzip.decompress(file.packed) == file.raw for file in files if file.packed is not None)

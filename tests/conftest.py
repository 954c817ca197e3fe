"""What every test stands on: strict words, a bounded hypothesis, and Chromium where a test asks for it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.store import server

os.environ["NOROSHI_STRICT_WORDS"] = "1"  # before core.words is imported; servers under test inherit it

REQUIRED = frozenset(os.environ.get("NOROSHI_REQUIRE", "").split(","))
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")

settings.register_profile(
    "bounded",
    max_examples=50,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("proof", parent=settings.get_profile("bounded"), max_examples=1_000)
settings.load_profile("bounded")


def pytest_configure(config: pytest.Config) -> None:
    """In `make proof` the property tests look at many more examples."""
    if config.getoption("-m").startswith("proof"):
        settings.load_profile("proof")


def pytest_unconfigure() -> None:
    """The PostgreSQL server of the tests ends with them."""
    server.stop()


@pytest.fixture(autouse=True)
def _databases() -> Iterator[None]:
    """What a test was given on that server is dropped after it."""
    yield
    server.forget()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whatever hypothesis feeds is a property test, without being told so."""
    if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
        item.add_marker("property")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The installed Chromium; a test that needs it is skipped without one, or fails where it is required."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    missing = "Chromium is missing: install it with `apt-get install chromium`"
    if "browser" in REQUIRED:
        pytest.fail(missing)
    pytest.skip(missing)

"""Draws the app's PNG icons from app-icon.svg: `python docs/art/draw.py` (needs Chromium and playwright)."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
ICONS = HERE.parents[1] / "web" / "static" / "icons"
CHROMIUM = shutil.which("chromium")

ROUND = {"icon-192.png": 192, "icon-512.png": 512}
"""Any-purpose icons, with rounded corners of their own."""
FULL = {"maskable-512.png": 512, "apple-touch-icon.png": 180}
"""Full-bleed icons: the platform cuts them; the drawing keeps to the safe zone."""
BADGE = {"badge-96.png": 96}
"""The status-bar badge: white on nothing."""
BADGE_SVG = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="#fff">
<path opacity=".5" d="M17.6 28 23.8 14.4a1.3 1.3 0 0 1 2.4 0L31.6 28z"/>
<path opacity=".75" d="M9.4 28 15.8 16a1.3 1.3 0 0 1 2.3 0L24 28z"/>
<path d="M.8 28 7.4 17.6a1.4 1.4 0 0 1 2.4 0L16.2 28z"/>
<path d="M8.9 3c.5 2.6 4 4 4 7.4a4.2 4.2 0 0 1-8.4 0c0-1.7.9-2.900 1.9-3.8 0 1.1.4 1.8 1 2.2z"/></svg>"""


def draw() -> None:
    """Write every icon."""
    svg = (HERE / "app-icon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        page = browser.new_page()
        for name, size in ROUND.items():
            shoot(page, svg.replace('id="ground"', 'id="ground" rx="112"'), name, size, corner=size * 112 // 512)
        for name, size in FULL.items():
            shoot(page, svg, name, size)
        for name, size in BADGE.items():
            shoot(page, BADGE_SVG, name, size)
        browser.close()


def shoot(page: Page, svg: str, name: str, size: int, corner: int = 0) -> None:
    """Rasterise one drawing at `size` × `size` pixels."""
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(
        f"<style>body{{margin:0}}svg{{display:block;width:{size}px;height:{size}px;border-radius:{corner}px}}</style>{svg}"
    )
    page.screenshot(path=ICONS / name, omit_background=True)


if __name__ == "__main__":
    draw()

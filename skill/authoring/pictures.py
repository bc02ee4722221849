"""Pictures of the page for the README, in docs/pictures. Run by `make pictures`.

Each shows the same two turns on another device, in another width and colour scheme.
"""

from __future__ import annotations

import shutil
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, expect, sync_playwright
from rich.progress import track

from skill.authoring.grade import grade
from skill.simulator.server import server

FOLDER: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
SAID: Final = ("why is my face numb", "her mouth is drooping")
WIDTHS: Final = {"desktop": (1280, 900), "phone": (390, 844)}
MOST_MILLISECONDS: Final = 60_000


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: how wide the window, which colours, which device."""

    width: str
    colours: str
    device: str

    @property
    def path(self) -> Path:
        """Where it goes."""
        return FOLDER / f"{self.width}-{self.device}-{self.colours}.png"


PICTURES: Final = (
    Picture("desktop", "light", "speaker"),
    Picture("desktop", "dark", "wide"),
    Picture("phone", "light", "round"),
    Picture("phone", "dark", "speaker"),
)


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Has the conversation on the page at `address` and writes the picture of what is then to be seen."""
    width, height = WIDTHS[picture.width]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=picture.colours)
    context.set_default_timeout(MOST_MILLISECONDS)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#now")).not_to_be_empty()
    page.locator("#settings-fold > summary").click()
    page.locator(f"input[value={picture.device}]").check()
    page.locator("#voice").select_option("")
    page.locator("#settings-fold > summary").click()
    for number, words in enumerate(SAID, start=1):
        page.locator("#words").fill(words)
        page.locator("#words").press("Enter")
        expect(page.locator("#transcript > li")).to_have_count(number, timeout=MOST_MILLISECONDS)
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=picture.path)
    context.close()


def main() -> None:
    """Starts the server and a browser, and takes every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with server("127.0.0.1", 0, grade) as listening, sync_playwright() as playwright:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"],  # its sandbox can't be had by root, as in most containers
        )
        for picture in track(PICTURES, "Taking pictures"):
            take(browser, f"http://127.0.0.1:{listening.server_address[1]}/", picture)
        browser.close()
        listening.shutdown()


if __name__ == "__main__":
    main()

"""Pictures of the screens for the documentation: a conversation each, drawn and photographed by Chromium."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from skill.authoring.data import TEMPLATES, DataError, read
from skill.simulator.conversation import Conversation
from skill.simulator.screen import VIEWPORTS, Viewport, drawn

FOLDER: Final = TEMPLATES.parent / "docs" / "screens"
_BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")


def pages() -> Iterator[tuple[str, Viewport, str]]:
    """Each screen of screens.yaml: its name, its viewport and the page that shows the last thing said."""
    for name, node in read(FOLDER / "screens.yaml").entries():
        node.only("viewport", "locale", "says")
        viewport = VIEWPORTS[node.text("viewport", choices=tuple(VIEWPORTS))]
        conversation = Conversation(locale=node.text("locale"), screen=viewport)
        for utterance in node.texts("says", needed=True):
            conversation.say(utterance)
        shown = conversation.shown
        if shown is None:
            node.fail("nothing was shown at the end of this conversation", "says")
        else:
            yield name, viewport, drawn(shown["document"], shown["datasources"], viewport)


def photograph(folder: Path) -> Iterator[Path]:
    """A PNG of each screen in `folder`; raises DataError where there is no Chromium."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        raise DataError("Chromium is missing: on Debian or Ubuntu, apt install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        for name, viewport, page in pages():
            source, picture = Path(made, f"{name}.html"), folder / f"{name}.png"
            source.write_text(page, encoding="utf-8")
            subprocess.run(  # noqa: S603  # our own page, a browser from the path
                [
                    browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                    "--default-background-color=00000000", f"--user-data-dir={made}/profile",
                    f"--window-size={viewport.width},{viewport.height}", f"--screenshot={picture}", source.as_uri(),
                ],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
            yield picture

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The face-guide command of an empty environment into which only the wheel was installed."""
    folder = tmp_path_factory.mktemp("elsewhere")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)],
        check=True,
    )
    [wheel] = folder.glob("face_guide-*.whl")
    venv.create(folder / "venv", with_pip=True)
    subprocess.run(
        [folder / "venv/bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)],
        check=True,
    )
    return folder / "venv/bin/face-guide"


def test_the_wheel_talks_in_an_empty_environment_elsewhere(elsewhere: Path, tmp_path: Path) -> None:
    lines = "why is my face numb\nmy mouth is drooping\n"
    done = subprocess.run(
        [elsewhere, "talk", "--json"], input=lines, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["verdict"] for record in records] == ["inform", "clarify", "escalate"]
    assert records[2]["speech"].startswith("Call 9 1 1 now.")


def test_the_wheel_carries_no_build_time(elsewhere: Path) -> None:
    packages = elsewhere.parent.parent / "lib"
    names = {path.name for path in packages.rglob("*") if "site-packages" in path.parts}
    assert "hearing.en.pickle" in names
    assert not names & {"authoring", "hassil", "signs.yaml", "ruamel"}


def test_the_wheel_serves_the_page(elsewhere: Path, tmp_path: Path) -> None:
    with subprocess.Popen([elsewhere, "serve", "--port", "0"], stdout=subprocess.PIPE, text=True, cwd=tmp_path) as done:
        try:
            assert done.stdout is not None
            address = re.search(r"http://\S+", done.stdout.readline())
            assert address is not None
            with urllib.request.urlopen(f"{address[0]}page.js", timeout=60) as response:  # noqa: S310  # our own server
                assert b"import" in response.read()
        finally:
            done.terminate()


def test_what_needs_a_checkout_says_so(elsewhere: Path, tmp_path: Path) -> None:
    done = subprocess.run([elsewhere, "check"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "checkout" in done.stderr

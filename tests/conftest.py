from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import settings

from skill.authoring.build import build
from skill.authoring.freshness import is_stale

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("dev", deadline=None)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(scope="session", autouse=True)
def _data_is_built() -> None:
    if is_stale():
        build()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Tests in tests/real need more than Python alone; the folder says so once for all of them."""
    for item in items:
        if "real" in item.path.parts:
            item.add_marker(pytest.mark.real)

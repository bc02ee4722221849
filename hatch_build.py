"""The wheel's build hook: compiles the data folders into the package, so that the wheel needs nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileData(BuildHookInterface):  # type: ignore[type-arg]
    """Runs the one build step before the files of the wheel are gathered."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compiles both data folders, unless this is an sdist's own tree that already holds the result."""
        root = Path(self.root)
        if not (root / "skill" / "authoring").is_dir():
            return
        sys.path.insert(0, str(root))
        from skill.authoring.build import build  # noqa: PLC0415  # importable only from here on

        build()

from __future__ import annotations

from typing import Any

import pytest

from skill.simulator.conversation import Conversation
from tests.data import HERE, yaml

FILES = sorted(path.name for path in (HERE / "conversations").glob("*.yaml"))


@pytest.mark.parametrize("name", FILES)
def test_conversation(name: str) -> None:
    hold(yaml(f"conversations/{name}"))


def hold(script: dict[str, Any]) -> None:
    """Asserts that the conversation goes as the script says."""
    assert set(script) <= {"about", "locale", "strict", "launch", "turns"}
    conversation = Conversation(locale=script.get("locale", "en-US"), strict=script.get("strict", False))
    if script.get("launch"):
        conversation.launch()
    for turn in script["turns"]:
        assert set(turn) <= {"says", "verdict", "template", "session", "must", "must_not", "begins", "new_session"}
        record = conversation.say(turn["says"])
        for key in ("verdict", "template", "session", "new_session"):
            assert key not in turn or record[key] == turn[key], (turn["says"], key, record[key], record["speech"])
        assert record["speech"].startswith(turn.get("begins", "")), (turn["says"], record["speech"])
        for words in turn.get("must", ()):
            assert words in record["speech"], (turn["says"], words, record["speech"])
        for words in turn.get("must_not", ()):
            assert words not in record["speech"], (turn["says"], words, record["speech"])

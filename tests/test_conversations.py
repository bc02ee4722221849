from __future__ import annotations

from typing import Any

import pytest

from skill.simulator.conversation import Conversation
from tests.data import HERE, yaml

FOLDER = HERE / "conversations"
FILES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.yaml"))
EQUAL = ("verdict", "template", "session", "new_session")
HOLDS = {"must": "speech", "ssml": "ssml", "card": "card"}
LACKS = {"must_not": "speech", "ssml_not": "ssml", "card_not": "card"}


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
        assert set(turn) <= {"says", "begins", *EQUAL, *HOLDS, *LACKS}
        record = conversation.say(turn["says"])
        card = record["card"] or {"title": "", "text": ""}
        record = {**record, "card": f"{card['title']}: {card['text']}"}
        for key in EQUAL:
            assert key not in turn or record[key] == turn[key], (turn["says"], key, record[key], record["speech"])
        assert record["speech"].startswith(turn.get("begins", "")), (turn["says"], record["speech"])
        for key, field in HOLDS.items():
            for words in turn.get(key, ()):
                assert words in record[field], (turn["says"], words, record[field])
        for key, field in LACKS.items():
            for words in turn.get(key, ()):
                assert words not in record[field], (turn["says"], words, record[field])


def test_the_conversations_are_many_and_speak_for_several_countries() -> None:
    scripts = [yaml(f"conversations/{name}") for name in FILES]
    assert len(scripts) >= 80
    assert len({script.get("locale", "en-US") for script in scripts}) >= 3
    assert sum(any(turn["says"] == "(silence)" for turn in script["turns"]) for script in scripts) >= 15

"""Where in the data folders each part of a generated model comes from, so that what is wrong there can be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from skill.authoring import templates
from skill.authoring.data import Node, shown
from skill.authoring.hearing_data import read_signs
from skill.authoring.intents import Intent, Intents

GENERATOR = "skill/authoring/models.py:1"
"""The place of what stands in no data file: the shape that every model has."""


@dataclass(frozen=True, slots=True)
class Origins:
    """The intents by name, the place of each value of a list by its id, and the file of the intents."""

    intents: Mapping[str, Intent]
    values: Mapping[str, str]
    node: Node

    def of(self, model: Mapping[str, Any], path: Sequence[str | int]) -> str:
        """File and line of the data behind what stands at `path` in `model`, as far as can be known."""
        part: Any = model
        named: list[str] = []
        for key in path:
            part = part[int(key)] if isinstance(part, list) else part.get(key, {}) if isinstance(part, dict) else {}
            if isinstance(part, dict):
                named.append(str(part.get("id") or part.get("name")))
        match list(path):
            case ["interactionModel", "languageModel", "intents", int(), *rest] if named[2] in self.intents:
                intent = self.intents[named[2]]
                line = dict(intent.samples).get(part) if rest[:1] == ["samples"] and isinstance(part, str) else None
                return f"{shown(intent.node.path)}:{line}" if line else intent.node.place()
            case ["interactionModel", "languageModel", "types", int(), "values", int(), *_] if named[3] in self.values:
                return self.values[named[3]]
            case ["interactionModel", "languageModel", "invocationName"]:
                return self.node.place("invocation")
            case ["interactionModel", "prompts", *_]:
                return self.node.place("prompt")
        return GENERATOR


def origins(language: str, read: Intents, topics: Mapping[str, object]) -> Origins:
    """The origins of the model that is generated for `language` from the intents `read` and the `topics`."""
    signs = {sign: node.place() for sign, node in read_signs(read.node.path.with_name("signs.yaml"))[1].entries()}
    named = {topic: f"{shown(templates.place_of(language, topic))}:1" for topic in topics}
    return Origins({intent.name: intent for intent in read.intents}, signs | named, read.node)

"""Amazon's own two descriptions of an interaction model, over each generated one.

The schema is `spec.json` of the npm package ask-smapi-model, the classes are those of the PyPI package of that name.
Each sees what the other misses: the schema knows no key that isn't in it once unknown ones are refused, the classes
know the enumerations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ask_sdk_core.serialize import DefaultSerializer
from ask_smapi_model.v1.skill.interaction_model.interaction_model_data import InteractionModelData
from jsonschema import Draft4Validator

from skill.authoring.origins import Origins

MODEL: Final = "v1.skill.interactionModel.InteractionModelData"
_Path = tuple[str | int, ...]


def strict(definitions: Mapping[str, dict[str, Any]], name: str) -> Draft4Validator:
    """A validator of the definition `name` of a spec.json, which refuses every key that its objects don't define.

    Objects that only begin another ("discriminator", "allOf") stay open, since the rest of their keys stands there.
    """
    closed = {
        key: {**shape, "additionalProperties": False}
        if shape.get("properties") and not {"discriminator", "allOf", "additionalProperties"} & set(shape)
        else shape
        for key, shape in definitions.items()
    }
    return Draft4Validator({"$ref": f"#/definitions/{name}", "definitions": closed})


def schema_problems(model: Mapping[str, Any], validator: Draft4Validator, origins: Origins) -> Iterator[str]:
    """What Amazon's schema says against `model`, each with the file and line to mend."""
    for error in validator.iter_errors(model):
        path = tuple(error.absolute_path)
        yield f"{origins.of(model, path)}: {_dotted(path)}: {error.message[:_LONGEST]}; mend it and run: make models"


def class_problems(model: Mapping[str, Any], origins: Origins) -> Iterator[str]:
    """What is lost or refused when `model` becomes Amazon's classes and JSON again.

    The SDK's serializer drops a key that no class has without a word, so only what comes back whole was understood.
    """
    serializer = DefaultSerializer()
    try:
        came_back = serializer.serialize(serializer.deserialize(json.dumps(model), InteractionModelData))
    except Exception as error:  # noqa: BLE001  # the SDK raises what it likes, and all of it means no
        path = next(_refused(model, str(error)), ())
        yield f"{origins.of(model, path)}: {_dotted(path)}: {error}; mend it and run: make models"
        return
    for path in _lost(model, came_back):
        yield f"{origins.of(model, path)}: {_dotted(path)}: Amazon's classes drop this; mend it and run: make models"


_LONGEST: Final = 300
"""How much of a schema's complaint is worth reading: it repeats what it complains of, however long."""


def _refused(part: object, complaint: str, path: _Path = ()) -> Iterator[_Path]:
    """Where the text stands that `complaint` quotes."""
    if isinstance(part, str) and part and f"'{part}'" in complaint.replace('"', "'"):
        yield path
    for key, inner in _items(part):
        yield from _refused(inner, complaint, (*path, key))


def _lost(given: object, back: object, path: _Path = ()) -> Iterator[_Path]:
    """The topmost places at which `back` is not what was given; null is what the classes put where nothing was."""
    if isinstance(given, dict) and isinstance(back, dict):
        for key, inner in given.items():
            yield from _lost(inner, back.get(key), (*path, key))
    elif isinstance(given, list) and isinstance(back, list) and len(given) == len(back):
        for index, (inner, other) in enumerate(zip(given, back, strict=True)):
            yield from _lost(inner, other, (*path, index))
    elif given != back:
        yield path


def _items(part: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(part, dict):
        yield from part.items()
    elif isinstance(part, list):
        yield from enumerate(part)


def _dotted(path: _Path) -> str:
    return ".".join(map(str, path)) or "the whole model"

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_smapi_model.v1.skill.manifest.skill_manifest_envelope import SkillManifestEnvelope
from jsonschema import Draft4Validator

from skill.authoring.amazon import strict
from skill.authoring.deploy.store import REGIONS, manifest

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:face-guide:live"


@pytest.fixture
def made() -> dict[str, Any]:
    return copy.deepcopy(manifest("https://face-guide.example/", dict.fromkeys(REGIONS, ARN)))


@pytest.fixture(scope="module")
def schema() -> Draft4Validator:
    path = Path(__file__).parent / "node_modules" / "ask-smapi-model" / "spec.json"
    assert path.is_file(), f"{path} is missing; run: make test-real, which installs it with npm"
    definitions = json.loads(path.read_text(encoding="utf-8"))["definitions"]
    return strict(definitions, "v1.skill.Manifest.SkillManifestEnvelope")


def comes_back(given: dict[str, Any]) -> Any:
    """What is left of a manifest once it has been Amazon's own classes."""
    serializer = DefaultSerializer()
    return without_null(serializer.serialize(serializer.deserialize(json.dumps(given), SkillManifestEnvelope)))


def without_null(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_null(inner) for key, inner in value.items() if inner is not None}
    return [without_null(inner) for inner in value] if isinstance(value, list) else value


def test_amazons_schema_takes_the_manifest(made: dict[str, Any], schema: Draft4Validator) -> None:
    assert not [error.message for error in schema.iter_errors(made)]
    assert not [error.message for error in schema.iter_errors(manifest())]


def test_amazons_classes_lose_nothing_of_it(made: dict[str, Any]) -> None:
    assert comes_back(made) == made


BROKEN: list[tuple[tuple[str, ...], Any]] = [
    (("publishingInformation", "locales", "en-US", "summary"), "long " * 40),
    (("publishingInformation", "locales", "en-US", "keyword"), ["face"]),
    (("publishingInformation", "distributionMode"), 7),
    (("privacyAndCompliance", "usesHealthInfo"), "no"),
    (("apis", "custom", "endpoints"), {}),
]


@pytest.mark.parametrize("index", range(len(BROKEN)))
def test_amazons_schema_refuses_a_broken_copy(index: int, made: dict[str, Any], schema: Draft4Validator) -> None:
    path, value = BROKEN[index]
    part = made["manifest"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    assert list(schema.iter_errors(made)), path


def test_amazons_classes_refuse_an_interface_that_is_none(made: dict[str, Any]) -> None:
    made["manifest"]["apis"]["custom"]["interfaces"] = [{"type": "TELEPATHY"}]
    with pytest.raises(Exception, match="discriminator"):
        comes_back(made)

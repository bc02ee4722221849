from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from skill.authoring.amazon import MODEL, class_problems, schema_problems, strict
from skill.authoring.data import MODELS
from skill.authoring.intents import read_intents
from skill.authoring.models import LOCALES, models
from skill.authoring.nlu import annotation_set
from skill.authoring.origins import GENERATOR, Origins, origins
from skill.authoring.templates import read_templates

HERE = Path(__file__).parent
EVERY = read_templates().topics
TOPICS = EVERY["en"]
SIGNS = r"interaction_models/en/signs\.yaml:\d+: "
INTENTS = r"interaction_models/en/intents\.yaml:\d+: "
Model = dict[str, Any]


@pytest.fixture(scope="module")
def definitions() -> dict[str, Any]:
    path = HERE / "node_modules" / "ask-smapi-model" / "spec.json"
    assert path.is_file(), f"{path} is missing; run: make test-real, which installs it with npm"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["definitions"]
    return found


@pytest.fixture(scope="module")
def amazon(definitions: dict[str, Any]) -> tuple[Draft4Validator, Origins]:
    return strict(definitions, MODEL), origins("en", read_intents("en", set(TOPICS)), TOPICS)


@pytest.fixture
def broken() -> Model:
    return copy.deepcopy(models(EVERY)["en-US"])


def put(model: Model, path: tuple[str | int, ...], value: Any) -> None:
    part: Any = model["interactionModel"]
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value


@pytest.mark.parametrize("locale", LOCALES)
def test_amazons_schema_and_classes_take_every_model(locale: str, amazon: tuple[Draft4Validator, Origins]) -> None:
    model = json.loads((MODELS / "alexa" / f"{locale}.json").read_text(encoding="utf-8"))
    assert not [*schema_problems(model, *amazon), *class_problems(model, amazon[1])]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("languageModel", "types", 0, "values", 3, "synonym"), ["droop"], SIGNS),
        (("languageModel", "types", 0, "values", 3, "name", "value"), "", SIGNS),
        (("languageModel", "types", 1, "values", 3, "name", "synonyms"), [], r"speech_templates/en/topics/\w+\.ssml"),
        (("languageModel", "intents", 0, "samples"), "never mind", INTENTS),
        (("languageModel", "intents", 0, "simples"), ["never mind"], INTENTS),
        (("languageModel", "invocationName"), "", INTENTS),
        (("prompts", 0, "variations", 0, "value"), "", INTENTS),
        (("dialog", "delegationStrategy"), "SOMETIMES", GENERATOR),
        (("dialogue",), {}, GENERATOR),
    ],
)
def test_the_schema_says_where_a_broken_model_is_mended(
    path: tuple[str | int, ...], value: Any, place: str, broken: Model, amazon: tuple[Draft4Validator, Origins]
) -> None:
    put(broken, path, value)
    found = list(schema_problems(broken, *amazon))
    assert [line for line in found if re.match(place, line) and line.endswith("run: make models")], found


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("languageModel", "types", 0, "values", 3, "synonym"), ["droop"], SIGNS),
        (("languageModel", "intents", 0, "simples"), ["never mind"], INTENTS),
        (("languageModel", "modelConfiguration", "fallbackIntentSensitivity", "level"), "LOWEST", GENERATOR),
        (("prompts", 0, "variations", 0, "type"), "Shout", INTENTS),
    ],
)
def test_the_classes_say_where_a_broken_model_is_mended(
    path: tuple[str | int, ...], value: Any, place: str, broken: Model, amazon: tuple[Draft4Validator, Origins]
) -> None:
    put(broken, path, value)
    found = list(class_problems(broken, amazon[1]))
    assert [line for line in found if re.match(place, line) and line.endswith("run: make models")], found


def test_amazons_schema_takes_every_annotation(definitions: dict[str, Any]) -> None:
    inputs = strict(definitions, "v1.skill.nlu.evaluations.Inputs")
    expected = strict(definitions, "v1.skill.nlu.evaluations.Expected")
    for annotation in annotation_set("en-GB")["data"]:
        inputs.validate(annotation["inputs"])
        [meant] = annotation["expected"]
        expected.validate(meant)


def test_a_client_that_nobody_here_wrote_holds_a_whole_conversation() -> None:
    node = shutil.which("node")
    assert node, "node is missing; install Node.js 18 or newer"
    turns: list[tuple[Any, str, str]] = [
        ("launch", "", "If a face or speech just changed, call"),
        ({"says": "what is bell's palsy"}, "BellsPalsyIntent", ""),
        ({"says": "why is my face numb"}, "WhyNumbIntent", "If this is new or sudden, call"),
        ({"elicited": "my mouth is drooping too"}, "DescribeIntent", "Call <911> now."),
        ({"says": "what do i say"}, "WhatToSayIntent", "Call <911> now."),
        ({"says": "mum's arm is weak"}, "DescribeIntent", "Call <911> now."),
        ({"says": "i have called them"}, "CalledIntent", "Stay on the line"),
        ({"says": "my face droop"}, "ReportSignIntent", "Call <911> now."),
        ({"says": "help"}, "AMAZON.HelpIntent", "Call <911> now."),
    ]
    done = subprocess.run(
        [node, HERE / "converse.js", MODELS / "alexa" / "en-US.json", sys.executable],
        input="\n".join(json.dumps(turn) for turn, _, _ in turns),
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parents[1],
    )
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) == len(turns)
    for (turn, intent, begins), record in zip(turns, records, strict=True):
        ssml = re.sub(r"<say-as[^>]*>(\d+)</say-as>", r"<\1>", record["response"]["outputSpeech"]["ssml"])
        assert record["request"].get("intent", {}).get("name", "").startswith(intent), (turn, record)
        assert ssml.startswith(f"<speak>{begins}"), (turn, ssml)
    assert records[3]["request"]["dialogState"] in {"STARTED", "IN_PROGRESS"}
    assert records[3]["request"]["intent"]["slots"]["words"]["value"] == "my mouth is drooping too"
    assert [record["response"]["shouldEndSession"] for record in records] == [False] * 6 + [True] + [False] * 2

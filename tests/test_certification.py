from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable
from itertools import product, takewhile
from pathlib import Path
from typing import Any

import pytest

from skill.authoring.data import DataError
from skill.authoring.deploy.certification import certify
from skill.authoring.deploy.store import ICONS, manifest, write_project
from skill.aws_lambda import handler
from skill.simulator.conversation import Conversation

PAGES = "https://face-guide.example/pages"
ENDPOINTS = {region: f"arn:aws:lambda:{home}:123456789012:function:face-guide:live" for region, home in
             {"NA": "us-east-1", "EU": "eu-west-1", "FE": "us-west-2"}.items()}  # fmt: skip
Handler = Callable[[Any, object], dict[str, Any]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store") / "project"
    write_project(folder, PAGES, ENDPOINTS)
    return folder


@pytest.fixture
def broken(project: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(project, tmp_path / "project"))


def fails(case: str, project: Path, answers: Handler = handler) -> bool:
    """Whether `case` finds something wrong; the ones behind it are not tried."""
    return next(bool(result.problems) for result in certify(answers, project) if result.name == case)


def test_the_listing_and_the_skill_pass_every_case_but_the_sweep_of_all_samples(project: Path) -> None:
    walked = list(takewhile(lambda result: "sample of every intent" not in result.name, certify(handler, project)))
    assert len(walked) > 30
    assert not [(result.name, result.problems) for result in walked if result.problems]


def change(project: Path, path: tuple[str, ...], value: Any) -> None:
    file = project / "skill-package" / "skill.json"
    whole = json.loads(file.read_text(encoding="utf-8"))
    part = whole["manifest"]
    for key in path[:-1]:
        part = part[key]
    if value is None:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    file.write_text(json.dumps(whole), encoding="utf-8")


LISTING = ("publishingInformation", "locales", "en-GB")
PHRASES = "every example phrase is a sample and has an answer"
COLLECTED = "nothing is said to be collected, sold or made for children"
ADDRESS = "privacy and terms have an address"
BROKEN_LISTINGS: list[tuple[str, tuple[str, ...], Any]] = [
    ("every locale with a model has a listing", LISTING, None),
    ("the name claims nothing and is nobody else's", (*LISTING, "name"), "Emergency Rescue"),
    ("summary and description have a fit length", (*LISTING, "summary"), "Short."),
    ("the description says what the skill is not", (*LISTING, "description"), "All about faces, from A to Z."),
    ("nothing claims to save lives or to reach anybody", (*LISTING, "summary"), "It can save lives, and calls 911."),
    ("there are keywords, not too many", (*LISTING, "keywords"), ["face"] * 31),
    ("there are one to three example phrases", (*LISTING, "examplePhrases"), []),
    (PHRASES, (*LISTING, "examplePhrases"), ["Sing me a song."]),
    (PHRASES, (*LISTING, "examplePhrases"), ["Alexa, ask face guide for a song."]),
    ("the category is one of the store's", ("publishingInformation", "category"), "GAMES"),
    ("a reviewer is told how to test", ("publishingInformation", "testingInstructions"), " "),
    (COLLECTED, ("privacyAndCompliance", "usesHealthInfo"), True),
    (COLLECTED, ("privacyAndCompliance", "isChildDirected"), True),
    (ADDRESS, ("privacyAndCompliance", "locales"), None),
    (ADDRESS, ("privacyAndCompliance", "locales", "en-US", "privacyPolicyUrl"), "https://alexa.face.example/"),
    ("every region has an endpoint", ("apis", "custom", "regions", "FE"), None),
]


@pytest.mark.parametrize("index", range(len(BROKEN_LISTINGS)))
def test_a_broken_listing_fails_its_case(index: int, broken: Path) -> None:
    case, path, value = BROKEN_LISTINGS[index]
    change(broken, path, value)
    assert fails(case, broken), (case, value)


def silent(event: Any, _: object) -> dict[str, Any]:
    """A skill that answers everything with the same sentence and a question."""
    speech = {"type": "SSML", "ssml": f"<speak>You said {event['request']['type']}. What else?</speak>"}
    response = {"outputSpeech": speech, "reprompt": {"outputSpeech": speech}, "shouldEndSession": False}
    return {"version": "1.0", "response": response}


def test_an_icon_of_the_wrong_size_fails(broken: Path) -> None:
    images = broken / "skill-package" / "assets" / "images"
    shutil.copyfile(images / "icon-108.png", images / "icon-512.png")
    assert fails("the icons are there in both sizes", broken)


def test_a_sample_that_reaches_nothing_fails(broken: Path) -> None:
    path = broken / "skill-package" / "interactionModels" / "custom" / "en-AU.json"
    model = json.loads(path.read_text(encoding="utf-8"))
    [help_intent] = [
        i for i in model["interactionModel"]["languageModel"]["intents"] if i["name"] == "AMAZON.HelpIntent"
    ]
    help_intent["samples"].append("sing me a song about elephants")
    path.write_text(json.dumps(model), encoding="utf-8")
    assert fails("every sample of every intent is answered in en-AU", broken, silent)


def spoken(response: dict[str, Any], ssml: str) -> None:
    response["response"]["outputSpeech"]["ssml"] = ssml


def hang_up(response: dict[str, Any]) -> None:
    response["response"]["shouldEndSession"] = True


def stay(response: dict[str, Any]) -> None:
    response["response"]["shouldEndSession"] = False


def say(words: str) -> Callable[[dict[str, Any]], None]:
    speech = {"type": "SSML", "ssml": f"<speak>{words}</speak>"}
    return lambda response: response["response"].update(outputSpeech=speech)


LAUNCH = "opened without an intent, it says what it is and asks what is wanted"
BROKEN_ANSWERS: list[tuple[str, str, Callable[[dict[str, Any]], Any]]] = [
    (LAUNCH, "LaunchRequest", hang_up),
    (LAUNCH, "LaunchRequest", say("This is Face Guide.")),
    (LAUNCH, "LaunchRequest", say("What would you like to know?")),
    ("help says what can be asked, and waits", "AMAZON.HelpIntent", lambda r: r["response"].pop("reprompt")),
    ("help in one breath does the same", "AMAZON.HelpIntent", say("I am Face Guide.")),
    ("stop ends it", "AMAZON.StopIntent", stay),
    ("stop in one breath ends it", "AMAZON.StopIntent", say("Shall I stop?")),
    ("cancel ends it", "AMAZON.CancelIntent", lambda r: r["response"].pop("shouldEndSession")),
    ("words that fit nothing are met with what can be asked", "AMAZON.FallbackIntent", say("A & B?")),
    ("a slot without a value is no error", "DescribeIntent", say(f"{'so ' * 3000}?")),
    ("a slot with what its list does not hold is no error", "AboutIntent", lambda r: r.update(errorMessage="boom")),
    ("the session that the user ends gets no speech", "SessionEndedRequest", say("Goodbye.")),
    ("help after an alarm repeats the alarm first", "AMAZON.HelpIntent", say("This is help. What now?")),
    ("it never says that it calls, and says so when asked to", "CallForMeIntent", say("Calling now. What else?")),
]


@pytest.mark.parametrize("index", range(len(BROKEN_ANSWERS)))
def test_a_broken_answer_fails_its_case(index: int, project: Path) -> None:
    case, broken_at, break_it = BROKEN_ANSWERS[index]

    def answers(event: Any, context: object) -> dict[str, Any]:
        response = copy.deepcopy(handler(event, context))
        request = event["request"]
        if request.get("intent", {}).get("name", request["type"]) == broken_at:
            break_it(response)
        return response

    assert fails(case, project, answers), case


def test_the_pages_say_what_is_kept_and_how_to_delete_it(project: Path) -> None:
    privacy = (project / "pages" / "privacy.html").read_text(encoding="utf-8")
    for words in ("keeps nothing", "Amazon keeps its own history", "delete"):
        assert words in privacy
    terms = (project / "pages" / "terms.html").read_text(encoding="utf-8")
    assert "call your local emergency number" in terms
    assert "not a substitute for professional medical advice" in terms


def test_the_id_that_the_ask_cli_keeps_stays_when_the_project_is_written_again(broken: Path) -> None:
    (broken / ".ask").mkdir()
    (broken / "skill-package" / "old.json").write_text("{}", encoding="utf-8")
    write_project(broken, PAGES)
    assert (broken / ".ask").is_dir()
    assert not (broken / "skill-package" / "old.json").exists()


def test_the_project_is_one_that_the_ask_cli_knows(project: Path) -> None:
    resources = json.loads((project / "ask-resources.json").read_text(encoding="utf-8"))
    assert (project / resources["profiles"]["default"]["skillMetadata"]["src"] / "skill.json").is_file()
    texts = manifest(PAGES)["manifest"]["publishingInformation"]["locales"]
    assert len({json.dumps(given) for given in texts.values()}) == len({locale[:2] for locale in texts})
    for text, key in product(texts.values(), ICONS):
        assert (project / "skill-package" / text[key].removeprefix("file://")).is_file()
    for links in manifest(PAGES)["manifest"]["privacyAndCompliance"]["locales"].values():
        assert all((project / "pages" / link.removeprefix(f"{PAGES}/")).is_file() for link in links.values())


@pytest.mark.parametrize(
    ("pages", "endpoints", "words"),
    [
        ("http://face.example/", {}, "https"),
        ("", {"NA": "arn:aws:s3:x"}, "endpoint"),
        ("", {"MARS": ENDPOINTS["NA"]}, "NA or EU"),
    ],
)
def test_an_address_that_is_none_is_refused(pages: str, endpoints: dict[str, str], words: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=words):
        write_project(tmp_path / "project", pages, endpoints)
    assert not (tmp_path / "project").exists()


def test_a_conversation_can_be_held_with_a_skill_that_runs_elsewhere() -> None:
    assert Conversation(handler=silent).launch()["speech"] == "You said LaunchRequest. What else?"

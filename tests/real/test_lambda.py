from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from skill.alexa.handler import SKILL_ID
from skill.authoring.deploy.emulator import Emulator
from skill.authoring.deploy.lambda_package import (
    HERE,
    LAMBDA,
    MOST_LIGHT,
    MOST_UNZIPPED,
    ROOMS,
    assemble,
    contents,
    within_limits,
    zipped,
)
from skill.aws_lambda import handler
from skill.hearing import third_ear
from skill.simulator.conversation import Conversation
from tests.data import HERE as TESTS
from tests.data import envelopes, yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy" / "lambda"
SAM = ROOT / ".venv-sam" / "bin"
QUIET = {
    **os.environ,
    "SAM_CLI_TELEMETRY": "0",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "PATH": f"{SAM}:{os.environ['PATH']}",
}
CONVERSATIONS = sorted(path.name for path in (TESTS / "conversations").glob("*.yaml"))


def unzipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that would be uploaded, without the third ear: nothing in it is for one processor alone."""
    folder = tmp_path_factory.mktemp("uploaded")
    assemble(folder / "package", third_ear=False)
    return zipped(folder / "package", folder / "package.zip")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip with the third ear, as it would be uploaded."""
    folder = tmp_path_factory.mktemp("whole")
    assemble(folder / "package")
    return zipped(folder / "package", folder / "package.zip")


@pytest.fixture(scope="module")
def under_emulator(uploaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(unzipped(tmp_path_factory.mktemp("run") / "task", uploaded), seconds=60) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def with_third_ear(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The same with the third ear, built for this machine: that ear runs on its own processor alone."""
    folder = tmp_path_factory.mktemp("here")
    assemble(folder / "package", HERE)
    with Emulator(folder / "package", seconds=60) as emulator:
        yield emulator


@pytest.fixture
def _two_ears(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hearing as it is where the libraries of the third ear are not installed."""
    third_ear.loaded.cache_clear()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    yield
    third_ear.loaded.cache_clear()


def locally(event: Any) -> dict[str, Any]:
    """What `face-guide invoke` prints, from this process."""
    return handler(copy.deepcopy(event), None)


def records(name: str, answers: Callable[[Any, object], dict[str, Any]]) -> list[dict[str, Any]]:
    script = yaml(f"conversations/{name}")
    conversation = Conversation(locale=script.get("locale", "en-US"), handler=answers)
    return [conversation.launch(), *(conversation.say(turn["says"]) for turn in script["turns"])]


@pytest.mark.usefixtures("_two_ears")
def test_the_uploaded_zip_answers_every_envelope_as_invoke_does(under_emulator: Emulator) -> None:
    for name, event in envelopes().items():
        assert under_emulator.invoke(event) == locally(event), name


@pytest.mark.usefixtures("_two_ears")
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_the_uploaded_zip_holds_whole_conversations_as_locally(name: str, under_emulator: Emulator) -> None:
    assert records(name, under_emulator.invoke) == records(name, lambda event, _: locally(event))


def test_with_the_third_ear_it_answers_as_locally_too(with_third_ear: Emulator) -> None:
    doubtful = copy.deepcopy(envelopes()["intent_describe"])
    doubtful["request"]["intent"]["slots"]["words"]["value"] = "he put the phone in the bread bin"
    answered = with_third_ear.invoke(doubtful)
    assert answered == locally(doubtful)
    assert answered["response"]["outputSpeech"]["ssml"].startswith("<speak>Call")
    for name in CONVERSATIONS:
        assert records(name, with_third_ear.invoke) == records(name, lambda event, _: locally(event)), name
    assert "third ear" not in with_third_ear.log()


@pytest.mark.usefixtures("_two_ears")
def test_the_python_that_lambda_runs_gives_the_same_answers(uploaded: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    assert node, "node is missing; install Node.js 20 or newer"
    given = envelopes()
    done = subprocess.run(
        [node, Path(__file__).with_name("pyodide.mjs"), unzipped(tmp_path / "task", uploaded)],
        input="\n".join(map(json.dumps, given.values())),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    version, *lines = done.stdout.splitlines()
    assert version == LAMBDA.python
    answers = [json.loads(line) for line in lines]
    for name, answered, event in zip(given, answers, given.values(), strict=True):
        expected = locally(event)
        for one in (answered, expected):
            one.pop("userAgent", None)  # it names the Python
        assert answered == expected, name


def test_nothing_that_was_said_is_in_the_log(under_emulator: Emulator) -> None:
    event = copy.deepcopy(envelopes()["intent_describe"])
    event["request"]["intent"]["slots"]["words"]["value"] = "xylophones in my left cheek"
    under_emulator.invoke(event)
    for word in ("xylophones", "cheek", event["session"]["sessionId"], event["session"]["user"]["userId"]):
        assert word not in under_emulator.log()


def test_a_request_for_another_skill_gets_no_answer(uploaded: Path, tmp_path: Path) -> None:
    package = unzipped(tmp_path / "task", uploaded)
    with Emulator(package, seconds=60, environment={SKILL_ID: "amzn1.ask.skill.other"}) as emulator:
        assert "another skill" in emulator.invoke(envelopes()["launch"])["errorMessage"]


def test_after_a_time_out_and_a_crash_the_next_turn_is_answered(uploaded: Path, tmp_path: Path) -> None:
    package = unzipped(tmp_path / "task", uploaded)
    (package / "misbehaving.py").write_text(
        "import os, time\n"
        "from skill.aws_lambda import handler as answer\n"
        "def handler(event, context):\n"
        "    time.sleep(60 if event == 'sleep' else 0)\n"
        "    return os._exit(3) if event == 'crash' else answer(event, context)\n",
        encoding="utf-8",
    )
    launch = envelopes()["launch"]
    with Emulator(package, "misbehaving.handler", seconds=20) as emulator:
        assert "timed out after 20" in emulator.invoke("sleep")["errorMessage"]
        assert emulator.invoke(launch)["response"]["outputSpeech"]
        assert "errorMessage" in emulator.invoke("crash")
        assert emulator.invoke(launch)["response"]["outputSpeech"]


def test_the_zip_holds_the_skill_and_its_libraries_and_nothing_else(uploaded: Path, whole: Path) -> None:
    for path, has_ear in ((uploaded, False), (whole, True)):
        within_limits(path, third_ear=has_ear)
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
        tops = {name.partition("/")[0].casefold() for name in names}
        assert not tops & {"hassil", "ruamel", "yaml", "flask", "click", "rich", "werkzeug", "ask_smapi_model"}
        assert {name.split("/")[1] for name in names if name.startswith("skill/")} == set(ROOMS)
        assert not [name for name in names if "tests" in Path(name).parts]
        assert not [name for name in names if name.endswith((".yaml", ".yml", ".pyc"))]
        assert {"skill/aws_lambda.py", "skill/_built/hearing.en.pickle"} <= set(names)
        assert ("skill/hearing/weights/en/transformer.onnx" in names) == ("onnxruntime/__init__.py" in names) == has_ear
        foreign = [name for name in names if ".so" in name and "x86_64" in name]
        assert not foreign
    assert uploaded.stat().st_size < MOST_LIGHT
    assert sum(large for _, large in contents(whole).values()) < MOST_UNZIPPED


def test_the_same_files_make_the_same_zip(uploaded: Path, tmp_path: Path) -> None:
    again = zipped(unzipped(tmp_path / "task", uploaded), tmp_path / "again.zip")
    assert again.read_bytes() == uploaded.read_bytes()


def lint(template: Path) -> dict[str, int]:
    commands = {
        "cfn-lint": [SAM / "cfn-lint", "--template", template],
        "sam validate": [SAM / "sam", "validate", "--lint", "--template", template],
    }
    return {
        name: subprocess.run(command, env=QUIET, capture_output=True, check=False, cwd=template.parent).returncode
        for name, command in commands.items()
    }


def test_cfn_lint_and_sam_take_the_template() -> None:
    assert lint(DEPLOY / "template.yaml") == {"cfn-lint": 0, "sam validate": 0}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Runtime: python3.14", "Runtime: python3.8"),
        ("ReservedConcurrentExecutions:", "ReservedConcurrency:"),
        ("!GetAtt SkillRole.Arn", "!GetAtt NobodysRole.Arn"),
    ],
)
def test_cfn_lint_and_sam_refuse_a_broken_template(right: str, wrong: str, tmp_path: Path) -> None:
    text = (DEPLOY / "template.yaml").read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "template.yaml").write_text(text.replace(right, wrong), encoding="utf-8")
    assert all(lint(tmp_path / "template.yaml").values())


def test_the_template_asks_for_what_the_package_is_made_for() -> None:
    text = (DEPLOY / "template.yaml").read_text(encoding="utf-8")
    assert f"Runtime: python{LAMBDA.python}\n" in text
    assert {"aarch64": "Architectures: [arm64]"}[LAMBDA.machine] in text
    assert "Timeout: 7 " in text


def test_sam_build_without_a_container_makes_that_package(uploaded: Path, tmp_path: Path) -> None:
    subprocess.run(
        [SAM / "sam", "build", "--build-dir", tmp_path / "build"],
        env={**QUIET, "THIRD_EAR": "no"}, cwd=DEPLOY, check=True, capture_output=True,
    )  # fmt: skip
    made = zipped(tmp_path / "build" / "Skill", tmp_path / "built.zip")
    assert made.read_bytes() == uploaded.read_bytes()


def test_certify_walks_the_package_under_the_emulator_and_passes(uploaded: Path, tmp_path: Path) -> None:
    package, project = unzipped(tmp_path / "task", uploaded), tmp_path / "store"
    arns = [
        f"--endpoint={region}=arn:aws:lambda:eu-west-1:123456789012:function:f:live" for region in ("NA", "EU", "FE")
    ]
    store = ["package", "store", str(project), "--pages=https://face-guide.example/", *arns]
    subprocess.run([sys.executable, "-m", "skill", *store], check=True, capture_output=True)
    certify = [sys.executable, "-m", "skill", "certify", str(package), str(project)]
    done = subprocess.run(certify, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "pass  every sample of every intent is answered in en-IN" in done.stdout
    (package / "skill" / "_built" / "templates.pickle").unlink()
    broken = subprocess.run(certify, capture_output=True, text=True, check=False)
    assert broken.returncode == 1
    assert "FAIL  stop ends it" in broken.stdout

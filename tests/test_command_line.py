from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

FIELDS = [
    "heard", "locale", "new_session", "intent", "slots", "findings", "topic", "verdict", "template", "speech", "ssml",
    "reprompt", "card", "session",
]  # fmt: skip


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skill", *arguments], input=given, capture_output=True, text=True, check=False
    )


def records(*arguments: str, given: str = "") -> list[dict[str, Any]]:
    done = run(*arguments, "--json", given=given)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_ask_prints_one_object_with_every_field() -> None:
    [record] = records("ask", "why is my face numb")
    assert list(record) == FIELDS
    assert record["new_session"] is True
    assert record["intent"] == "WhyNumbIntent"
    assert record["verdict"] == "clarify"


def test_ask_batch_gives_exactly_one_answer_a_line() -> None:
    made = records("ask", "--batch", given="why is my face numb\n\nher mouth is drooping\n")
    assert [record["heard"] for record in made] == ["why is my face numb", "", "her mouth is drooping"]
    assert made[1]["intent"] == "AMAZON.FallbackIntent"
    assert [record["verdict"] for record in made] == ["clarify", "clarify", "escalate"]
    assert all(record["new_session"] for record in made)


def test_talk_is_one_conversation_with_its_launch_first() -> None:
    made = records("talk", given="what are the signs of a stroke\n(silence)\nwho should i see\n")
    assert [record["heard"] for record in made] == [
        None,
        "what are the signs of a stroke",
        "(silence)",
        "who should i see",
    ]
    assert [record["session"] for record in made] == ["open", "open", "closed", "open"]
    assert [record["new_session"] for record in made] == [True, False, False, True]
    assert made[2]["speech"] == made[1]["reprompt"]


def test_silence_after_a_safety_question_speaks_the_order() -> None:
    made = records("talk", given="why is my face numb\n(silence)\n")
    assert made[2]["speech"].startswith("Call 9 1 1 now. I heard no answer.")
    assert made[2]["verdict"] == "escalate"


def test_hear_prints_findings_and_the_verdict() -> None:
    [record] = records("hear", "no droop but his arm is weak")
    assert list(record) == ["heard", "locale", "findings", "topic", "verdict"]
    assert [finding["status"] for finding in record["findings"]] == ["denied", "present"]
    assert set(record["findings"][0]) == {"sign", "kind", "urgency", "status", "who", "words", "ear"}
    assert record["verdict"] == "escalate"


@pytest.mark.parametrize("arguments", [("ask",), ("ask", "a", "--batch"), ("sing",), ("invoke", "nowhere.json")])
def test_bad_usage_says_so_and_exits_with_two(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Error" in done.stderr


def test_what_is_no_json_is_refused_with_the_cure() -> None:
    done = run("invoke", "-", given="{nope")
    assert done.returncode == 2
    assert "envelope" in done.stderr


def test_plain_output_holds_no_colour_codes_and_no_boxes() -> None:
    done = run("ask", "her mouth is drooping")
    assert done.stdout.startswith("You: her mouth is drooping\nFace Guide: Call 9 1 1 now.")
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "command",
    [
        (),
        ("ask",),
        ("talk",),
        ("hear",),
        ("invoke",),
        ("build",),
        ("models",),
        ("check",),
        ("serve",),
        ("diagram",),
        ("screens",),
    ],
)
def test_every_command_has_help(command: tuple[str, ...]) -> None:
    done = run(*command, "--help")
    assert done.returncode == 0
    assert "Usage: face-guide" in done.stdout


def test_odd_bytes_on_standard_input_do_no_harm() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "skill", "ask", "--batch", "--json"],
        input=b"\xff\xfe face\n\xf0\x9f\x99\x82\n",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_topics_prints_the_figures_of_each_topic() -> None:
    made = {row["topic"]: row for row in records("topics")}
    [spoken] = records("ask", "what is giant cell arteritis")
    row = made["giant_cell"]
    assert spoken["topic"] == "giant_cell"
    assert row["full"]["pieces"] == 2
    assert 0 < row["short"]["words"] < row["full"]["words"]
    assert all(
        row[form]["grade"] <= 6 and row["full"]["longest"] <= 25 for row in made.values() for form in ("full", "short")
    )
    assert all(row["sources"] and row["reviewed"] for row in made.values())
    assert "giant_cell" in run("topics").stdout

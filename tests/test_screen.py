from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from skill.authoring.screens import pages
from skill.simulator.screen import VIEWPORTS, Viewport, drawn, value_of
from skill.speaking.speak import screen_document

DOCUMENT: Any = json.loads(json.dumps(screen_document()))
ALARM = {"payload": {"urgent": True, "number": "911", "text": "Call 9 1 1 now. <b>Have you called?"}}
CALM = {"payload": {"urgent": False, "number": "", "text": "What would you like to know?"}}


def components(item: Any) -> Iterator[dict[str, Any]]:
    if isinstance(item, list):
        for one in item:
            yield from components(one)
    elif isinstance(item, dict):
        if "type" in item:
            yield item
        for key in ("mainTemplate", "item", "items"):
            yield from components(item.get(key))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """As WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("data", "viewport"), [*product((ALARM, CALM), VIEWPORTS.values())])
def test_the_words_stand_out_from_what_is_behind_them(data: dict[str, Any], viewport: Viewport) -> None:
    bound = {**data, "viewport": {"shape": viewport.shape}}
    behind = {value_of(c["backgroundColor"], bound) for c in components(DOCUMENT) if "backgroundColor" in c}
    words = {value_of(c["color"], bound) for c in components(DOCUMENT) if c["type"] == "Text"}
    assert behind
    assert words
    assert all(contrast(one, other) >= 4.5 for one, other in product(words, behind))


def test_a_screen_reader_gets_every_word() -> None:
    for component in components(DOCUMENT):
        if component["type"] in {"Text", "ScrollView"}:
            assert component["accessibilityLabel"] == component.get("text", "${payload.text}")
    assert 'aria-label="Call 9 1 1 now. &lt;b&gt;Have you called?"' in drawn(DOCUMENT, ALARM, VIEWPORTS["small"])


def test_the_number_stands_above_the_words_in_an_alarm_and_nowhere_else() -> None:
    assert ">911</p>" in drawn(DOCUMENT, ALARM, VIEWPORTS["small"])
    assert drawn(DOCUMENT, CALM, VIEWPORTS["small"]).count("<p ") == 1
    nameless = {"payload": {"urgent": True, "number": "", "text": "Call your local emergency number now."}}
    assert drawn(DOCUMENT, nameless, VIEWPORTS["small"]).count("<p ") == 1


def test_words_are_shown_and_never_read_as_markup() -> None:
    assert "<b>" not in drawn(DOCUMENT, ALARM, VIEWPORTS["small_round"])


def test_a_round_screen_keeps_its_words_from_the_rim() -> None:
    round_one, flat = (drawn(DOCUMENT, ALARM, VIEWPORTS[name]) for name in ("small_round", "medium"))
    assert "border-radius:50%" in round_one
    assert "text-align:center" in round_one
    assert "text-align:left" in flat


def test_every_screen_of_the_documentation_is_drawn() -> None:
    shown = {name: (viewport, page) for name, viewport, page in pages()}
    assert {viewport.shape for viewport, _ in shown.values()} == {"round", "rectangle"}
    assert ">999</p>" in shown["emergency"][1]
    assert 'aria-label="Call your local emergency number now.' in shown["emergency_unknown_country"][1]


@pytest.mark.parametrize(
    "item",
    [
        {"type": "VectorGraphic"},
        {"type": "Text", "text": "x", "opacity": 0},
        {"type": "Text", "text": "${payload.nothing}"},
        {"type": "Text", "text": "${1 + 1}"},
    ],
)
def test_what_can_not_be_drawn_is_refused(item: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"drawn|bound"):
        drawn({"mainTemplate": {"items": [item]}}, ALARM, VIEWPORTS["small"])

"""What goes a shorter way for speed comes out as by the long one: by the SDK, and by Jinja's imports."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_model import Intent, IntentConfirmationStatus, RequestEnvelope, Slot, SlotConfirmationStatus
from ask_sdk_model.dialog import ElicitSlotDirective
from ask_sdk_model.interfaces.alexa.presentation.apl import RenderDocumentDirective
from jinja2 import DictLoader

from skill import aws_lambda
from skill.alexa.envelope import application_id
from skill.alexa.handler import ELICITATION, ELICITED, typed
from skill.authoring.check import lines
from skill.authoring.templates import read_templates
from skill.places import languages
from skill.speaking import speak
from skill.speaking.environment import environment
from tests.data import envelopes

ENVELOPES = envelopes()
SDK = DefaultSerializer()


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_envelope_put_together_here_is_the_one_that_the_sdk_would_read(name: str) -> None:
    application = {"application": {"applicationId": application_id(ENVELOPES[name])}}
    small = {
        "version": "1.0",
        "session": application,
        "context": {"System": application},
        "request": {"type": "LaunchRequest"},
    }
    made = typed(ENVELOPES[name])
    assert made.received is ENVELOPES[name]
    del made.received
    assert made == SDK.deserialize(json.dumps(small), RequestEnvelope)


@pytest.mark.parametrize("name", ENVELOPES)
def test_the_response_is_the_one_that_the_sdk_would_write(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = aws_lambda.handler(ENVELOPES[name], None)
    monkeypatch.setattr(aws_lambda._SKILL, "serializer", SDK)  # noqa: SLF001
    assert ours == aws_lambda.handler(ENVELOPES[name], None)


def test_directives_are_what_the_sdks_own_classes_would_say() -> None:
    none = SlotConfirmationStatus.NONE
    slots = {"words": Slot(name="words", confirmation_status=none)}
    intent = Intent(name=ELICITED, confirmation_status=IntentConfirmationStatus.NONE, slots=slots)
    assert SDK.serialize(ElicitSlotDirective(slot_to_elicit="words", updated_intent=intent)) == ELICITATION
    directives = aws_lambda.handler(ENVELOPES["intent_describe"], None)["response"]["directives"]
    [shown] = [directive for directive in directives if "document" in directive]
    typed_one = RenderDocumentDirective(
        token=shown["token"], document=shown["document"], datasources=shown["datasources"]
    )
    assert SDK.serialize(typed_one) == shown


def test_a_compiled_template_says_what_its_source_says(monkeypatch: pytest.MonkeyPatch) -> None:
    templates = read_templates()
    compiled = list(islice((line for language in languages() for line in lines(templates, language)), 0, None, 11))
    speak._card.cache_clear()  # noqa: SLF001
    monkeypatch.setattr(speak, "_environment", lambda: from_source)
    from_source = environment(DictLoader(templates.sources))
    for line in compiled:
        assert speak.speak(line.reply, line.state, line.locale) == line.spoken, line.place

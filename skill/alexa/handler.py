"""The skill as the SDK runs it: one handler for every request, and one answer when anything at all goes wrong."""

from __future__ import annotations

import json
import logging
import os
from typing import Any, Final

from ask_sdk_core.dispatch_components import AbstractExceptionHandler, AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.serialize import DefaultSerializer
from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import Application, Context, LaunchRequest, RequestEnvelope, Response, Session
from ask_sdk_model.interfaces.system import SystemState
from ask_sdk_model.ui import Reprompt, SimpleCard, SsmlOutputSpeech

from skill.alexa import last_resort
from skill.alexa.answer import answer
from skill.alexa.envelope import application_id, attributes_of, locale_of, turn_of
from skill.speaking.speak import screen_data, screen_document
from skill.turn import Spoken, state_to_dict

SKILL_ID: Final = "FACE_GUIDE_SKILL_ID"
"""The environment variable with the skill's own id; where it is set, requests for another skill are refused."""

ELICITED: Final = "DescribeIntent"
"""The intent whose free-text slot is elicited on every open turn, so that the next words arrive whole."""

ELICITATION: Final = {
    "type": "Dialog.ElicitSlot",
    "slotToElicit": "words",
    "updatedIntent": {
        "name": ELICITED,
        "confirmationStatus": "NONE",
        "slots": {"words": {"name": "words", "confirmationStatus": "NONE"}},
    },
}
"""The directive of every open turn: whatever is said next goes, whole, to the free-text slot.

A skill may chain into the dialog of any intent of its own from any request, a launch included, if one slot of
the dialog model is required (Alexa blog, "Use Intent Chaining to Enter Dialog Management from a Different
Intent", March 2019); without it Alexa drops the words before the slot. No other Dialog directive may stand
beside it, nor a Display template: Alexa answers INVALID_RESPONSE (alexa-skills-kit-sdk-for-nodejs, issue 151).
Of APL only ExecuteCommands is barred, by the rules that jovo-framework notes from Amazon's reference
(IsValidDirectivesArray.ts); no device has shown a document beside it here, so an alarm on a screen never risks it.
Directives are plain JSON, which the SDK hands on as it is: its classes for them take as long to import as half of
our own modules.
"""

ELICIT: Final = "FACE_GUIDE_ELICIT"
"""The environment variable that turns eliciting off ("off"); no device has confirmed it yet."""

SCREEN: Final = "face-guide"

_LOG: Final = logging.getLogger("face_guide")


class AnswerHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Answers every request. Routing is the dialogue's task, not the SDK's: a sign counts under any intent."""

    def can_handle(self, handler_input: HandlerInput) -> bool:  # noqa: ARG002
        """True: there is one handler."""
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        """The spoken response, with the session's memory; an empty one where Alexa takes no speech."""
        event = handler_input.request_envelope.received
        turn = turn_of(event)
        if turn is None:
            return Response(should_end_session=True)
        answered = answer(turn, attributes_of(event))
        handler_input.attributes_manager.session_attributes = state_to_dict(answered.state)
        return _response(answered.spoken, closes=answered.reply.closes, screen=turn.screen)


class LastResortHandler(AbstractExceptionHandler):  # type: ignore[misc]
    """Turns any error into the one constant sentence. Interceptors would not do: they don't run after an error."""

    def can_handle(self, handler_input: HandlerInput, exception: Exception) -> bool:  # noqa: ARG002
        """True, whatever went wrong."""
        return True

    def handle(self, handler_input: HandlerInput, exception: Exception) -> Response:
        """The last resort; the log holds where it broke, never what was said."""
        _log_place(exception)
        sentence = last_resort.sentence(locale_of(handler_input.request_envelope.received))
        return Response(output_speech=SsmlOutputSpeech(ssml=f"<speak>{sentence}</speak>"), should_end_session=True)


class LenientSerializer(DefaultSerializer):  # type: ignore[misc]
    """Reads request envelopes that the SDK alone would refuse, and keeps the raw one beside the typed one."""

    def deserialize(self, payload: str, obj_type: Any) -> Any:  # noqa: ANN401  # the SDK's own signature
        """The typed object; a RequestEnvelope also carries the raw JSON as `received`."""
        return typed(json.loads(payload)) if obj_type is RequestEnvelope else super().deserialize(payload, obj_type)

    def serialize(self, obj: Any) -> Any:  # noqa: ANN401  # the same
        """The JSON value of `obj`. What is plain JSON already (directives, session attributes) is not copied again."""
        return obj if isinstance(obj, dict) else super().serialize(obj)


def typed(event: Any) -> RequestEnvelope:  # noqa: ANN401  # any JSON may arrive
    """The smallest envelope that the SDK can dispatch in place of `event`, which it carries as `received`.

    One handler answers every request from the raw JSON, so the SDK needs no slots, no device, no timestamp and
    no real request type: they travel as a launch. It is put together here because the SDK's reader looks up a
    class by its name for every node, which takes longer than all of hearing.
    """
    application = Application(application_id=application_id(event))
    envelope = RequestEnvelope(
        version="1.0",
        session=Session(application=application),
        context=Context(system=SystemState(application=application)),
        request=LaunchRequest(),
    )
    envelope.received = event
    return envelope


def skill() -> CustomSkill:
    """The skill, ready to be invoked by Lambda or a web service."""
    builder = SkillBuilder()
    builder.skill_id = os.environ.get(SKILL_ID) or None
    builder.add_request_handler(AnswerHandler())
    builder.add_exception_handler(LastResortHandler())
    made = builder.create()
    made.serializer = LenientSerializer()
    return made


def respond(made: CustomSkill, event: Any, context: object) -> dict[str, Any]:  # noqa: ANN401  # any JSON may arrive
    """The response envelope to the raw request `event`, whatever is wrong with it.

    Raises PermissionError if `event` is meant for another skill: only then is silence right.
    """
    if made.skill_id and isinstance(event, dict) and application_id(event) != made.skill_id:
        raise PermissionError("this request is for another skill; check FACE_GUIDE_SKILL_ID")
    try:
        response: dict[str, Any] = made.serializer.serialize(made.invoke(typed(event), context))
    except Exception as error:  # noqa: BLE001  # a person may be waiting for these words
        _log_place(error)
        return last_resort.response(locale_of(event))
    return response


def _response(spoken: Spoken, *, closes: bool, screen: bool) -> Response:
    response = Response(output_speech=SsmlOutputSpeech(ssml=spoken.ssml), should_end_session=closes, directives=[])
    if spoken.reprompt_ssml:
        response.reprompt = Reprompt(output_speech=SsmlOutputSpeech(ssml=spoken.reprompt_ssml))
    alarm_on_screen = screen and spoken.shown
    if not closes and not alarm_on_screen and os.environ.get(ELICIT) != "off":
        response.directives.append(ELICITATION)
    if screen:
        response.directives.append(_shown(spoken))
    if spoken.card_title:
        response.card = SimpleCard(title=spoken.card_title, content=spoken.card_text)
    return response


def _shown(spoken: Spoken) -> dict[str, Any]:
    return {
        "type": "Alexa.Presentation.APL.RenderDocument",
        "token": SCREEN,
        "document": screen_document(),
        "datasources": {"payload": screen_data(spoken)},
    }


def _log_place(error: BaseException) -> None:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "?"  # noqa: PTH119
    _LOG.error("last resort: %s at %s", type(error).__name__, where)

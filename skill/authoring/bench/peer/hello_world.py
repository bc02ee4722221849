"""The smallest possible skill on the official SDK: everything that Face Guide takes beyond it is its own."""

from __future__ import annotations

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_core.utils import is_request_type
from ask_sdk_model import Response


class LaunchHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Answers a launch."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether it is a launch."""
        return bool(is_request_type("LaunchRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        """A greeting; the session stays open."""
        return handler_input.response_builder.speak("Hello.").ask("Hello?").response


class IntentHandler(AbstractRequestHandler):  # type: ignore[misc]
    """Answers every intent."""

    def can_handle(self, handler_input: HandlerInput) -> bool:
        """Whether it is an intent."""
        return bool(is_request_type("IntentRequest")(handler_input))

    def handle(self, handler_input: HandlerInput) -> Response:
        """A greeting; the session stays open."""
        return handler_input.response_builder.speak("Hello.").ask("Hello?").response


_BUILDER = SkillBuilder()
_BUILDER.add_request_handler(LaunchHandler())
_BUILDER.add_request_handler(IntentHandler())

handler = _BUILDER.lambda_handler()

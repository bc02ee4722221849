"""The peer: the SDK's hello world behind the same server and the same verification."""

from __future__ import annotations

import os

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.handler_input import HandlerInput
from ask_sdk_core.skill_builder import SkillBuilder
from ask_sdk_model import Response

from skill.alexa.handler import SKILL_ID
from skill.web.app import create_app
from skill.web.chains import alexas_chains
from skill.web.log import configure


class HelloHandler(AbstractRequestHandler):
    def can_handle(self, handler_input: HandlerInput) -> bool:  # noqa: ARG002
        return True

    def handle(self, handler_input: HandlerInput) -> Response:
        return handler_input.response_builder.speak("Hello world").ask("Hello?").response


configure()
builder = SkillBuilder()
builder.add_request_handler(HelloHandler())
app = create_app(builder.create(), os.environ[SKILL_ID], alexas_chains())

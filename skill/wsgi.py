"""The entry point for a web server: gunicorn --config deploy/container/gunicorn.conf.py skill.wsgi:app."""

from __future__ import annotations

import os

# Before the first import that may load it: since 1.29 onnxruntime reports its use to its maker unless it is told
# not to (github.com/microsoft/onnxruntime/pull/27379), and nothing that hears people may.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from skill.alexa.handler import SKILL_ID, skill
from skill.hearing.third_ear import third_ear
from skill.web.app import create_app
from skill.web.chains import alexas_chains
from skill.web.log import configure

configure()
third_ear()  # loaded here: threads that met it unloaded would each load their own
app = create_app(skill(), os.environ.get(SKILL_ID, ""), alexas_chains())

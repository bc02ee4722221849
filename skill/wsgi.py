"""The entry point for a web server: gunicorn --config deploy/container/gunicorn.conf.py skill.wsgi:app."""

from __future__ import annotations

import os

from skill.alexa.handler import SKILL_ID, skill
from skill.hearing.third_ear import third_ear
from skill.places import languages
from skill.web.app import create_app
from skill.web.chains import alexas_chains
from skill.web.log import configure

configure()
for language in languages():
    third_ear(language)  # loaded here, so that nobody's first sentence waits for it
app = create_app(skill(), os.environ.get(SKILL_ID, ""), alexas_chains())

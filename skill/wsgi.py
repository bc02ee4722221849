"""The entry point for a web server: gunicorn -c deploy/container/gunicorn.conf.py skill.wsgi:app."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import certifi

from skill.alexa.handler import SKILL_ID, skill
from skill.web.app import create_app
from skill.web.chains import Chains, fetcher
from skill.web.log import configure
from skill.web.verification import roots, signer

configure()
chains = Chains(fetcher(certifi.where()), partial(signer, trusted=roots(Path(certifi.where()).read_bytes())))
app = create_app(skill(), os.environ.get(SKILL_ID, ""), chains)

"""The one Jinja environment, the same when templates are compiled and when they are spoken."""

from __future__ import annotations

from jinja2 import BaseLoader, Environment, StrictUndefined


def environment(loader: BaseLoader) -> Environment:
    """An environment that escapes every value, so that SSML stays valid, and refuses names that nobody gave it."""
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, auto_reload=False)

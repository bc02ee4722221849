"""Which numbers hold where: the lines of a locale, or of the country that was said aloud."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from skill import built

UNKNOWN_COUNTRY = "?"
"""A country was named that we hold no number for: a generic line is right, a wrong number is not."""


@cache
def _locales() -> Mapping[str, Any]:
    table: Mapping[str, Any] = built.load("locales")
    return table


def lines_for(locale: str, country: str = "") -> Mapping[str, Any]:
    """The numbers and lines for `locale`, or for `country` (a locale code or "?") when one was said aloud.

    A locale that we don't know speaks of "your local emergency number", since language is not location.
    """
    table = _locales()
    language, _, region = locale.replace("_", "-").partition("-")
    lines: Mapping[str, Any] = table.get(country or f"{language.lower()}-{region.upper()}", table["default"])
    return lines


def is_known(code: str) -> bool:
    """Whether `code` is a locale with lines of its own."""
    return code in _locales() and code != "default"


def country_code(spoken: str) -> str:
    """The locale whose country `spoken` ends with ("canada", "i'm in canada"); "?" for one we hold no number for."""
    said = f" {' '.join(spoken.casefold().split())}"
    named = (code for code, lines in _locales().items() if any(said.endswith(f" {name}") for name in lines["names"]))
    return next(named, UNKNOWN_COUNTRY)

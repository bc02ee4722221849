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

    They are in the language of `locale`, whoever said a country in which. A locale that we don't know speaks of
    "your local emergency number", since language is not location; a language that we don't know gets the default's.
    """
    table = _locales()
    language, _, region = locale.replace("_", "-").partition("-")
    language, region = language.lower(), region.upper()
    if country:
        language = language if language in languages() else table["default"]["language"]
        region = country.partition("-")[2]
    lines: Mapping[str, Any] = table.get(f"{language}-{region}") or table.get(language, table["default"])
    return lines


def language_of(locale: str) -> str:
    """The language that is heard and spoken in `locale`: its own, or the default's where it has none."""
    return str(lines_for(locale)["language"])


@cache
def languages() -> tuple[str, ...]:
    """Every language that is heard and spoken."""
    return tuple(sorted({lines["language"] for lines in _locales().values()}))


@cache
def locales() -> Mapping[str, Mapping[str, Any]]:
    """Each locale that has lines of its own, with them."""
    return {code: lines for code, lines in _locales().items() if "-" in code}


def is_known(code: str) -> bool:
    """Whether `code` is a locale with lines of its own."""
    return code in locales()


def country_code(spoken: str, locale: str) -> str:
    """The locale whose country `spoken` ends with ("canada", "i'm in canada"); "?" for one we hold no number for.

    Countries are named in the language of `locale`.
    """
    said = f" {' '.join(spoken.casefold().split())}"
    language = language_of(locale)
    here = ((code, lines["names"]) for code, lines in locales().items() if lines["language"] == language)
    named = (code for code, names in here if any(said.endswith(f" {name}") for name in names))
    return next(named, UNKNOWN_COUNTRY)

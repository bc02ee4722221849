"""A reply in words: the template of the locale, filled and escaped, as SSML and as the text that people hear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, Final
from xml.etree import ElementTree as ET  # our own SSML only, which autoescape keeps valid

from jinja2 import ModuleLoader

from skill import built
from skill.places import lines_for
from skill.speaking.environment import environment
from skill.turn import Reply, Spoken, State, Verdict

RATES: Final = {"slow": "80%", "fast": "120%"}
"""Alexa takes a rate of 20 % or more of the voice's own speed (SSML reference, prosody)."""

_APART: Final = re.compile(r"(?<=\b\d) (?=\d\b)")
"""The space between two digits that are read out one by one."""

_NAMES_TEMPLATE: Final = ("body", "question")
_LINES: Final = ("emergency", "crisis", "advice", "without_voice", "country", "words")


def speak(reply: Reply, state: State, locale: str) -> Spoken:
    """What the speaker says for `reply`, in `locale`, at the rate that `state` asks for.

    Emergencies are always spoken at the normal rate. Raises whatever Jinja raises for a template that is
    missing or wants a value; the shell turns that into the last resort.
    """
    lines = lines_for(locale, state.country)
    ssml = _ssml(reply.template, reply.values, lines, locale)
    reprompt = _ssml(reply.reprompt, reply.values, lines, locale) if reply.reprompt else None
    card = _card(locale, state.country) if reply.card else (None, None)
    rate = RATES.get(state.rate)
    urgent = reply.template.startswith("emergency/")
    return Spoken(
        ssml=_wrapped(ssml, None if urgent else rate),
        text=plain(ssml),
        reprompt_ssml=_wrapped(reprompt, None) if reprompt else None,
        card_title=card[0],
        card_text=card[1],
        shown=_number(lines) if reply.verdict is Verdict.ESCALATE else "",
    )


@cache
def screen_document() -> Mapping[str, Any]:
    """The APL document that shows what is said, for devices with a screen; never the only carrier of anything."""
    document: Mapping[str, Any] = built.load("screen")
    return document


def screen_data(spoken: Spoken) -> dict[str, Any]:
    """What the APL document shows for `spoken`: the number while it is urgent, and the words that are said.

    A country's number is shown; "your local emergency number" stands in the words already. No line breaks within
    a number.
    """
    number = spoken.shown if spoken.shown.isdecimal() else ""
    return {"urgent": bool(spoken.shown), "number": number, "text": _APART.sub("\N{NO-BREAK SPACE}", spoken.text)}


@lru_cache(maxsize=32)
def _card(locale: str, country: str) -> tuple[str, str]:
    """Title and text of the card. It gets no value of the session, so it is rendered once for each place."""
    lines = lines_for(locale, country)
    title, text = (plain(_ssml(name, (), lines, locale)) for name in ("card/title", "card/text"))
    return title, text


def _number(lines: Mapping[str, Any]) -> str:
    return str(lines["emergency"]["dial"] or lines["emergency"]["say"])


def plain(ssml: str) -> str:
    """The words of `ssml` (a fragment or a whole document) as a person hears them: digits apart, breaks as spaces."""
    return " ".join(_heard(ET.fromstring(f"<speak>{ssml}</speak>")).split())  # noqa: S314


def _heard(element: ET.Element) -> str:
    text = element.text or ""
    if element.tag == "say-as":
        text = " ".join(text)
    elif element.tag == "sub":
        text = element.get("alias", text)
    elif element.tag == "break":
        text = " "
    return text + "".join(_heard(child) + (child.tail or "") for child in element)


def _wrapped(body: str, rate: str | None) -> str:
    return f'<speak><prosody rate="{rate}">{body}</prosody></speak>' if rate else f"<speak>{body}</speak>"


@cache
def _environment() -> Any:  # noqa: ANN401  # Jinja's own type, kept inside this room
    return environment(ModuleLoader(str(built.FOLDER / "templates")))


@cache
def _catalogue() -> Mapping[str, Any]:
    table: Mapping[str, Any] = built.load("templates")
    return table


def _name(template: str, locale: str, language: str) -> str:
    own = f"{locale}/{template}"
    return own if own in _catalogue()["names"] else f"{language}/{template}"


def _ssml(template: str, values: tuple[tuple[str, Any], ...], lines: Mapping[str, Any], locale: str) -> str:
    language = lines["language"]
    labels = _catalogue()["labels"][language]
    filled = {**dict(values), **{key: lines[key] for key in _LINES}}
    filled["label"] = labels.get(filled.get("sign"), "")
    for name in ("signs", "today"):
        filled[name] = ", ".join(labels[sign] for sign in filled.get(name, ()) if labels.get(sign))
    for key in _NAMES_TEMPLATE:
        if filled.get(key):
            filled[key] = _name(filled[key], locale, language)
    rendered = _environment().get_template(_name(template, locale, language)).render(filled)
    joined = " ".join(rendered.split())
    for mark in ".,;?!":
        joined = joined.replace(f" {mark}", mark)
    return joined

"""Amazon's rules for what stands in the store: each as a test case of its own, over the project that would be deployed.

The rules are those of "Policy Requirements for an Alexa Skill" (health: no claim to save lives, a disclaimer in the
description) and of "Functional Testing for a Custom Skill"; the words are data, in deploy/store/certification.yaml.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from skill.authoring.data import Node
from skill.authoring.deploy.store import ICONS, PAGES, REGIONS

_SUMMARY: Final = range(20, 161)
_DESCRIPTION: Final = range(40, 4_001)
_WORDS: Final = ("must", "never", "never_in_name")
_KEYWORDS: Final = range(1, 31)
_PHRASES: Final = range(1, 4)


@dataclass(frozen=True, slots=True)
class Result:
    """One test case: what is tried, and what was wrong; nothing wrong is a pass."""

    name: str
    problems: tuple[str, ...]


def listing_results(made: Mapping[str, Any], rules: Node, project: Path, locales: Collection[str]) -> Iterator[Result]:
    """Each rule, with what in the manifest `made` or in the files of `project` breaks it; `locales` have a model."""
    rules.only("must", "never", "never_in_name", "categories")
    published, compliance = made["publishingInformation"], made["privacyAndCompliance"]
    texts = {
        locale: {**text, **{key: rules.node(key).texts(locale.partition("-")[0]) for key in _WORDS}}
        for locale, text in published["locales"].items()
    }
    lacking = [f"{locale} is missing" for locale in locales if locale not in texts]
    yield Result("every locale with a model has a listing", tuple(lacking))
    checks: dict[str, Callable[[Mapping[str, Any]], Iterable[str]]] = {
        "the name claims nothing and is nobody else's": lambda text: _holds(text["name"], text["never_in_name"]),
        "summary and description have a fit length": _lengths,
        "the description says what the skill is not": lambda text: (
            f"the description does not say {words!r}"
            for words in text["must"]
            if words not in text["description"].casefold()
        ),
        "nothing claims to save lives or to reach anybody": lambda text: _holds(
            " ".join([text["name"], text["summary"], text["description"], *text["keywords"], *text["examplePhrases"]]),
            text["never"],
        ),
        "there are keywords, not too many": lambda text: _count("keywords", text["keywords"], _KEYWORDS),
        "there are one to three example phrases": lambda text: _count("phrases", text["examplePhrases"], _PHRASES),
    }
    for name, check in checks.items():
        problems = [f"{locale}: {problem}" for locale, text in texts.items() for problem in check(text)]
        yield Result(name, tuple(problems))
    known = published["category"] in rules.texts("categories")
    yield Result("the category is one of the store's", () if known else (f"{published['category']} is none of them",))
    told = published["testingInstructions"].strip()
    yield Result("a reviewer is told how to test", () if told else ("testingInstructions are empty",))
    wanted = {
        "usesHealthInfo": False, "isChildDirected": False, "allowsPurchases": False, "containsAds": False,
        "usesPersonalInfo": False, "isExportCompliant": True,
    }  # fmt: skip
    wrong = [f"{key} must be {value}" for key, value in wanted.items() if compliance.get(key) is not value]
    yield Result("nothing is said to be collected, sold or made for children", tuple(wrong))
    yield Result("the icons are there in both sizes", tuple(_icon_problems(project)))
    yield Result("privacy and terms have an address", tuple(_page_problems(compliance, locales)))
    given = made["apis"]["custom"].get("regions", {})
    missing = [region for region in REGIONS if region not in given]
    yield Result(
        "every region has an endpoint",
        tuple(f"none for {region}; deploy there, then give --endpoint {region}=ARN" for region in missing),
    )


def _holds(text: str, never: Iterable[str]) -> Iterator[str]:
    for words in never:
        if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text.casefold()):
            yield f"{words!r} may not stand there"


def _lengths(text: Mapping[str, str]) -> Iterator[str]:
    for key, span in (("summary", _SUMMARY), ("description", _DESCRIPTION)):
        if len(text[key]) not in span:
            yield f"the {key} has {len(text[key])} characters; {span[0]} to {span[-1]} are right"


def _count(what: str, given: list[str], span: range) -> Iterator[str]:
    if len(given) not in span:
        yield f"{len(given)} {what}; {span[0]} to {span[-1]} are right"


def _icon_problems(project: Path) -> Iterator[str]:
    for edge in ICONS.values():
        path = project / "skill-package" / "assets" / "images" / f"icon-{edge}.png"
        head = path.read_bytes()[:24] if path.is_file() else b""
        if head[1:4] != b"PNG" or struct.unpack(">II", head[16:24]) != (edge, edge):
            yield f"{path.name} is no PNG of {edge} by {edge} pixels"


def _page_problems(compliance: Mapping[str, Any], locales: Iterable[str]) -> Iterator[str]:
    for locale in locales:
        links = compliance.get("locales", {}).get(locale, {})
        for key in PAGES:
            host = links.get(key, "").partition("://")[2].partition("/")[0]
            if not links.get(key, "").startswith("https://") or not host:
                yield f"{locale}: {key} is missing; publish the pages, then give --pages https://..."
            elif "alexa" in host or "amazon" in host:
                yield f"{locale}: {key} may not have Alexa or Amazon in its host"

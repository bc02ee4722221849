"""The project that Amazon's ASK CLI deploys: manifest, models, icons, the screen, and the pages that it links to.

The shape is that of ASK CLI 2 (the pages "ASK CLI project structure", "Skill Package API Reference" and "Skill
Manifest Schema" of the Alexa Skills Kit). SAM deploys the function, so the project names no infrastructure.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

import resvg_py

from skill.authoring.data import ROOT, TEMPLATES, DataError, Node, read
from skill.authoring.models import LOCALES, models, rendered
from skill.authoring.templates import first_language, read_templates

STORE: Final = ROOT / "deploy" / "store"
ICONS: Final = {"smallIconUri": 108, "largeIconUri": 512}
"""Each icon of the manifest with its edge in pixels."""

PAGES: Final = {"privacyPolicyUrl": "privacy.html", "termsOfUseUrl": "terms.html"}
REGIONS: Final = ("NA", "EU", "FE")
_ARN = re.compile(r"arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w-]+)?")
_HTTPS = re.compile(r"https://[\w.-]+(/[\w./-]*)?")


def manifest(pages: str = "", endpoints: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The manifest of the skill, skill.json.

    `pages` is the https address of the folder in which privacy.html and terms.html are published, `endpoints` the ARN
    of the function for each of Alexa's regions. Without them the manifest lacks what only a deployment can tell: it is
    good for looking at and for a skill in development, not for the store. Raises DataError if either is malformed.
    """
    if pages and not _HTTPS.fullmatch(pages):
        raise DataError(f"{pages!r} is no https address; give the folder that privacy.html is published in")
    for region, arn in (endpoints or {}).items():
        if region not in REGIONS or not _ARN.fullmatch(arn):
            raise DataError(
                f"{region}={arn} is no endpoint; give {' or '.join(REGIONS)}, = and the Endpoint of the stack"
            )
    whole = read(STORE / "listing.yaml").only("category", "interfaces", "testing")
    read_pages = {locale: _listing(locale) for locale in LOCALES}
    custom: dict[str, Any] = {"interfaces": [{"type": kind} for kind in whole.texts("interfaces", needed=True)]}
    if endpoints:
        custom["endpoint"] = {"uri": next(iter(endpoints.values()))}
        custom["regions"] = {region: {"endpoint": {"uri": arn}} for region, arn in endpoints.items()}
    compliance: dict[str, Any] = {
        "allowsPurchases": False, "usesPersonalInfo": False, "isChildDirected": False, "isExportCompliant": True,
        "containsAds": False, "usesHealthInfo": False,
    }  # fmt: skip
    if pages:
        compliance["locales"] = {
            locale: {key: f"{pages.rstrip('/')}/{_page(locale.partition('-')[0], name)}" for key, name in PAGES.items()}
            for locale in LOCALES
        }
    return {
        "manifest": {
            "manifestVersion": "1.0",
            "publishingInformation": {
                "category": whole.text("category"),
                "distributionMode": "PUBLIC",
                "isAvailableWorldwide": False,
                "distributionCountries": sorted({locale.partition("-")[2] for locale in LOCALES}),
                "testingInstructions": whole.text("testing"),
                "locales": {locale: _published(listing) for locale, listing in read_pages.items()},
            },
            "privacyAndCompliance": compliance,
            "apis": {"custom": custom},
        }
    }


def write_project(folder: Path, pages: str = "", endpoints: Mapping[str, str] | None = None) -> None:
    """Writes the whole project into `folder`, anew but for what the ASK CLI keeps there, and the pages to publish.

    From the first deployment on the skill's id stands in `.ask/ask-states.json` (alexa/ask-cli,
    lib/model/resources-config/ask-states.js): without it the next one would make a second skill.
    """
    made = manifest(pages, endpoints)
    package = folder / "skill-package"
    for old in (package, folder / "pages"):
        shutil.rmtree(old, ignore_errors=True)
    images, screen = package / "assets" / "images", package / "response" / "display" / "face-guide"
    for place in (images, screen / "datasources", package / "interactionModels" / "custom", folder / "pages"):
        place.mkdir(parents=True)
    _json(folder / "ask-resources.json", {
        "askcliResourcesVersion": "2020-03-31",
        "profiles": {"default": {"skillMetadata": {"src": "./skill-package"}}},
    })  # fmt: skip
    _json(package / "skill.json", made)
    for locale, model in models(read_templates().topics).items():
        (package / "interactionModels" / "custom" / f"{locale}.json").write_text(rendered(model), encoding="utf-8")
    for edge in ICONS.values():
        (images / f"icon-{edge}.png").write_bytes(icon(edge))
    shutil.copyfile(TEMPLATES / "screen.apl.json", screen / "document.json")
    _json(screen / "datasources" / "default.json", {"payload": {"urgent": False, "number": "", "text": ""}})
    for language, name in product({locale.partition("-")[0] for locale in LOCALES}, PAGES.values()):
        (folder / "pages" / _page(language, name)).parent.mkdir(exist_ok=True)
        shutil.copyfile(STORE / language / name, folder / "pages" / _page(language, name))


def _page(language: str, name: str) -> str:
    """Where the page `name` lies for `language`: the first one's at the top, as it has been published."""
    return name if language == first_language() else f"{language}/{name}"


def icon(edge: int) -> bytes:
    """The skill's icon as a square PNG with `edge` pixels a side."""
    drawing = (STORE / "icon.svg").read_text(encoding="utf-8")
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing, width=edge, height=edge))


def _listing(locale: str) -> Node:
    path = STORE / locale.partition("-")[0] / "listing.yaml"
    return read(path).only("name", "summary", "description", "phrases", "keywords", "updates")


def _published(listing: Node) -> dict[str, Any]:
    icons = {key: f"file://assets/images/icon-{edge}.png" for key, edge in ICONS.items()}
    return {
        "name": listing.text("name"),
        "summary": listing.text("summary"),
        "description": listing.text("description"),
        "examplePhrases": list(listing.texts("phrases", needed=True)),
        "keywords": list(listing.texts("keywords", needed=True)),
        "updatesDescription": listing.text("updates"),
        **icons,
    }


def _json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

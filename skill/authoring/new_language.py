"""A new language: the empty skeleton of all that it needs, and what of it is still missing.

The language that locales.yaml names under `default` is the pattern. A language counts, and is built, from the moment
that a locale of it stands in locales.yaml; until then its folders disturb nobody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from skill.authoring.corpus import FOLDER as CORPUS
from skill.authoring.corpus import rows, split
from skill.authoring.data import MODELS, ROOT, TEMPLATES, DataError, shown
from skill.authoring.templates import first_language, languages
from skill.hearing.second_ear import WEIGHTS

SENTENCES: Final = ROOT / "tests" / "sentences"
STORE: Final = ROOT / "deploy" / "store"

_KEPT: Final = frozenset({
    "kind", "urgency", "source", "sources", "alone", "status", "direction", "reach", "ceiling", "lifted_by", "not_with",
    "act", "implies", "personal", "next", "checked", "measure", "limit",
})  # fmt: skip
"""Keys whose values are the same in every language, or are the pattern's until somebody knows better."""

_OWN: Final = frozenset({"rules", "stands_for", "nouns", "same", "pairs", "parted", "suffixes", "endings", "unseen"})
"""Mappings whose names each language chooses for itself."""

_MAY_BE_EMPTY: Final = frozenset({
    "same", "pairs", "parted", "suffixes", "endings", "whole", "letters", "leaning", "beside", "heard",
    "asks", "says", "personal",
    "unless", "except", "implies", "examples", "stands_for", "rules", "lifted_by", "not_with",
})  # fmt: skip

_FRONT: Final = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_MACRO: Final = re.compile(r"\{%-? macro (\w+)\(.*?\) -?%\}")
_PIECE: Final = re.compile(r"^== .*$", re.MULTILINE)
_COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
_CODE: Final = re.compile(r"[a-z]{2,3}")

LEAST: Final[Mapping[str, int]] = {"train": 1_000, "validation": 200, "unseen": 400}
"""Sentences below which a split measures nothing."""


def lay_out(language: str) -> Iterator[Path]:
    """Writes each file of the skeleton of `language` that isn't there yet, and gives its path.

    Raises DataError where `language` is no code of a language.
    """
    if not _CODE.fullmatch(language):
        raise DataError(f"{language!r} is no code of a language; take two or three lower-case letters, as in es")
    for pattern, path in _files(language):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_emptied(pattern), encoding="utf-8")
            yield path


def missing(language: str) -> Iterator[str]:
    """Each thing that `language` still lacks, with its file; nothing once it is complete."""
    for pattern, path in _files(language):
        if not path.exists():
            yield f"{shown(path)}: this file is missing"
        else:
            yield from (f"{shown(path)}: {lack}" for lack in _lacks(pattern, path))
    if language not in languages():
        yield f"speech_templates/locales.yaml: no locale has language: {language}"
    yield from _unheard(language)


def _unheard(language: str) -> Iterator[str]:
    try:
        found = [split(row) for row in rows(language)]
    except DataError:
        found = []
    for part, least in LEAST.items():
        if found.count(part) < least:
            yield f"{shown(CORPUS / language)}: {found.count(part)} sentences for {part}, of {least} at the least"
    for name in ("linear.json", "thresholds.json"):
        if not (WEIGHTS / language / name).is_file():
            yield f"{shown(WEIGHTS / language / name)}: this file is missing; run: make train"


def _files(language: str) -> Iterator[tuple[Path, Path]]:
    """Each file of the pattern, and where that of `language` belongs."""
    first = first_language()
    for folder in (MODELS, TEMPLATES, STORE):
        for path in sorted((folder / first).rglob("*")):
            if path.is_file():
                yield path, folder / language / path.relative_to(folder / first)
    yield SENTENCES / first / "must_escalate.yaml", SENTENCES / language / "must_escalate.yaml"
    for name in ("splits.yaml", "additions.txt"):
        yield CORPUS / first / name, CORPUS / language / name


def _emptied(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        return _dumped(_empty(_yaml().load(text), ""))
    if path.suffix == ".json":
        return text
    if path.suffix != ".j2":
        return ""
    if path.name.startswith("_"):
        return "".join(f"{head[0]}{{%- endmacro -%}}\n" for head in _MACRO.finditer(text))
    front = _FRONT.match(text)
    kept = f"---\n{_dumped(_empty(_yaml().load(front[1]), ''))}---\n" if front else ""
    return kept + "".join(f"{marker}\n" for marker in _PIECE.findall(text))


def _empty(value: Any, key: str) -> Any:  # noqa: ANN401  # YAML
    if key in _KEPT or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        if key in _OWN and not any(isinstance(one, Mapping) for one in value.values()):
            return {}
        return {name: _empty(one, name) for name, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        kept = [_empty(one, "") for one in value if isinstance(one, Mapping)]
        return kept if key == "heard_as" else []
    return ""


def _lacks(pattern: Path, path: Path) -> Iterator[str]:
    wanted, text = pattern.read_text(encoding="utf-8"), path.read_text(encoding="utf-8")
    if path.suffix == ".yaml":
        yield from _unsaid_in(wanted, text)
    elif path.suffix == ".json":
        if path != pattern:  # which says what its keys are
            translated = json.loads(text)
            yield from (f"no words for {said!r}" for said in json.loads(wanted) if not translated.get(said))
    elif path.name.startswith("_"):
        bodies = dict(zip(_MACRO.findall(text), _MACRO.split(text)[2::2], strict=True))
        silent = (name for name in _MACRO.findall(wanted) if not bodies.get(name, "").partition("{%- endm")[0].strip())
        yield from (f"the macro {name} says nothing" for name in silent)
    else:
        yield from _unspoken(wanted, text)


def _unspoken(wanted: str, text: str) -> Iterator[str]:
    """What a template lacks: front matter, pieces, or words in them."""
    front, wanted_front = _FRONT.match(text), _FRONT.match(wanted)
    if wanted_front:
        yield from _unsaid_in(wanted_front[1], front[1] if front else "")
    markers = _PIECE.findall(wanted)
    said = [_COMMENT.sub("", part).strip() for part in _PIECE.split(text[front.end() if front else 0 :])]
    if markers and len(said) - 1 != len(markers):
        yield f"{len(said) - 1} pieces, where {len(markers)} are wanted"
    for number, part in enumerate(said[1:] if markers else said):
        if not part:
            yield f"piece {number} says nothing" if markers else "it says nothing"


def _unsaid_in(wanted: str, text: str) -> Iterator[str]:
    try:
        yield from _unsaid(_yaml().load(wanted), _yaml().load(text) or {}, "")
    except YAMLError as error:
        yield f"not readable as YAML: {' '.join(str(error).split())}"


def _unsaid(wanted: Any, given: Any, where: str) -> Iterator[str]:  # noqa: ANN401  # YAML
    key = where.rpartition(".")[2]
    if isinstance(wanted, Mapping) and isinstance(given, Mapping) and key not in _OWN:
        for name in wanted:
            at = f"{where}.{name}" if where else str(name)
            if name in given:
                yield from _unsaid(wanted[name], given[name], at)
            elif name not in _MAY_BE_EMPTY:
                yield f"{at} is missing"
    elif wanted and key not in _MAY_BE_EMPTY and _is_empty(given):
        yield f"{where} is empty"
    elif key == "rules":
        yield from (f"{where}.{name} is empty" for name, one in given.items() if _is_empty([one]))


def _is_empty(given: Any) -> bool:  # noqa: ANN401  # YAML
    """Whether nothing is said here; a list or a mapping of rules counts as said once each has phrases."""
    if isinstance(given, list):
        return not given or any(isinstance(one, Mapping) and not one.get("phrases", True) for one in given)
    return not given and given is not False


def _yaml() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    return yaml


def _dumped(value: object) -> str:
    yaml, out = YAML(), StringIO()
    yaml.width = 120
    yaml.dump(value, out)
    return out.getvalue()

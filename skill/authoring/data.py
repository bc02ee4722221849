"""The data folders, read strictly: YAML 1.2, typed, and every mistake named by file, line, reason and cure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

ROOT: Final = Path(__file__).resolve().parents[2]
MODELS: Final = ROOT / "interaction_models"
TEMPLATES: Final = ROOT / "speech_templates"
BUILT: Final = ROOT / "skill" / "_built"


class DataError(Exception):
    """A data file can't be used as it is; the text says which file and line, why, and what to do."""


class Node:
    """One mapping of a data file, whose keys must all be known and all be used."""

    def __init__(self, value: object, path: Path, where: str, line: int) -> None:
        self.path, self.where, self.line = path, where, line
        if not isinstance(value, Mapping):
            self.fail("this must be a mapping of names to values")
        self._value = value

    def fail(self, reason: str, key: str | None = None) -> NoReturn:
        """Raises DataError at this node, or at the line of `key` in it."""
        where = f"{self.where}.{key}" if key else self.where
        raise DataError(f"{self.place(key)}: {where}: {reason}")

    def place(self, key: str | None = None) -> str:
        """File and line of this node, or of `key` in it, as an error names them."""
        lines = getattr(getattr(self, "_value", None), "lc", None)
        line = lines.data[key][0] + 1 if key is not None and lines is not None and key in lines.data else self.line
        return f"{shown(self.path)}:{line}"

    def only(self, *known: str) -> Node:
        """This node, once it is sure that it holds no key but `known`: a typo must not become a silent rule."""
        for key in self._value:
            if key not in known:
                self.fail(f"unknown key; this may hold {', '.join(known)}", str(key))
        return self

    def keys(self) -> tuple[str, ...]:
        """The names in this mapping, in the order of the file."""
        return tuple(str(key) for key in self._value)

    def value(self, key: str) -> object:
        """Whatever stands at `key`, unchecked; None when it isn't there."""
        return self._value.get(key)

    def text(self, key: str, default: str | None = None, choices: Sequence[str] = ()) -> str:
        """The text at `key`; raises DataError if it is missing (without default), no text, or none of `choices`."""
        if default is not None and key not in self._value:
            return default
        value = self._value.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fail("text is missing here; quote it if it looks like a number", key)
        if choices and value not in choices:
            self.fail(f"{value!r} is none of {', '.join(choices)}", key)
        return str(value)

    def number(self, key: str) -> int:
        """The whole number at `key`."""
        value = self._value.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fail("a whole number is missing here", key)
        return int(value)

    def flag(self, key: str) -> bool:
        """Whether `key` says true; false when it isn't there."""
        value = self._value.get(key, False)
        if not isinstance(value, bool):
            self.fail("this must be true or false", key)
        return bool(value)

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """The list of texts at `key`, empty when it isn't there and not `needed`."""
        value = self._value.get(key, [])
        if not isinstance(value, Sequence) or isinstance(value, str) or (needed and not value):
            self.fail("a list of texts is missing here", key)
        for item in value:
            if not isinstance(item, str) or not item.strip():
                self.fail(f"{item!r} is no text; quote it", key)
        return tuple(str(item) for item in value)

    def line_of(self, key: str, index: int) -> int:
        """The line of item `index` of the list at `key`, for an error that names it."""
        value = self._value.get(key)
        return int(value.lc.data[index][0]) + 1 if isinstance(value, CommentedSeq) else self.line

    def node(self, key: str) -> Node:
        """The mapping at `key`."""
        if key not in self._value:
            self.fail("this mapping is missing", key)
        return self._child(key, self._value[key])

    def nodes(self, key: str) -> tuple[Node, ...]:
        """The mappings in the list at `key`, empty when it isn't there."""
        value = self._value.get(key, [])
        if not isinstance(value, Sequence) or isinstance(value, str):
            self.fail("this must be a list", key)
        return tuple(
            Node(item, self.path, f"{self.where}.{key}[{index}]", self.line_of(key, index))
            for index, item in enumerate(value)
        )

    def entries(self) -> tuple[tuple[str, Node], ...]:
        """Each name in this mapping with the mapping that it leads to."""
        return tuple((key, self._child(key, self._value[key])) for key in self.keys())

    def _child(self, key: str, value: object) -> Node:
        line = value.lc.line + 1 if isinstance(value, CommentedMap) else self.line
        return Node(value, self.path, f"{self.where}.{key}" if self.where else key, max(line - 1, 1))


def read_text(text: str, path: Path, first_line: int = 1) -> Node:
    """The one mapping that `text` holds as YAML 1.2, so that no, on and 000 stay what was typed.

    Raises DataError with file and line if it is not YAML or holds a key twice.
    """
    try:
        value = _loaded(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or "not readable as YAML"
        raise DataError(f"{shown(path)}:{line}: {problem}; mend the indentation or quote the text") from None
    return Node(value, path, "", first_line)


@cache
def _loaded(text: str) -> Any:  # noqa: ANN401  # YAML
    """What `text` holds, which nobody changes; the parser is slow, and a check reads a file again and again."""
    yaml = YAML(typ="rt")
    yaml.version = (1, 2)
    return yaml.load(text)


def read(path: Path) -> Node:
    """The one mapping that the YAML file at `path` holds; raises DataError as `read_text` does, or if it is missing."""
    if not path.is_file():
        raise DataError(f"{shown(path)}:1: this file is missing; restore it")
    return read_text(path.read_text(encoding="utf-8"), path)


def shown(path: Path) -> str:
    """`path` as an error names it: from the root of the project where it lies there."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)

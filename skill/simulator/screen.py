"""An APL document and its data as boxes or HTML: the part of APL that our own document uses, drawn as a device would.

No renderer of Alexa's is to be had outside her devices and her developer console. So the document uses little of
APL, and what is not known here raises: a picture never shows less than the document says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Viewport:
    """A screen, in dp; `shape` is "round" or "rectangle", as APL names it."""

    width: int
    height: int
    shape: str = "rectangle"

    def characteristics(self) -> dict[str, Any]:
        """What a request's `context.Viewport` says of it (Alexa, "APL viewport characteristics")."""
        return {
            "shape": self.shape.upper(),
            "pixelWidth": self.width,
            "pixelHeight": self.height,
            "dpi": 160,
            "touch": ["SINGLE"],
        }


VIEWPORTS: Final = {
    "small_round": Viewport(480, 480, "round"),
    "small": Viewport(960, 480),
    "medium": Viewport(1024, 600),
    "large": Viewport(1280, 800),
}
"""The screens of Alexa's own devices ("Viewport profiles" in the APL reference)."""

_EXPRESSION: Final = re.compile(r"\$\{([^}]*)\}")
_CHOICE: Final = re.compile(r"(.+?)\s\?\s(.+?)\s:\s(.+)")
_EQUALS: Final = re.compile(r"(.+?)\s==\s(.+)")
_LENGTH: Final = re.compile(r"([\d.]+)(vh|vw|dp|px|%)?")

_CSS: Final[Mapping[str, Mapping[str, str]]] = {
    "Frame": {"width": "width", "height": "height", "backgroundColor": "background"},
    "ScrollView": {"width": "width", "height": "height"},
    "Container": {
        "width": "width", "paddingTop": "padding-top", "paddingBottom": "padding-bottom",
        "paddingLeft": "padding-left", "paddingRight": "padding-right",
    },
    "Text": {
        "fontSize": "font-size", "fontWeight": "font-weight", "color": "color", "textAlign": "text-align",
        "lineHeight": "line-height",
    },
}  # fmt: skip
"""Each component that is drawn, and its properties by their names in CSS."""

_UNITS: Final = {"vh": "cqh", "vw": "cqw", "%": "%"}
_UNITLESS: Final = {"font-weight", "line-height"}
_OTHER: Final = {"type", "when", "item", "items", "text", "role", "accessibilityLabel"}
_BASE: Final[Mapping[str, Mapping[str, str]]] = {"ScrollView": {"overflow-y": "auto"}, "Text": {"margin": "0"}}


@dataclass(frozen=True, slots=True)
class Box:
    """A component as it is drawn: its CSS, its text, its label for a screen reader, and the boxes inside it."""

    style: Mapping[str, str]
    text: str
    label: str
    inside: tuple[Box, ...]


def boxes(document: Mapping[str, Any], data: Mapping[str, Any], viewport: Viewport) -> tuple[Box, ...]:
    """What `document`, bound to the data sources in `data`, shows on a screen of the size of `viewport`.

    Lengths are in the units of a CSS container, so that it can be drawn at any size.
    Raises ValueError for a component, property or expression that this drawing doesn't know.
    """
    bound = {**data, "viewport": {"shape": viewport.shape, "width": viewport.width, "height": viewport.height}}
    return tuple(_boxes(document["mainTemplate"]["items"], bound, viewport))


def drawn(document: Mapping[str, Any], data: Mapping[str, Any], viewport: Viewport) -> str:
    """The same as a whole HTML page of the size of `viewport`; raises ValueError as `boxes` does."""
    body = "".join(map(_html, boxes(document, data, viewport)))
    corner = "50%" if viewport.shape == "round" else "0"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Face Guide</title><style>'
        "*{box-sizing:border-box}body{margin:0;background:transparent;font-family:'Amazon Ember',Arial,sans-serif}"
        f"main{{width:{viewport.width}px;height:{viewport.height}px;border-radius:{corner};overflow:hidden;"
        f"container-type:size}}</style><main>{body}</main></html>"
    )


def _html(box: Box) -> str:
    style = escape("".join(f"{name}:{value};" for name, value in box.style.items()))
    if box.text:
        return f'<p style="{style}">{escape(box.text)}</p>'
    label = f' role="group" tabindex="0" aria-label="{escape(box.label)}"' if box.label else ""
    return f'<div style="{style}"{label}>{"".join(map(_html, box.inside))}</div>'


def value_of(text: Any, bound: Mapping[str, Any]) -> Any:  # noqa: ANN401  # data binding gives any JSON value
    """The value of an APL property: `text` with its ${...} worked out; a lone one keeps its type."""
    if not isinstance(text, str):
        return text
    whole = _EXPRESSION.fullmatch(text)
    if whole:
        return _worked_out(whole.group(1).strip(), bound)
    return _EXPRESSION.sub(lambda found: str(_worked_out(found.group(1).strip(), bound)), text)


def _worked_out(expression: str, bound: Mapping[str, Any]) -> Any:  # noqa: ANN401
    choice = _CHOICE.fullmatch(expression)
    if choice:
        condition, yes, no = choice.groups()
        return _worked_out(yes if _worked_out(condition, bound) else no, bound)
    equals = _EQUALS.fullmatch(expression)
    if equals:
        left, right = equals.groups()
        return bool(_worked_out(left, bound) == _worked_out(right, bound))
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        return expression[1:-1]
    value: Any = bound
    for key in expression.split("."):
        if not isinstance(value, Mapping) or key not in value:
            raise ValueError(f"${{{expression}}} is bound to nothing, or is more of APL than is drawn here")
        value = value[key]
    return value


def _boxes(items: Iterable[Mapping[str, Any]], bound: Mapping[str, Any], viewport: Viewport) -> Iterator[Box]:
    for item in items:
        kind = item["type"]
        if kind not in _CSS:
            raise ValueError(f"the component {kind} is not drawn here; draw it, or do without")
        unknown = set(item) - set(_CSS[kind]) - _OTHER
        if unknown:
            raise ValueError(f"{kind}: {', '.join(sorted(unknown))} is not drawn here; draw it, or do without")
        if value_of(item.get("when", True), bound):
            own = {
                css: _css(css, value_of(item[name], bound), viewport)
                for name, css in _CSS[kind].items()
                if name in item
            }
            text, label = (str(value_of(item.get(name, ""), bound)) for name in ("text", "accessibilityLabel"))
            inside = [item["item"]] if "item" in item else item.get("items", [])
            yield Box(
                {**_BASE.get(kind, {}), **own}, text, "" if text else label, tuple(_boxes(inside, bound, viewport))
            )


def _css(name: str, value: object, viewport: Viewport) -> str:
    """A property's value in CSS: lengths are of this screen, not of the browser's window."""
    length = _LENGTH.fullmatch(str(value))
    if not length or name in _UNITLESS:
        return str(value)
    number, unit = length.groups()
    if unit in _UNITS:
        return f"{number}{_UNITS[unit]}"
    return f"{float(number) / viewport.width * 100:g}cqw"

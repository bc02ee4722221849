"""What a device with a screen shows: the subset of APL that the skill's document uses, as boxes that a page can draw.

No renderer of Amazon's can be had offline. Sizes come out in CSS container units, so that the screen can be drawn at
any size (Alexa Presentation Language: "APL dimensions", "data-binding evaluation").
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from skill.simulator.request import Viewport

_STYLES: Final = {
    "width": "width",
    "height": "height",
    "paddingTop": "padding-top",
    "paddingBottom": "padding-bottom",
    "paddingLeft": "padding-left",
    "paddingRight": "padding-right",
    "backgroundColor": "background-color",
    "color": "color",
    "fontSize": "font-size",
    "fontWeight": "font-weight",
    "textAlign": "text-align",
}
_ALSO_READ: Final = frozenset({"type", "when", "item", "items", "text", "role", "accessibilityLabel", "description"})
_OWN: Final[Mapping[str, Mapping[str, str]]] = {
    "Frame": {},
    "Container": {"display": "flex", "flex-direction": "column"},
    "ScrollView": {"overflow-y": "auto"},
    "Text": {"white-space": "pre-wrap"},
}
_BOUND: Final = re.compile(r"\$\{(.+?)\}")
_TERNARY: Final = re.compile(r"(.+?)\?(.+?):(.+)")
_DIMENSION: Final = re.compile(r"(-?[\d.]+)(vh|vw|px|dp|%)?")
_NUMERIC: Final = frozenset({"fontWeight"})


@dataclass(frozen=True, slots=True)
class Box:
    """One component, drawn: its CSS, its text, what lies inside it."""

    style: Mapping[str, str]
    text: str = ""
    inside: tuple[Box, ...] = field(default=())


def drawn(response: Mapping[str, Any], viewport: Viewport) -> Box | None:
    """The screen after the response envelope `response`, None where it shows nothing.

    Raises ValueError for a component, property or expression that this subset doesn't hold.
    """
    for directive in response["response"].get("directives") or ():
        if directive["type"] == "Alexa.Presentation.APL.RenderDocument":
            template = directive["document"]["mainTemplate"]
            data = {
                **{name: directive["datasources"][name] for name in template["parameters"]},
                "viewport": {"shape": "round" if viewport.shape == "ROUND" else "rectangle"},
            }
            [box] = _boxes(template, data, viewport)
            return box
    return None


def _boxes(holder: Mapping[str, Any], data: Mapping[str, Any], viewport: Viewport) -> tuple[Box, ...]:
    items = holder.get("items", holder.get("item", ()))
    listed = [items] if isinstance(items, dict) else items
    return tuple(_box(item, data, viewport) for item in listed if _value(item.get("when", True), data))


def _box(component: Mapping[str, Any], data: Mapping[str, Any], viewport: Viewport) -> Box:
    kind = component["type"]
    strange = sorted(set(component) - set(_STYLES) - _ALSO_READ)
    if kind not in _OWN or strange:
        raise ValueError(f"can't draw {kind} {' '.join(strange)}: teach skill/simulator/screen.py this part of APL")
    style = dict(_OWN[kind])
    for name, css in _STYLES.items():
        if name in component:
            value = str(_value(component[name], data))
            style[css] = value if name in _NUMERIC else _css(value, viewport)
    return Box(style, str(_value(component.get("text", ""), data)), _boxes(component, data, viewport))


def _css(value: str, viewport: Viewport) -> str:
    size = _DIMENSION.fullmatch(value)
    if size is None or size[2] == "%":
        return value
    match size[2]:
        case "vh":
            return f"{size[1]}cqh"
        case "vw":
            return f"{size[1]}cqw"
    return f"{float(size[1]) / viewport.width * 100:.3g}cqw"


def _value(given: object, data: Mapping[str, Any]) -> Any:  # noqa: ANN401  # APL's own values
    """`given` with its data bound; an expression that is all there is keeps its type."""
    if not isinstance(given, str):
        return given
    whole = _BOUND.fullmatch(given)
    return _result(whole[1], data) if whole else _BOUND.sub(lambda found: str(_result(found[1], data)), given)


def _result(expression: str, data: Mapping[str, Any]) -> Any:  # noqa: ANN401  # APL's own values
    expression = expression.strip()
    if choice := _TERNARY.fullmatch(expression):
        return _result(choice[2] if _result(choice[1], data) else choice[3], data)
    if "==" in expression:
        left, right = expression.split("==")
        return _result(left, data) == _result(right, data)
    if expression[:1] == expression[-1:] == "'":
        return expression[1:-1]
    value: Any = data
    for name in expression.split("."):
        if not isinstance(value, Mapping) or name not in value:
            raise ValueError(f"can't evaluate {expression}: teach skill/simulator/screen.py this part of APL")
        value = value[name]
    return value

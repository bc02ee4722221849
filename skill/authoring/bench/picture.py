"""Where things stand in the report's pictures; the page itself draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 900
_LEAST_WIDE: Final = 0.6
_LETTER: Final = 6.2
_PALETTE: Final = {"skill": 22, "ask_sdk_core": 205, "ask_sdk_model": 190, "ask_sdk_runtime": 220, "jinja2": 130}
_OTHERS: Final = 270


@dataclass(frozen=True, slots=True)
class Box:
    """One import: where it stands, what it is called, how long it took, and its colour as a hue."""

    x: float
    y: int
    width: float
    module: str
    label: str
    whole: int
    own: int
    hue: int


def icicle(tree: Sequence[Mapping[str, Any]], scale: int) -> list[Box]:
    """The imports of `tree`, each under what imported it and as wide as the time it took; `scale` µs fill the width."""
    return list(_boxes(tree, 0.0, 0, WIDTH / scale))


def whole(tree: Sequence[Mapping[str, Any]]) -> int:
    """Microseconds of all imports in `tree`."""
    return sum(one["whole"] for one in tree)


def top(tree: Sequence[Mapping[str, Any]], most: int) -> list[tuple[str, int]]:
    """The packages that take the most microseconds of their own, over all their modules."""
    totals: dict[str, int] = {}
    unseen = list(tree)
    while unseen:
        one = unseen.pop()
        package = one["module"].partition(".")[0]
        totals[package] = totals.get(package, 0) + one["own"]
        unseen.extend(one["inner"])
    return sorted(totals.items(), key=lambda pair: -pair[1])[:most]


def line(points: Sequence[tuple[float, float]], width: float, height: float) -> str:
    """`points` as SVG's own, from the left bottom corner; the highest value stands at four fifths of the height."""
    right, highest = points[-1][0], max(value for _, value in points) * 1.25
    return " ".join(f"{x / right * width:.1f},{height - y / highest * height:.1f}" for x, y in points)


def _boxes(tree: Sequence[Mapping[str, Any]], x: float, depth: int, unit: float) -> Iterator[Box]:
    for one in tree:
        width = one["whole"] * unit
        if width >= _LEAST_WIDE:
            name = one["module"]
            short = name.rpartition(".")[2] if depth else name
            label = short if len(short) * _LETTER < width else ""
            hue = _PALETTE.get(name.partition(".")[0], _OTHERS)
            yield Box(x, depth, width, name, label, one["whole"], one["own"], hue)
            yield from _boxes(one["inner"], x, depth + 1, unit)
        x += width

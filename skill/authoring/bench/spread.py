"""Many runs as one figure: the median, how sure it is, and the slow end."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of `runs` values, the 95 % interval that it lies in, and the 99th percentile, in their own unit."""

    median: float
    low: float
    high: float
    p99: float
    runs: int


def spread(values: Sequence[float]) -> Spread:
    """The spread of `values`, of which there must be two or more.

    The interval is that of order statistics (ranks half of n, 0.98 times the root of n to both sides), which
    asks nothing of how the values are distributed: times on a busy machine are anything but normal.
    """
    ordered = sorted(values)
    reach = 0.98 * math.sqrt(len(ordered))
    low = max(math.floor(len(ordered) / 2 - reach), 0)
    high = min(math.ceil(len(ordered) / 2 + reach), len(ordered) - 1)
    tail = statistics.quantiles(ordered, n=100, method="inclusive")[98]
    return Spread(statistics.median(ordered), ordered[low], ordered[high], tail, len(ordered))


def ratio(ours: Sequence[float], peers: Sequence[float]) -> Spread:
    """How many times the peer's cost ours is, pair by pair: what slows the machine for a while slows both of a pair."""
    return spread([our / their for our, their in zip(ours, peers, strict=True)])

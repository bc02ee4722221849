"""The third ear: a small transformer that understands more than style; asked only where the first two don't agree.

It is MiniLM (sentence-transformers/all-MiniLM-L6-v2, Apache-2.0), tuned on the same corpus and reduced to
eight bits. It needs onnxruntime and tokenizers. Where they are not installed, or it fails in any way, the
second ear decides alone: nothing that can fail stands before an answer.
"""

from __future__ import annotations

import json
import logging
import math
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from skill.hearing.second_ear import WEIGHTS, Opinion

MOST_TOKENS: Final = 64
"""As in training. A longer utterance is heard in windows of this many tokens, and the most alarming one counts."""

MOST_WINDOWS: Final = 12

ASKS_SURELY: Final = 0.6
"""From here on the ear's guess of what is asked for is used; below it the utterance has no topic."""

CLOSING: Final = frozenset({"called", "wrong", "no_phone", "what_now"})
CLOSES_SURELY: Final = 0.985
"""Acts that end a session or an alarm or go on as if help were coming, and how sure the ear must be of them: "it's gone
now" must not be "no phone", nor "he's fine now" "what now"."""

NOTHING: Final = "nothing"
"""What an utterance asks for that asks for nothing the skill has."""

_LOG: Final = logging.getLogger("face_guide")


@dataclass(frozen=True, slots=True)
class Transformer:
    """The network and its tokens, ready to be asked."""

    session: Any
    tokenizer: Any
    signs: Sequence[str]
    asks: Sequence[str]

    def opinion(self, text: str) -> Opinion:
        """The opinion on `text`; the most alarming window's where it is long."""
        ids = self.tokenizer.encode(text, add_special_tokens=False).ids
        step = MOST_TOKENS - 2
        starts = range(0, max(len(ids), 1), step // 2 if len(ids) > step else step)
        opinions = [self._window(ids[start : start + step]) for start in list(starts)[-MOST_WINDOWS:]]
        worst = max(opinions, key=lambda opinion: opinion.present)
        return Opinion(worst.present, max(o.telling for o in opinions), worst.sign, worst.sure, opinions[0].asks)

    def _window(self, ids: Sequence[int]) -> Opinion:
        import numpy as np  # noqa: PLC0415  # only when this ear is asked

        whole = [self.tokenizer.token_to_id("[CLS]"), *ids, self.tokenizer.token_to_id("[SEP]")]
        given = np.array([whole], dtype=np.int64)
        [scores] = self.session.run(None, {"ids": given, "mask": np.ones_like(given)})
        present, telling, *rest = (float(score) for score in scores[0])
        sign, sure = _best(rest[: len(self.signs)], self.signs)
        asks, asks_sure = _best(rest[len(self.signs) :], self.asks)
        enough = CLOSES_SURELY if asks in CLOSING else ASKS_SURELY
        return Opinion(present, telling, sign, sure, asks if asks_sure >= enough else "")


def _best(scores: Sequence[float], names: Sequence[str]) -> tuple[str, float]:
    """The name with the highest score, and its share of the whole after softmax."""
    best = max(range(len(scores)), key=scores.__getitem__)
    return names[best], 1 / sum(math.exp(score - scores[best]) for score in scores)


def has_third_ear(language: str) -> bool:
    """Whether one was trained for `language`: that takes a network that has read much of it, and ships as a package."""
    return (WEIGHTS / language / "transformer.json").is_file()


def third_ear(language: str) -> Transformer | None:
    """The transformer, loaded once, whatever threads ask; None where its libraries or weights are not installed."""
    with _LOADING:
        return loaded(language)


_LOADING: Final = threading.Lock()


@cache
def loaded(language: str) -> Transformer | None:
    """The transformer for whoever is sure to be alone; `third_ear` is for everybody else."""
    if not has_third_ear(language):
        return None
    # Since 1.29 onnxruntime reports its use to its maker unless it is told not to before it is imported
    # (github.com/microsoft/onnxruntime/pull/27379), and nothing that hears people may.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415  # only when this ear is asked
        from tokenizers import Tokenizer  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        weights = WEIGHTS / language
        meta = json.loads((weights / "transformer.json").read_text(encoding="utf-8"))
        session = onnxruntime.InferenceSession(
            str(weights / "transformer.onnx"), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(weights / "tokens.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return Transformer(session, tokenizer, meta["signs"], meta["asks"])
    except Exception as error:  # noqa: BLE001  # without it hearing is worse, but it hears
        _LOG.warning("the third ear is not there: %s", type(error).__name__)
        return None


def asked(text: str, language: str) -> Opinion | None:
    """The third ear's opinion on `text`; None where it isn't there or fails."""
    ear = third_ear(language)
    if ear is None:
        return None
    try:
        return ear.opinion(text)
    except Exception as error:  # noqa: BLE001  # the same
        _LOG.warning("the third ear failed: %s", type(error).__name__)
        return None

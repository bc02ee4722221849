"""SSML as a voice plays it: parts to say, each at its rate, with the silence that follows."""

from __future__ import annotations

import io
import threading
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any, Final
from xml.etree import ElementTree as ET  # our own SSML only, which autoescape keeps valid

WORDS_A_SECOND: Final = 2.4
"""An ordinary reading voice, as 60 words in 25 seconds; for what is said before anything has been rendered."""

_SPELT: Final = frozenset({"digits", "characters", "spell-out"})
_PAUSES: Final = {"p": 1_000, "s": 300}
_LOCK: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Part:
    """Words to say at `rate` (1 is the voice's own), then `pause` milliseconds of silence."""

    text: str
    rate: float = 1.0
    pause: int = 0

    @property
    def seconds(self) -> float:
        """How long an ordinary voice takes for it, the silence included."""
        return len(self.text.split()) / WORDS_A_SECOND / self.rate + self.pause / 1_000


def parts(ssml: str) -> tuple[Part, ...]:
    """The parts that the SSML document `ssml` asks for, in order.

    Browsers and small voices read SSML's tags aloud or drop them, so digits come apart, substitutes are
    taken, and breaks and rates are told beside the words (Alexa's SSML reference: break, prosody, say-as, sub).
    """
    made: list[Part] = []
    for part in _parts(ET.fromstring(ssml), 1.0):  # noqa: S314
        last = made[-1] if made else Part("")
        if made and last.pause == part.pause == 0 and last.rate == part.rate:
            made[-1] = replace(last, text=last.text + part.text)
        elif made and not part.text.strip():
            made[-1] = replace(last, pause=last.pause + part.pause)
        elif part.text.strip() or part.pause:
            made.append(part)
    return tuple(replace(part, text=" ".join(part.text.split())) for part in made)


def _parts(element: ET.Element, rate: float) -> Iterator[Part]:
    if element.tag == "prosody":
        rate *= float(element.get("rate", "100%").removesuffix("%")) / 100
    if element.tag == "break":
        yield Part("", rate, _milliseconds(element.get("time", "0ms")))
        return
    text = element.get("alias") or element.text or ""
    yield Part(" ".join(text) if element.get("interpret-as") in _SPELT else text, rate)
    for child in element:
        yield from _parts(child, rate)
        yield Part(child.tail or "", rate)
    if element.tag in _PAUSES:
        yield Part("", rate, _PAUSES[element.tag])


def _milliseconds(time: str) -> int:
    return int(time.removesuffix("ms")) if time.endswith("ms") else int(float(time.removesuffix("s")) * 1_000)


def has_voice() -> bool:
    """Whether a package that ships a voice is installed (pip install "face-guide[voice]")."""
    return find_spec("hibari") is not None


def rendered(said: Sequence[Part]) -> bytes:
    """`said` as a WAV file, 16 bits, one channel, in Hibari's own voice: the only one that its package ships."""
    import numpy as np  # noqa: PLC0415  # both come with the voice alone
    from hibari import SAMPLE_RATE  # noqa: PLC0415

    with _LOCK:
        sounds = [_voice()(part.text, speed=part.rate) for part in said]
    silences = [np.zeros(part.pause * SAMPLE_RATE // 1_000, np.float32) for part in said]
    samples = np.concatenate([piece for pair in zip(sounds, silences, strict=True) for piece in pair])
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return file.getvalue()


def finish() -> None:
    """Waits for what is being rendered, and lets nothing more be: a runtime that is cut off aborts the process."""
    _LOCK.acquire()


@cache
def _voice() -> Any:  # noqa: ANN401  # Hibari's own type, in an optional package
    from hibari import Hibari  # noqa: PLC0415

    return Hibari()

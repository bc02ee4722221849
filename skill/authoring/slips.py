"""What a recogniser makes of English sentences with a sign, and what hearing makes of that. Run by `make slips`.

Speaks a sample of the unseen sentences with two voices that packages ship, clean, in noise, and slowed and
blurred as slurred speech is, and decodes them with pocketsphinx. A report, not a gate: that recogniser is
not Alexa's, and it turns "can't" into "can" every time.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import wave
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
from hibari import Hibari
from pocketsphinx import Decoder
from rich.progress import track

from skill.authoring.measure import Share, sentences
from skill.authoring.report import FOLDER, SLIPS
from skill.hearing.hear import hear
from skill.hearing.heard import verdict_of
from skill.turn import Slot, Verdict

SAMPLE: Final = 100
SEED: Final = 5
RATE: Final = 16_000
NOISE_DB: Final = 10.0
SLOWED, BLUR = 1.25, 7

Sound = Any


def clean(sound: Sound, _: random.Random) -> Sound:
    """The voice as it is."""
    return sound


def noisy(sound: Sound, chance: random.Random) -> Sound:
    """The voice with white noise ten decibels below it."""
    power = float(np.mean(sound**2)) / 10 ** (NOISE_DB / 10)
    return sound + np.random.default_rng(chance.randrange(2**32)).normal(0, np.sqrt(power), len(sound))


def slurred(sound: Sound, _: random.Random) -> Sound:
    """The voice drawn out, with its edges blurred."""
    slow = np.interp(np.arange(0, len(sound), 1 / SLOWED), np.arange(len(sound)), sound)
    return np.convolve(slow, np.ones(BLUR) / BLUR, mode="same")


WAYS: Final[dict[str, Callable[[Sound, random.Random], Sound]]] = {"clean": clean, "noise": noisy, "slurred": slurred}


def flite(text: str) -> Sound:
    """`text` in flite's voice slt, as samples between -1 and 1 at 16 kHz."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", file.name], check=True)  # noqa: S603, S607
        return _read(file.name)


def hibari() -> Callable[[str], Sound]:
    """Hibari's own voice, in the same form."""
    voice = Hibari()

    def speak(text: str) -> Sound:
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            voice.save(text, file.name)
            return _read(file.name)

    return speak


def _read(name: str) -> Sound:
    with wave.open(name) as spoken:
        sound = np.frombuffer(spoken.readframes(spoken.getnframes()), np.int16) / 32768
        step = spoken.getframerate() / RATE
    return np.interp(np.arange(0, len(sound), step), np.arange(len(sound)), sound)


def measure() -> None:
    """Writes reports/slips.json."""
    chance = random.Random(SEED)  # noqa: S311  # a sample, no secret
    sample = chance.sample([row.text for row in sentences("unseen", "en") if row.label == "present"], SAMPLE)
    made = {}
    for voice, speak in {"flite slt": flite, "hibari": hibari()}.items():
        for way, change in WAYS.items():
            said = [_decoded(change(speak(text), chance)) for text in track(sample, description=f"{voice}, {way}")]
            verdicts = [verdict_of(hear([Slot("words", text)], "en")) for text in said]
            made[f"{voice}, {way}"] = {
                "word_error": f"{_word_error(sample, said):.0%}",
                "recall": str(Share(sum(v is Verdict.ESCALATE for v in verdicts), SAMPLE)),
                "safe": str(Share(sum(v is not Verdict.INFORM for v in verdicts), SAMPLE)),
            }
    FOLDER.mkdir(exist_ok=True)
    SLIPS.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


@cache
def _decoder() -> Decoder:
    return Decoder(samprate=RATE, loglevel="FATAL")


def _decoded(sound: Sound) -> str:
    decoder = _decoder()
    decoder.start_utt()
    decoder.process_raw((np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr if found else ""


def _word_error(given: Sequence[str], decoded: Sequence[str]) -> float:
    wrong = sum(_distance(one.split(), two.split()) for one, two in zip(given, decoded, strict=True))
    return wrong / sum(len(one.split()) for one in given)


def _distance(one: Sequence[str], two: Sequence[str]) -> int:
    row = list(range(len(two) + 1))
    for i, word in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(two, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


if __name__ == "__main__":
    measure()

from __future__ import annotations

import array
import io
import wave

from skill.simulator.voice import Part, rendered


def test_the_rendered_voice_keeps_silence_and_rate() -> None:
    def frames(*said: Part) -> array.array[int]:
        with wave.open(io.BytesIO(rendered(said))) as sound:
            assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 24_000)
            return array.array("h", sound.readframes(sound.getnframes()))

    plain, slow = frames(Part("Call 9 1 1 now.")), frames(Part("Call 9 1 1 now.", rate=0.8))
    assert len(slow) > len(plain) * 1.1
    paused = frames(Part("Call 9 1 1 now.", pause=400))
    assert len(paused) - len(plain) == 9_600
    assert not any(paused[-9_600:])
    assert max(plain) > 3_000
    assert len(frames(Part("", pause=10_000))) == 240_000

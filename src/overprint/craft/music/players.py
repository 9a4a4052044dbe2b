"""What plays a note: a few sines with an envelope. Nothing sounds above what the sample rate can carry."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from overprint.craft.music.moods import Player
from overprint.craft.narration.waves import Samples

RATE_HZ = 48_000
_HIGHEST_HZ = 14_000.0


@dataclass(frozen=True, slots=True)
class Timbre:
    """``partials``: multiple of the pitch, share, and how fast it dies away (nepers a second). Attack and release in
    seconds; ``detune``: how far (in shares of the pitch) two more of each partial lie beside it."""

    partials: tuple[tuple[float, float, float], ...]
    attack: float
    release: float
    detune: float = 0.0


_TIMBRES: Mapping[Player, Timbre] = {
    Player.PAD: Timbre(((1, 1.0, 0), (2, 0.28, 0), (3, 0.08, 0), (4, 0.03, 0)), 0.9, 1.4, 0.0028),
    Player.STRINGS: Timbre(tuple((n, 1.0 / n**1.6, 0) for n in range(1, 10)), 0.35, 0.9, 0.0021),
    Player.BELL: Timbre(((1, 1.0, 2.6), (3.01, 0.3, 6.0), (5.4, 0.1, 13.0)), 0.006, 0.5),
    Player.PLUCK: Timbre(tuple((n, 1.0 / n**1.4, 3.2 + 1.5 * n) for n in range(1, 8)), 0.005, 0.12),
    Player.BASS: Timbre(((1, 1.0, 0.5), (2, 0.35, 0.9), (3, 0.12, 1.4)), 0.03, 0.4),
}


@lru_cache(maxsize=512)
def played(player: Player, pitch: int, milliseconds: int) -> Samples:
    """One note at full loudness, with its release after ``milliseconds``. Not to be written to."""
    timbre = _TIMBRES[player]
    count = round((milliseconds / 1000 + timbre.release) * RATE_HZ)
    clock = np.arange(count, dtype=np.float32) / np.float32(RATE_HZ)
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    sound = np.zeros(count, np.float32)
    for number, (multiple, share, decay) in enumerate(timbre.partials):
        for beside in (0.0, timbre.detune, -timbre.detune) if timbre.detune else (0.0,):
            at_hz = hertz * multiple * (1 + beside)
            if at_hz > _HIGHEST_HZ:
                continue
            turn = 2.399963 * (number + 3 * (beside > 0) + 5 * (beside < 0))  # so that no two begin together
            wave = np.sin(np.float32(2 * np.pi * at_hz) * clock + np.float32(turn))
            sound += np.float32(share) * (wave * np.exp(np.float32(-decay) * clock) if decay else wave)
    sound *= np.float32(1 / (3 if timbre.detune else 1)) * _envelope(timbre, count)
    sound.setflags(write=False)
    return sound


def _envelope(timbre: Timbre, count: int) -> Samples:
    """Cosines at both ends: a corner would click."""
    attack = min(count // 2, max(1, round(timbre.attack * RATE_HZ)))
    release = min(count - attack, max(1, round(timbre.release * RATE_HZ)))
    shape = np.ones(count, np.float32)
    shape[:attack] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, attack, dtype=np.float32))
    shape[count - release :] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, release, dtype=np.float32))
    return shape

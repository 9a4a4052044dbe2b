"""The formant voice's characters: one synthesiser, told apart by its variants and by pitch."""

from dataclasses import dataclass

from overprint.core.narration import Register, Voice

WORDS_A_MINUTE = 150


@dataclass(frozen=True, slots=True)
class Timbre:
    """A variant of espeak-ng, with pitch and pitch range from 0 to 100 (50 is its own)."""

    variant: str
    pitch: int = 50
    pitch_range: int = 50


# What espeak-ng reads so that it can be understood. Refused: Japanese, whose characters it spells out; Hebrew, Arabic,
# Persian, Sindhi and Urdu, of which it says the consonants alone, for vowels are not written; Thai, whose words it
# cannot tell apart.
_LANGUAGES = (
    "en de fr es it pt nl da sv no nb is fi et lv lt pl cs sk sl hr bs sr mk bg ru uk be ro hu el sq tr az kk ky tt uz "
    "hy ka hi bn gu kn ml mr ne or pa si ta te vi id ms sw af am ca eu ga cy eo la zh cmn yue ko"
)
LANGUAGES = tuple(_LANGUAGES.split())
_LOW, _MIDDLE, _HIGH = Register.LOW, Register.MIDDLE, Register.HIGH
_CAST: tuple[tuple[str, Register, Timbre], ...] = (
    ("teller", _MIDDLE, Timbre("", 55, 60)),
    ("bright", _HIGH, Timbre("f3", 55, 60)),
    ("steady", _LOW, Timbre("m3", 40)),
    ("warm", _MIDDLE, Timbre("f2", 25)),
    ("nimble", _MIDDLE, Timbre("m1", 85, 60)),
    ("small", _HIGH, Timbre("f5", 80, 60)),
    ("gruff", _LOW, Timbre("m7", 20)),
    ("clear", _HIGH, Timbre("f4", 52)),
    ("hoarse", _MIDDLE, Timbre("croak", 60)),
    ("deep", _LOW, Timbre("m8", 15)),
)
TIMBRES = {name: timbre for name, _, timbre in _CAST}
VOICES = tuple(Voice(name, f"formant voice, {name}", register, LANGUAGES) for name, register, _ in _CAST)

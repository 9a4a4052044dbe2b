"""The few functions of espeak-ng that are used, through ctypes. Loaded by the formant voice's own program only.

espeak-ng is GPL-3.0-or-later; it comes as the wheel ``espeakng-loader`` and never into Overprint's own processes.
"""

import ctypes
from collections.abc import Mapping
from dataclasses import dataclass

import espeakng_loader

RATE_HZ = 22_050
_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_RATE, _PITCH, _RANGE, _WORD_GAP = 1, 3, 4, 7
_UTF8, _AT_CHARACTER = 1, 1
_WORD_EVENT = 1
_LANGUAGES_A_VOICE_MAX = 20


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


class _Voice(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


_Heard = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Manner:
    """How to say it: words a minute, pitch and its range from 0 to 100 with 50 as the voice's own."""

    words_a_minute: int
    pitch: int
    pitch_range: int


class Formants:
    """The library, opened. It carries traces of what it said before: for the same bytes each time, fork and speak."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = str(espeakng_loader.get_data_path()).encode()
        if self._library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT) != RATE_HZ:
            raise RuntimeError("espeak-ng could not be opened")
        self._pcm: list[bytes] = []
        self._words: list[tuple[int, int, int]] = []
        self._heard = _Heard(self._hear)  # kept: the library calls it
        self._library.espeak_SetSynthCallback(self._heard)
        self.languages: Mapping[str, str] = self._languages()

    def speak(self, text: str, voice: str, manner: Manner) -> tuple[bytes, list[tuple[int, int, int]]]:
        """16-bit samples, and for each word its first character, length and milliseconds. ``LookupError``: no voice."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise LookupError(voice)
        parameters = (_RATE, manner.words_a_minute), (_PITCH, manner.pitch), (_RANGE, manner.pitch_range)
        for parameter, value in (*parameters, (_WORD_GAP, 0)):
            self._library.espeak_SetParameter(parameter, value, 0)
        said = text.encode() + b"\0"
        self._library.espeak_Synth(said, len(said), 0, _AT_CHARACTER, 0, _UTF8, None, None)
        self._library.espeak_Synchronize()
        return b"".join(self._pcm), self._words

    def _hear(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]") -> int:
        if count > 0:
            self._pcm.append(ctypes.string_at(samples, count * 2))
        number = 0
        while events[number].type:
            event = events[number]
            if event.type == _WORD_EVENT:
                self._words.append((event.text_position - 1, event.length, event.audio_position_ms))
            number += 1
        return 0

    def _languages(self) -> dict[str, str]:
        """The voice for each language tag, by the library's own priority (lower goes first)."""
        listing = self._library.espeak_ListVoices
        listing.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        found: dict[str, tuple[int, str]] = {}
        voices, number = listing(None), 0
        while voices[number]:
            voice = voices[number].contents
            for priority, tag in _tags_of(voice.languages):
                best = (priority, voice.identifier.decode())
                found[tag] = min(found.get(tag, best), best)
            number += 1
        return {tag: identifier for tag, (_, identifier) in found.items()}


def _tags_of(address: int | None) -> list[tuple[int, str]]:
    """A list in memory: a byte of priority, the tag, a zero; and so on, up to a priority of zero."""
    tags: list[tuple[int, str]] = []
    at = address or 0
    while at and len(tags) < _LANGUAGES_A_VOICE_MAX and (priority := ctypes.string_at(at, 1)[0]):
        tag = ctypes.string_at(at + 1)
        tags.append((priority, tag.decode("ascii", "replace").lower()))
        at += len(tag) + 2
    return tags

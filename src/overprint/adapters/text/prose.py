"""The words for people out of JSON that is still being written.

Watchers want to read the story as it comes, not braces and enums. This reads JSON letter by letter and lets
through the text of the fields that hold prose; it never judges whether the JSON is sound.
"""

from collections.abc import Iterator
from enum import Enum, auto

PROSE_FIELDS = frozenset({"title", "logline", "summary", "paragraphs", "caption"})
_ESCAPES = {"n": "\n", "t": "\t", "r": "", "b": "", "f": ""}
_NAME_MAX_CHARACTERS = 40


class _In(Enum):
    OPEN = auto()  # between strings
    STRING = auto()
    ESCAPE = auto()
    CODE = auto()  # the four digits of \uXXXX


class ProseReader:
    """Feed it pieces in order. Each piece of prose ends with a line break, so that pieces can simply be joined."""

    def __init__(self) -> None:
        self._state = _In.OPEN
        self._is_prose = False
        self._field = ""  # the last name that was followed by a colon
        self._string = ""  # the start of the string at hand, in case it turns out to be a name
        self._code = ""
        self._high = 0

    def feed(self, piece: str) -> str:
        """What of ``piece`` can be read by people; often nothing."""
        return "".join(self._read(piece))

    def _read(self, piece: str) -> Iterator[str]:
        for letter in piece:
            if self._state is _In.OPEN:
                self._outside(letter)
            elif self._state is _In.STRING:
                yield self._inside(letter)
            elif self._state is _In.ESCAPE:
                yield self._escaped(letter)
            else:
                yield self._coded(letter)

    def _outside(self, letter: str) -> None:
        if letter == '"':
            self._state, self._string = _In.STRING, ""
        elif letter == ":":
            self._field, self._is_prose = self._string, self._string in PROSE_FIELDS
        elif letter in "{}":
            self._is_prose = False
        elif letter == "," and self._field != "paragraphs":
            self._is_prose = False  # what follows is a name, except in the one list of prose

    def _inside(self, letter: str) -> str:
        if letter == '"':
            self._state = _In.OPEN
            return "\n" if self._is_prose else ""
        if letter == "\\":
            self._state = _In.ESCAPE
            return ""
        return self._text(letter)

    def _escaped(self, letter: str) -> str:
        if letter == "u":
            self._state, self._code = _In.CODE, ""
            return ""
        self._state = _In.STRING
        return self._text(_ESCAPES.get(letter, letter))

    def _coded(self, letter: str) -> str:
        self._code += letter
        if len(self._code) < 4:
            return ""
        self._state = _In.STRING
        try:
            number = int(self._code, 16)
        except ValueError:
            return ""
        return self._text(self._joined(number))

    def _joined(self, number: int) -> str:
        """One letter of a code, or of two surrogates that stand for one."""
        high, self._high = self._high, 0
        if 0xD800 <= number < 0xDC00:
            self._high = number
            return ""
        if 0xDC00 <= number < 0xE000:
            return chr(0x10000 + ((high - 0xD800) << 10) + (number - 0xDC00)) if high else ""
        return chr(number) if number >= 0x20 else ""

    def _text(self, text: str) -> str:
        if self._is_prose:
            return text
        if len(self._string) < _NAME_MAX_CHARACTERS:
            self._string += text
        return ""

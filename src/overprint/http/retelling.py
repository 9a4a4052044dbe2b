"""Sentences that the code filled in itself, as those of problems, in another language: found by what does not vary.

The catalogue holds ``The book has {} pages.``; what stood in the hole is put into the other language's sentence.
Several sentences in a row are found one by one. Nothing is searched backwards, so the time grows with the length alone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

MESSAGE_MAX_CHARACTERS = 2000  # what somebody sent may stand in it
_SENTENCES_MAX = 12
_KEPT_MAX = 4096
_DEPTH_MAX = 4  # sentences in holes of sentences; what somebody sent could stand in itself for ever
_PLACE = re.compile(r"\{(\d*)\}")
_COUNTED = re.compile(r"(\d+) ([a-z]+)")
_BETWEEN = re.compile(r"(?:(?<=[.!?])|(?<=[.!?]”)) (?=[A-Z“`])")
_LIST = re.compile(r"(, | and )")
_QUOTES = ("“", "‘", "'", '"', "`")

Holed = tuple[tuple[str, ...], str]


class Retelling:
    """``counted``: the forms of ``{} step``, among which ``plural`` chooses; ``conjunction``: how ``and`` is said."""

    def __init__(
        self,
        sentences: Mapping[str, str],
        counted: Mapping[str, Sequence[str]],
        plural: Callable[[int], int],
        conjunction: str,
    ) -> None:
        self._sentences = sentences
        self._counted = counted
        self._plural = plural
        self._conjunction = conjunction
        holed = ((tuple(each.split("{}")), said) for each, said in sentences.items() if "{}" in each)
        self._holed: list[Holed] = sorted(holed, key=lambda each: len("".join(each[0])), reverse=True)
        self._kept = lru_cache(_KEPT_MAX)(self._retold)

    def retold(self, message: str) -> str:
        """The message itself where it is not known, or too long to be looked for and kept."""
        if not message or len(message) > MESSAGE_MAX_CHARACTERS:
            return message
        return self._kept(message)

    def _retold(self, message: str) -> str:
        sentences = _BETWEEN.split(message)
        if len(sentences) > _SENTENCES_MAX:
            return message
        told, at = [], 0
        while at < len(sentences):
            ends = range(len(sentences), at, -1)
            runs = ((end, self._found(" ".join(sentences[at:end]), is_run=end - at > 1)) for end in ends)
            end, said = next(((end, said) for end, said in runs if said), (at + 1, sentences[at]))
            told.append(said)
            at = end
        return " ".join(told)

    def _found(self, message: str, *, is_run: bool, depth: int = 0) -> str:
        """A sentence, or several that the catalogue holds as one; empty where it is not there. ``depth``: in how many
        holes of others it stood."""
        if message in self._sentences:
            return self._sentences[message]
        for parts, said in self._holed:
            values = _values(message, parts)
            if values is None:
                continue
            holes = [(value, part.endswith(_QUOTES)) for value, part in zip(values, parts, strict=False)]
            if is_run and any(_BETWEEN.search(value) for value, is_quoted in holes if not is_quoted):
                continue
            told = [value if is_quoted else self._value(value, depth + 1) for value, is_quoted in holes]
            return _filled(said, told, begins=not parts[0])
        return ""

    def _value(self, value: str, depth: int) -> str:
        """What stood in a hole: a number of things, a list, words of ours; else as it is."""
        number = _COUNTED.fullmatch(value)
        if number:
            forms = self._counted.get(f"{{}} {number[2].removesuffix('s')}")
            return forms[self._plural(int(number[1]))].replace("{}", number[1]) if forms else value
        if " " not in value and not value.islower():
            return value  # a name
        known = self._sentences.get(value) or self._sentences.get(value[:1].lower() + value[1:])
        if known:
            return known
        if " and " in value and not value.endswith("."):
            return "".join(
                f" {self._conjunction} " if part == " and " else part if part == ", " else self._value(part, depth)
                for part in _LIST.split(value)
            )
        is_sought = " " in value and depth <= _DEPTH_MAX
        return (self._found(value, is_run=False, depth=depth) if is_sought else "") or value


def _values(message: str, parts: Sequence[str]) -> list[str] | None:
    """What stands in the holes between the parts; None where it is another sentence."""
    first, *middle, last = parts
    if not message.startswith(first) or not message.endswith(last) or len(message) < len(first) + len(last):
        return None
    values, at, end = [], len(first), len(message) - len(last)
    for part in middle:
        found = message.find(part, at, end)
        if found < 0:
            return None
        values.append(message[at:found])
        at = found + len(part)
    return [*values, message[at:end]]


def _filled(sentence: str, values: Sequence[str], *, begins: bool) -> str:
    """``{}`` in their order, or ``{1}`` by number where a language says it the other way round."""
    following = iter(values)
    said = _PLACE.sub(lambda place: values[int(place[1])] if place[1] else next(following), sentence)
    return said[:1].upper() + said[1:] if begins and values[0][:1].isupper() else said

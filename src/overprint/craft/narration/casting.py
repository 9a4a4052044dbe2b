"""A voice for everybody: the narrator's first, then the characters', by how high a voice they would have."""

from collections import Counter
from collections.abc import Mapping, Sequence

from overprint.core.narration import NARRATOR, Casting, Register, Voice
from overprint.core.problems import Invalid
from overprint.core.story import Character, CharacterRole, Pronouns

GROWN_UP_HEIGHT = 1.15
_ROLES = tuple(CharacterRole)
_LOW, _MIDDLE, _HIGH = Register.LOW, Register.MIDDLE, Register.HIGH
_SMALL = {Pronouns.SHE: (_HIGH, _MIDDLE, _LOW), Pronouns.HE: (_MIDDLE, _LOW, _HIGH)}
_GROWN = {Pronouns.SHE: (_MIDDLE, _HIGH, _LOW), Pronouns.HE: (_LOW, _MIDDLE, _HIGH)}


def cast_voices(
    people: Sequence[Character], heights: Mapping[str, float], voices: Sequence[Voice], language: str
) -> Casting:
    """Voice ids by character id, and ``NARRATOR``. ``heights`` as on sheets (1 is a child's).

    Nobody shares a voice while there are enough; then the narrator's is still shared last. The same input gives the
    same cast. Raises ``Invalid`` when no voice speaks the language.
    """
    able = [voice for voice in voices if _speaks(voice, language)]
    if not able:
        raise Invalid(
            f"No voice here can read the language of this book ({language[:20]!r}), so it stays silent.",
            "Choose a provider whose voices can.",
        )
    cast = {NARRATOR: able[0].id}
    uses = Counter({able[0].id: 1})
    for person in sorted(people, key=lambda person: _ROLES.index(person.role)):
        liked = _liked(person, heights.get(person.id, 1.0))
        choices = able[1:] or able
        chosen = min(choices, key=lambda voice: (uses[voice.id], liked.index(voice.register)))
        cast[person.id] = chosen.id
        uses[chosen.id] += 1
    return cast


def _liked(person: Character, height: float) -> tuple[Register, ...]:
    grown = height >= GROWN_UP_HEIGHT
    other = (_LOW, _MIDDLE, _HIGH) if grown else (_MIDDLE, _HIGH, _LOW)
    return (_GROWN if grown else _SMALL).get(person.pronouns, other)


def _speaks(voice: Voice, language: str) -> bool:
    spoken = {tag.lower().partition("-")[0] for tag in voice.languages}
    return not spoken or language.lower().partition("-")[0] in spoken

"""What somebody in a story is called."""

from overprint.core.story import Character
from overprint.craft.writing.vocabulary import lexicon

_PLAIN = ("child", "girl", "boy", "woman", "man", "somebody", "someone")


def with_kind(character: Character, trait: str = "") -> str:
    """``Quince the fox``; only the name where the kind is in it or says nothing. ``trait`` goes before the kind: a word
    and a space, or nothing."""
    is_kin = character.name.lower() in lexicon().kin  # Papa is no "Papa the dad"
    is_told = is_kin or character.noun.lower() in character.name.lower() or (character.noun in _PLAIN and not trait)
    return character.name if is_told else f"{character.name} the {trait}{character.noun}"

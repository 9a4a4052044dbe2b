"""How somebody in a premise looks: colours, clothes and what they wear on top."""

import re
from dataclasses import dataclass, replace

from overprint.core.scene import Accessory, Garment
from overprint.craft.writing.nouns import Mention
from overprint.craft.writing.vocabulary import lexicon

_W = r"[^\W\d_][\w’-]*"


@dataclass(frozen=True, slots=True)
class Clothes:
    """What a premise says of a look; ``None`` or empty where it says nothing. Colours are ``#rrggbb``."""

    body: str | None = None
    hair: str | None = None
    garment: Garment | None = None
    outfit: str | None = None
    accent: str | None = None
    accessories: tuple[Accessory, ...] = ()


NO_CLOTHES = Clothes()


def clothes_of(text: str, mention: Mention, everybody: list[Mention]) -> Clothes:
    """What ``text`` says of the looks of ``mention``, up to where it speaks of somebody else."""
    known = lexicon()
    colour = next((known.colours[word] for word in mention.adjectives if word in known.colours), None)
    following = [m.start for m in everybody if m.start > mention.start]
    stretch = text[mention.spans[0][1] : min([*following, mention.spans[0][1] + 120])].lower()
    worn = re.findall(
        rf"(?:in|wears|wearing|with|has|uses|and) (?:an? |her |his |their |its )?((?:{_W} ){{0,2}})"
        rf"(hair|fur|{'|'.join(map(re.escape, _wearables()))})\b",
        stretch,
    )
    clothes = Clothes(body=colour)
    for adjectives, thing in worn:
        tint = next((known.colours[word] for word in adjectives.split() if word in known.colours), None)
        clothes = _put_on(clothes, adjectives, thing, tint)
    return clothes


def _wearables() -> list[str]:
    known = lexicon()
    return sorted([*known.garments, *known.accessories], key=len, reverse=True)


def _put_on(clothes: Clothes, adjectives: str, thing: str, tint: str | None) -> Clothes:
    known = lexicon()
    if thing in ("hair", "fur"):
        return (
            replace(clothes, hair=tint or clothes.hair)
            if thing == "hair"
            else replace(clothes, body=tint or clothes.body)
        )
    if thing in known.garments:
        return replace(clothes, garment=known.garments[thing], outfit=tint or clothes.outfit)
    accessory = known.accessories[thing]
    if thing in ("hat", "cap") and any(word in adjectives for word in ("point", "witch", "wizard")):
        accessory = Accessory.WITCH_HAT
    return replace(clothes, accessories=(*clothes.accessories, accessory), accent=tint or clothes.accent)

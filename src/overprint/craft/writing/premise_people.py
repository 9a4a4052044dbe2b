"""Who somebody in a premise is: name, kind, pronouns, traits, and whose they are."""

import re
from dataclasses import dataclass

from overprint.core.story import Pronouns
from overprint.craft.writing.cleaning import clean_name
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.nouns import Mention
from overprint.craft.writing.premise_clothes import NO_CLOTHES, Clothes, clothes_of
from overprint.craft.writing.referring import kin_of
from overprint.craft.writing.subjects import is_about_somebody
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.want_kinds import goal_of
from overprint.craft.writing.wants import Want

_W = r"[^\W\d_][\w’-]*"
# Wants for which whoever they speak of is there from the start.
_IN_COMPANY = re.compile(
    r"\b(?:with|belongs|sorry|help|teach|show|join|thank|surprise|cheer|impress|tell|persuade|forgive|beat|outwit"
    r"|trick|look after|babysit|protect|lead|walk|ride|feed|take|stop|train|tame|hide|comfort|be|choose|prove"
    r"|keep|remember|swap|challenge|fight|play|dance|visit"
    r"|ask|thank|marry|hug|kiss|free)\b"
)
# What somebody is that a story must not forget.
_TOLD_TRAITS = ("deaf", "blind", "autistic", "dyslexic", "colour-blind", "left-handed", "adopted", "homesick")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the premise speaks of. ``being`` is their word in the lexicon, ``noun`` the premise's own."""

    name: str
    noun: str
    being: str
    pronouns: Pronouns | None
    traits: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    clothes: Clothes = NO_CLOTHES
    is_sought: bool = False


def is_inside(mention: Mention, want: Want | None) -> bool:
    return want is not None and want.start <= mention.start < want.end


def person_of(text: str, mention: Mention, everybody: list[Mention], want: Want | None) -> Person:
    being = lexicon().beings.get(mention.being)
    is_sought = is_inside(mention, want) and want is not None and mention is not everybody[0]
    if is_sought and want is not None:
        goal = goal_of(want.phrase)
        is_sought = is_about_somebody(goal) or not _IN_COMPANY.search(goal)
    known = (lexicon().names.get(word.lower()) for word in mention.name.split())
    named = next((each for each in known if each), None) if len(everybody) > 1 or " " in mention.name else None
    pronouns = (
        _titled(mention.name)
        or named
        or _told_by_noun(mention.noun)
        or _pronouns(text, mention, everybody)
        or (being.pronouns if being else None)
    )
    if pronouns is None and mention.name and mention is everybody[0] and not _is_known_name(mention.name):
        pronouns = _only_pronouns(text)
    return Person(
        name=clean_name(mention.name),
        noun=mention.noun.lower(),
        being=mention.being,
        pronouns=pronouns or lexicon().names.get(mention.name.split()[-1].lower() if mention.name else ""),
        traits=_traits(text, mention),
        facts=tuple(
            Fact(FactKind.IS, told)
            for told in (
                *(word for word in mention.adjectives if word in _TOLD_TRAITS),
                _one_of_its_kind(text, mention),
                kin_of(mention, everybody),
            )
            if told
        ),
        clothes=clothes_of(text, mention, everybody),
        is_sought=is_sought,
    )


def _one_of_its_kind(text: str, mention: Mention) -> str:
    """``The last dinosaur`` is the last of them; empty for anybody else."""
    found = re.match(
        rf"the (last|only) (?:{_W} ){{0,2}}?{re.escape(mention.noun)}\b", text[mention.start :], re.IGNORECASE
    )
    return found[0].lower() if found and mention.noun else ""


def _titled(name: str) -> Pronouns | None:
    """``Mr Finch`` is he, whatever he does for a living."""
    title = name.split(" ")[0]
    if title in ("Mr", "Sir", "Uncle", "King", "Prince", "Lord"):
        return Pronouns.HE
    return Pronouns.SHE if title in ("Mrs", "Miss", "Ms", "Aunt", "Queen", "Princess", "Lady", "Dame") else None


def _told_by_noun(noun: str) -> Pronouns | None:
    """A ``queen bee`` is she, whatever a bee may be."""
    words = set(noun.lower().split()[:-1])
    if words & {"queen", "princess", "mother", "mama", "lady"}:
        return Pronouns.SHE
    return Pronouns.HE if words & {"king", "prince", "father", "papa"} else None


def _pronouns(text: str, mention: Mention, everybody: list[Mention]) -> Pronouns | None:
    """From the first pronoun after the mention, before the next mention that has no owner."""
    following = [m.start for m in everybody if m.start > mention.start and not m.owner]
    stretch = text[mention.spans[0][1] : min(following, default=len(text))]
    known = {
        **dict.fromkeys(("she", "her", "herself"), Pronouns.SHE),
        **dict.fromkeys(("he", "his", "him", "himself"), Pronouns.HE),
        **({} if mention.being or mention.name else {"it": Pronouns.IT}),
        "they": Pronouns.THEY,
        "their": Pronouns.THEY,
    }
    fixed = lexicon().beings.get(mention.being)
    if mention.owner and mention is not everybody[0]:
        return None
    for word in re.findall(r"[a-z]+", stretch.lower()):
        if word in known:
            if known[word] is Pronouns.THEY and (mention.is_plural or len(everybody) > 1):
                return None
            is_fixed = fixed is not None and fixed.pronouns not in (None, Pronouns.IT)
            return None if is_fixed else known[word]
    return None


def _is_known_name(name: str) -> bool:
    return name.split()[-1].lower() in lexicon().names


def _only_pronouns(text: str) -> Pronouns | None:
    """Where a premise says "he" and never "she", a hero with a name that no list knows is meant; and so with "she"."""
    words = set(re.findall(r"[a-z]+", text.lower()))
    says_he, says_she = bool(words & {"he", "his", "him"}), bool(words & {"she", "her", "hers"})
    return None if says_he is says_she else Pronouns.HE if says_he else Pronouns.SHE


def _traits(text: str, mention: Mention) -> tuple[str, ...]:
    known = lexicon()
    found = [word for word in mention.adjectives if word not in known.colours and word not in known.refused]
    after = re.match(
        rf",? (?:who |that )?(?:is|are|was) (?:very |so |too |rather |quite |a bit )?({_W})(?:,? and ({_W}))?",
        text[mention.spans[0][1] :],
    )
    if after:
        found += [word.lower() for word in after.groups() if word and word.lower() in known.traits]
    return tuple(dict.fromkeys(found))[:4]

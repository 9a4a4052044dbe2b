"""Reads a premise: who, what they want, where, when, with what, and what must not be.

Nothing of the premise goes further than what is recognised here: names, nouns, adjectives and
clauses made of letters. Anything else (markup, instructions, nonsense) is simply not seen.
"""

import re
from dataclasses import dataclass, field, replace

from overprint.core.scene import Accessory, Garment, PropKind, Season, Setting, Time, Weather
from overprint.core.story import Pronouns
from overprint.craft.writing.cleaning import clean, clean_name
from overprint.craft.writing.facts import Fact
from overprint.craft.writing.mentions import Mention, find_mentions
from overprint.craft.writing.premise_facts import facts_said
from overprint.craft.writing.premise_things import first_in, forbidden_in, props_in, settings_in
from overprint.craft.writing.vocabulary import lexicon, word_set
from overprint.craft.writing.wants import Want, find_want, sentences_of, want_of_deed

PEOPLE_MAX = 4
_W = r"[^\W\d_][\w’-]*"
_OWNERS = {"her", "his", "their", "its"}
_ENGLISH = word_set(
    "a an the and of to in who is are was wants want with her his their but on for that it she he they not has"
)


@dataclass(frozen=True, slots=True)
class Clothes:
    """What a premise says of a look; ``None`` or empty where it says nothing. Colours are ``#rrggbb``."""

    body: str | None = None
    hair: str | None = None
    garment: Garment | None = None
    outfit: str | None = None
    accent: str | None = None
    accessories: tuple[Accessory, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the premise speaks of. ``being`` is their word in the lexicon, ``noun`` the premise's own."""

    name: str
    noun: str
    being: str
    pronouns: Pronouns | None
    traits: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    clothes: Clothes = Clothes()
    is_sought: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """``people`` has the hero first and may be empty. ``forbidden`` are words of things that must not be there."""

    people: tuple[Person, ...]
    want: str
    settings: tuple[Setting, ...]
    want_setting: Setting | None
    props: tuple[tuple[PropKind, str], ...]
    time: Time | None
    weather: Weather | None
    season: Season | None
    forbidden: tuple[str, ...]
    nouns: tuple[str, ...] = field(default=())


def read(premise: str) -> Reading:
    """What can be understood of ``premise``; never fails, whatever the text."""
    text = clean(premise)
    if _is_foreign(text):
        return _read_foreign(text)
    mentions = find_mentions(text) or _unknown_being(text)
    want, owner = _find_want(text, mentions)
    forbidden = forbidden_in(text)
    mentions = [m for m in mentions if not (m.being in forbidden and not m.name)]
    if owner is not None and owner in mentions and not _is_inside(owner, want):
        mentions = [owner, *(m for m in mentions if m is not owner)]
    people = tuple(_person(text, m, mentions, want) for m in mentions[:PEOPLE_MAX])
    return Reading(
        people=_with_facts(text, mentions[:PEOPLE_MAX], people),
        want=want.phrase if want else "",
        settings=settings_in(text, forbidden),
        want_setting=_goal_setting(want.phrase, forbidden) if want else None,
        props=props_in(text, forbidden),
        time=first_in(lexicon().times, text, forbidden),
        weather=first_in(lexicon().weathers, text, forbidden),
        season=first_in(lexicon().seasons, text, forbidden),
        forbidden=forbidden,
    )


# --- who -------------------------------------------------------------------------------------------


def _unknown_being(text: str) -> list[Mention]:
    """``a zorbling who …``: somebody of a kind that no list knows."""
    found = re.search(
        rf"\b(?:an?|the) (({_W} )?({_W})) "
        r"(?:who|called|named|wants|wanted|dreams|longs|lives|wishes|must|hopes|tries|learns)\b",
        text,
        re.IGNORECASE,
    )
    if not found or found[3].lower() in lexicon().refused | lexicon().not_names or found[3].lower() in lexicon().props:
        return []
    adjectives = [found[2].strip().lower()] if found[2] else []
    mention = Mention(noun=found[3].lower(), adjectives=adjectives, spans=[found.span(0)])
    named = re.match(rf"\s*({_W})", text[found.end() :])
    if found[0].endswith(("called", "named")) and named and named[1][0].isupper():
        mention.name = named[1]
    return [mention]


def _is_inside(mention: Mention, want: Want | None) -> bool:
    return want is not None and want.start <= mention.start < want.end


def _person(text: str, mention: Mention, everybody: list[Mention], want: Want | None) -> Person:
    being = lexicon().beings.get(mention.being)
    is_sought = _is_inside(mention, want) and want is not None and mention is not everybody[0]
    is_sought = is_sought and want is not None and not re.search(r"\b(?:with|help|teach|show|join)\b", want.phrase)
    pronouns = _pronouns(text, mention, everybody) or (being.pronouns if being else None)
    return Person(
        name=clean_name(mention.name),
        noun=mention.noun.lower(),
        being=mention.being,
        pronouns=pronouns or lexicon().names.get(mention.name.split()[-1].lower() if mention.name else ""),
        traits=_traits(text, mention),
        clothes=_clothes(text, mention, everybody),
        is_sought=is_sought,
    )


def _pronouns(text: str, mention: Mention, everybody: list[Mention]) -> Pronouns | None:
    """From the first pronoun after the mention, before the next mention that has no owner."""
    following = [m.start for m in everybody if m.start > mention.start and not m.owner]
    stretch = text[mention.spans[0][1] : min(following, default=len(text))]
    known = {
        "she": Pronouns.SHE,
        "her": Pronouns.SHE,
        "he": Pronouns.HE,
        "his": Pronouns.HE,
        "him": Pronouns.HE,
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


# --- how they look ---------------------------------------------------------------------------------


def _clothes(text: str, mention: Mention, everybody: list[Mention]) -> Clothes:
    known = lexicon()
    colour = next((known.colours[word] for word in mention.adjectives if word in known.colours), None)
    following = [m.start for m in everybody if m.start > mention.start]
    stretch = text[mention.spans[0][1] : min([*following, mention.spans[0][1] + 120])].lower()
    worn = re.findall(
        rf"(?:in|wears|wearing|with|has|and) (?:an? |her |his |their |its )?((?:{_W} ){{0,2}})"
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


# --- what they want --------------------------------------------------------------------------------


def _find_want(text: str, mentions: list[Mention]) -> tuple[Want | None, Mention | None]:
    for start, sentence in sentences_of(text):
        want = find_want(sentence, start)
        if want is not None:
            return want, _subject(mentions, want.start, start)
    for n, mention in enumerate(mentions):
        want = _deed_after(text, mention)
        if want is not None:
            is_second = n > 0 and re.search(r"\band$", text[mentions[n - 1].start : mention.start].rstrip())
            return want, mentions[n - 1] if n and (is_second or mention.owner in _OWNERS) else mention
    return None, None


def _deed_after(text: str, mention: Mention) -> Want | None:
    rest = text[mention.spans[0][1] :]
    lead = re.match(rf"(?: who| that|,)?(?: and (?:her|his|their|the|a) (?:{_W} ){{1,3}}?)? ?(?=({_W}))", rest)
    for offset in {lead.end() if lead else 1, 1}:
        want = want_of_deed(rest[offset:], mention.spans[0][1] + offset)
        if want is not None:
            return want
    return None


def _subject(mentions: list[Mention], position: int, sentence_start: int) -> Mention | None:
    """Whose verb it is: the first without an owner in this sentence, else the nearest before."""
    here = [m for m in mentions if any(sentence_start <= s < position for s, _ in m.spans)]
    free = [m for m in here if not m.owner or m.owner[:1].isupper()]
    if len(free) > 1 and free[0].name and any(m.owner == free[0].name for m in free[1:]):
        return next(m for m in free[1:] if m.owner == free[0].name)
    return next(iter(free or here), next(iter(mentions), None))


def _goal_setting(want: str, forbidden: tuple[str, ...]) -> Setting | None:
    """Where the want is to be had: what stands after "to", else the first place it names."""
    goal = re.search(r" to (?:the |a |an )?(.+)", want)
    found = settings_in(goal[1], forbidden) if goal else ()
    return next(iter(found or settings_in(want, forbidden)), None)


def _with_facts(text: str, mentions: list[Mention], people: tuple[Person, ...]) -> tuple[Person, ...]:
    said = facts_said(text, mentions)
    return tuple(replace(person, facts=facts) for person, facts in zip(people, said, strict=True))


# --- other languages -------------------------------------------------------------------------------


def _is_foreign(text: str) -> bool:
    words = text.lower().replace(".", " ").replace(",", " ").split()
    english = sum(word in _ENGLISH for word in words)
    known = lexicon()
    return english * 8 < len(words) and not any(word in known.beings for word in words) and bool(_glossary_hits(text))


def _glossary_hits(text: str) -> list[str]:
    words, low = set(re.findall(r"\w+", text.lower())), text.lower()
    hits = [
        (low.find(word), key)
        for word, key in lexicon().foreign.items()
        if word in words or (not word.isascii() and ord(word[0]) > 0x2E80 and word in low)
    ]
    return [key for _, key in sorted(hits)]


def _read_foreign(text: str) -> Reading:
    """Only nouns are understood: the first kind of being is the hero, the first place the goal."""
    keys, known = _glossary_hits(text), lexicon()
    beings = [key for key in dict.fromkeys(keys) if key in known.beings]
    places = [known.settings[key] for key in dict.fromkeys(keys) if key in known.settings]
    people = tuple(Person("", key, key, known.beings[key].pronouns) for key in beings[:2])
    goals = {
        Setting.MOON: "go to the moon",
        Setting.SEA: "see the sea",
        Setting.FOREST: "find the middle of the forest",
    }
    want = goals[places[0]] if places else ""
    return Reading(people, want, tuple(places), places[0] if places else None, (), None, None, None, ())

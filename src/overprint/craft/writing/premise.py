"""Reads a premise: who, what they want, where, when, with what, and what must not be.

Nothing of the premise goes further than what is recognised here: names, nouns, adjectives and
clauses made of letters. Anything else (markup, instructions, nonsense) is simply not seen.
"""

import re
from dataclasses import dataclass, field, replace

from overprint.core.scene import Accessory, Garment, PropKind, Season, Setting, Time, Weather
from overprint.core.story import Pronouns
from overprint.craft.writing.cleaning import clean, clean_name
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.implied_wants import implied_want, of_an_object
from overprint.craft.writing.language import base_of, third_person
from overprint.craft.writing.mentions import Mention, find_mentions
from overprint.craft.writing.premise_facts import facts_said
from overprint.craft.writing.premise_places import where_they_live
from overprint.craft.writing.premise_things import first_in, forbidden_in, props_in, settings_in
from overprint.craft.writing.premise_wants import want_in_own_words, want_said
from overprint.craft.writing.rephrasing import rephrased
from overprint.craft.writing.vocabulary import lexicon, word_set
from overprint.craft.writing.wants import Want

PEOPLE_MAX = 4
_REASON_WORDS_MAX = 14
_W = r"[^\W\d_][\w’-]*"
# What may be spoken of as somebody, though it is a place or a thing to most.
_MAY_BE_SOMEBODY = word_set("moon sun star cloud wind rainbow river mountain island house lighthouse sea train castle")
_PLURAL_BE = ("are", "were")
_FRIENDS = ("friend", "best friend", "somebody", "someone", "human")


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
    home: str = ""


def read(premise: str) -> Reading:
    """What can be understood of ``premise``; never fails, whatever the text."""
    text = clean(premise)
    text = rephrased(text)
    mentions = _unknown_partner(text, find_mentions(text)) or _unknown_being(text) or _object(text)
    several = _several(text, mentions)
    mentions = several or _opening(text, mentions)
    want, owner = want_said(text, mentions)
    owner = several[0] if several else owner
    if mentions and want and all(_is_inside(m, want) and not m.name for m in mentions):
        spoken_of = _unknown_being(text) or _object(text)
        mentions = mentions if any(m.being == s.noun for m in mentions for s in spoken_of) else [*spoken_of, *mentions]
    _name_the_kinds(text, mentions)
    forbidden = forbidden_in(text)
    mentions = [m for m in mentions if m.name or m.being not in _FRIENDS or not _is_inside(m, want)] or mentions[:1]
    mentions = [m for m in mentions if not (m.being in forbidden and not m.name)]
    if owner is not None and owner in mentions and not _is_inside(owner, want):
        mentions = [owner, *(m for m in mentions if m is not owner)]
    mentions = _each(mentions)
    people = tuple(_person(text, m, mentions, want) for m in mentions)
    phrase = want.phrase if want else _implied(text, people, mentions)
    people = _with_facts(text, mentions, people, phrase)
    people = _with_a_reason(text, people, want)
    return Reading(
        people=people,
        want=phrase,
        settings=settings_in(text, forbidden),
        want_setting=_goal_setting(phrase, forbidden) if phrase else None,
        props=props_in(text, forbidden),
        time=first_in(lexicon().times, text, forbidden),
        weather=first_in(lexicon().weathers, text, forbidden),
        season=first_in(lexicon().seasons, text, forbidden),
        forbidden=forbidden,
        home="" if people else where_they_live(text, phrase, ()),
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


def _opening(text: str, mentions: list[Mention]) -> list[Mention]:
    """``A lonely scarecrow makes friends with the crows``: whoever a premise opens with, of whatever kind, is there."""
    for adjectives in range(3):
        found = re.match(
            rf"(?:an?|the|my|our|one) ((?:{_W} ){{{adjectives}}})({_W}) ({_W})(?= {_W})", text, re.IGNORECASE
        )
        if found and mentions and mentions[0].start >= found.end(2) and (mention := _opened_with(text, found)):
            return [mention, *mentions]
    return mentions


def _several(text: str, mentions: list[Mention]) -> list[Mention]:
    """``A cloud, a kite and a crow argue``: each of the three, of whatever kind, is somebody; else empty."""
    one = rf"(?:an?|the) ((?:{_W} ){{0,2}}?{_W})"
    found = None
    for adjectives in range(3):
        last = rf"(?:an?|the) ((?:{_W} ){{{adjectives}}}{_W})"
        tried = re.match(rf"{one}, {one},? and {last} ({_W}) (?={_W})", text, re.IGNORECASE)
        if tried and (tried[4].lower() in _PLURAL_BE or base_of(tried[4].lower()) == tried[4].lower()):
            found = tried
            break
    if found is None:
        return []
    each: list[Mention] = []
    for n in (1, 2, 3):
        known = next((m for m in mentions if m.start < found.end(n) and m.spans[0][1] > found.start(n)), None)
        *told, noun = [word for word in found[n].lower().split() if word != "very"]
        each.append(known or Mention(noun=noun, adjectives=told, spans=[found.span(n)]))
    is_strange = any(m.noun in lexicon().refused | lexicon().not_names for m in each)
    return [] if is_strange else [*each, *(m for m in mentions if m.start > found.end(3))]


def _opened_with(text: str, found: re.Match[str]) -> Mention | None:
    noun, verb = found[2].lower(), found[3].lower()
    wants = re.search(r"\b(?:wants|dreams|wishes|must|longs|decides|tries) ", text[found.start(3) :]) is not None
    base = base_of(verb)
    does = verb in ("who", "that", "wants") or (base is not None and verb == third_person(base))
    if not (does or (verb == "is" and wants)) or base_of(noun) == noun or not _may_be_somebody(noun, wants):
        return None
    adjectives = [word.lower() for word in found[1].split() if word.lower() in lexicon().traits]
    return Mention(noun=noun, adjectives=adjectives, spans=[found.span(2)])


def _may_be_somebody(noun: str, wants: bool) -> bool:
    known = lexicon()
    is_other = noun in known.settings.keys() | known.props.keys() | known.refused | known.not_names
    is_other = is_other or noun in known.weathers
    return not is_other or (noun in _MAY_BE_SOMEBODY and wants)


def _name_the_kinds(text: str, mentions: list[Mention]) -> None:
    """``A train called Bertha``: what she is, though no list of beings knows it."""
    for mention in mentions:
        if mention.name and not mention.noun:
            found = re.search(
                rf"\b(?:an?|the|my|our|her|his|their) (?:{_W} )??({_W}) (?:called|named) {re.escape(mention.name)}",
                text,
                re.IGNORECASE,
            )
            if found and found[1].lower() not in lexicon().refused | lexicon().not_names:
                mention.noun = found[1].lower()


def _object(text: str) -> list[Mention]:
    """``An old teapot that nobody uses``: a thing is the hero, if a premise speaks of nobody else."""
    left_out = re.search(r"\bbut one ([^\W\d_]+) (?:is|has|wants|was|never)\b", text)
    if left_out and left_out[1] not in lexicon().refused:
        return [Mention(noun=left_out[1], spans=[left_out.span(1)])]
    pair = re.match(rf"(?:an?|the) (?:{_W} )??({_W}) and (?:an?|the) (?:{_W} )??({_W}) (?={_W})", text, re.IGNORECASE)
    if pair and not {pair[1].lower(), pair[2].lower()} & lexicon().refused:
        return [Mention(noun=pair[n].lower(), spans=[pair.span(n)]) for n in (1, 2)]
    words = of_an_object(text).split()
    does_something = re.match(rf"(?:{_W} ){{2,4}}(?:who|that|wants|wanted|dreams|must|is {_W} and|has) ", text)
    if words and words[0] in ("missing", "stolen", "vanished"):
        return []
    if not words or (words[-1] in lexicon().settings and not does_something) or {"the", "a", "that"} & set(words):
        return []
    words = [
        word for word in words if word not in ("very", "really", "rather", "quite", "too", "last", "first", "only")
    ]
    adjectives = [word for word in words[:-1] if word in lexicon().traits or word in lexicon().colours]
    noun = " ".join([*(word for word in words[:-1] if word not in adjectives), words[-1]])
    return [Mention(noun=noun, adjectives=adjectives, spans=[(0, len(text.split(words[-1])[0]) + len(words[-1]))])]


def _each(mentions: list[Mention]) -> list[Mention]:
    """``two brothers`` as two people; others spoken of in the plural as one of them, unless their number is told."""
    each: list[Mention] = []
    room = max(2, PEOPLE_MAX - len(mentions) + 1)
    for n, mention in enumerate(mentions):
        is_many = mention.count > 1 and not mention.name and (n == 0 or mention.is_counted)
        each += [mention] * (min(mention.count, room) if is_many else 1)
    return each[:PEOPLE_MAX]


def _unknown_partner(text: str, mentions: list[Mention]) -> list[Mention]:
    """``a camel and a cactus become friends``: the second, of whatever kind, is somebody too."""
    if len(mentions) != 1:
        return mentions
    after = mentions[0].spans[0][1]
    found = re.match(rf" and (?:an?|the|her|his|their) ((?:{_W} ){{1,3}})", text[after:])
    words = found[1].split() if found else []
    verb = next((n for n, word in enumerate(words) if n and (word in _PLURAL_BE or base_of(word) == word)), 0)
    noun = words[verb - 1].lower() if verb else ""
    if not found or not noun or noun in lexicon().settings.keys() | lexicon().refused:
        return mentions
    start = after + found.start(1)
    span = (start, start + len(" ".join(words[:verb])))
    return [*mentions, Mention(noun=noun, adjectives=[w.lower() for w in words[: verb - 1]], spans=[span])]


def _implied(text: str, people: tuple[Person, ...], mentions: list[Mention]) -> str:
    names = tuple(person.name or ("{pal}" if n == 1 else f"the {person.noun}") for n, person in enumerate(people))
    said = facts_said(text, mentions)[0] if mentions else ()
    own = want_in_own_words(text, mentions)
    general = implied_want(text, names, tuple((fact.kind, fact.what) for fact in said))
    is_by_fact = general.startswith("be of some use") or not general
    if len(people) > 1 and not (own or general) and _may_become_friends(mentions, said):
        return "make friends with {pal}"
    if people and "lost" in people[0].traits and not (own or general):
        return "find the way home"
    return own if own and is_by_fact else general


def _may_become_friends(mentions: list[Mention], said: tuple[Fact, ...]) -> bool:
    """Two who are nothing to each other yet, of whom nothing is in doubt."""
    other = mentions[1]
    is_kin = other.being in lexicon().kin | lexicon().young_kin or other.being == mentions[0].being
    return not (other.owner or is_kin or said)


def _is_inside(mention: Mention, want: Want | None) -> bool:
    return want is not None and want.start <= mention.start < want.end


def _person(text: str, mention: Mention, everybody: list[Mention], want: Want | None) -> Person:
    being = lexicon().beings.get(mention.being)
    is_sought = _is_inside(mention, want) and want is not None and mention is not everybody[0]
    is_sought = is_sought and want is not None and not re.search(r"\b(?:with|help|teach|show|join)\b", want.phrase)
    named = lexicon().names.get(mention.name.split()[-1].lower()) if mention.name and len(everybody) > 1 else None
    pronouns = (
        _titled(mention.name) or named or _pronouns(text, mention, everybody) or (being.pronouns if being else None)
    )
    if pronouns is None and mention.name and mention is everybody[0] and not _is_known_name(mention.name):
        pronouns = _only_pronouns(text)
    return Person(
        name=clean_name(mention.name),
        noun=mention.noun.lower(),
        being=mention.being,
        pronouns=pronouns or lexicon().names.get(mention.name.split()[-1].lower() if mention.name else ""),
        traits=_traits(text, mention),
        clothes=_clothes(text, mention, everybody),
        is_sought=is_sought,
    )


def _titled(name: str) -> Pronouns | None:
    """``Mr Finch`` is he, whatever he does for a living."""
    title = name.split(" ")[0]
    if title in ("Mr", "Sir", "Uncle", "King", "Prince", "Lord"):
        return Pronouns.HE
    return Pronouns.SHE if title in ("Mrs", "Miss", "Ms", "Aunt", "Queen", "Princess", "Lady", "Dame") else None


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


def _goal_setting(want: str, forbidden: tuple[str, ...]) -> Setting | None:
    """Where the want is to be had: what stands after "to", else the first place it names."""
    goal = re.search(r" to (?:the |a |an )?(.+)", want)
    found = settings_in(goal[1], forbidden) if goal else ()
    return next(iter(found or settings_in(want, forbidden)), None)


def _with_facts(text: str, mentions: list[Mention], people: tuple[Person, ...], want: str) -> tuple[Person, ...]:
    """Each with what is said of them; a deed that is the want is no habit. Nobody is without a home that is told."""
    alone = [m for n, m in enumerate(mentions) if not any(m is earlier for earlier in mentions[:n])]
    by_mention = list(zip(alone, facts_said(text, alone), strict=True))
    told = [next(facts for other, facts in by_mention if other is mention) for mention in mentions]
    said = [tuple(fact for fact in facts if not _is_of(fact, want)) for facts in told]
    home = where_they_live(text, want, tuple(fact.what for facts in said for fact in facts))
    if home and people and not any(word in home.split() for person in people for word in person.noun.split()):
        said[0] = (*said[0], Fact(FactKind.HABIT, home))
    return tuple(replace(person, facts=facts) for person, facts in zip(people, said, strict=True))


def _with_a_reason(text: str, people: tuple[Person, ...], want: Want | None) -> tuple[Person, ...]:
    """``… because the moon promised her a secret``: why the hero wants it, once, as a fact."""
    found = re.search(r"\bbecause ([^.!?;:]+)", text) if want is None else None
    found = re.match(r",? because ([^.!?;:]+)", text[want.end :]) if want else found
    reason = found[1].strip(" ,") if found else ""
    words = reason.lower().split()
    is_short = 2 < len(words) <= _REASON_WORDS_MAX
    if not people or not is_short or len(people[0].facts) > 3 or lexicon().refused & set(words):
        return people
    if words[0] in ("it", "its"):
        return people
    why = Fact(FactKind.WHY, reason)
    return (replace(people[0], facts=(*people[0].facts, why)), *people[1:])


def _is_of(fact: Fact, want: str) -> bool:
    rest = fact.what.partition(" ")[2]
    is_deed = fact.kind in (FactKind.HABIT, FactKind.NEVER) and bool(want)
    is_same = fact.kind is FactKind.HABIT and fact.what.split()[:1] == want.split()[:1]
    return is_deed and (is_same or fact.what in want or want in fact.what or (len(rest.split()) > 1 and rest in want))

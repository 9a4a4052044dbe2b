"""Reads a premise: who, what they want, where, when, with what, and what must not be.

Nothing of the premise goes further than what is recognised here: names, nouns, adjectives and
clauses made of letters. Anything else (markup, instructions, nonsense) is simply not seen.
"""

import re
from dataclasses import dataclass, replace

from overprint.core.scene import Accessory, Garment, PropKind, Season, Setting, Time, Weather
from overprint.core.story import Pronouns
from overprint.craft.writing.cleaning import clean, clean_name
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.implied_wants import implied_want
from overprint.craft.writing.language import PRONOUNS, base_of
from overprint.craft.writing.mentions import Mention, find_mentions
from overprint.craft.writing.premise_facts import facts_said
from overprint.craft.writing.premise_heroes import (
    name_the_kinds,
    owner_of_the_lost,
    several,
    thing_as_hero,
    two_things,
    unknown_being,
    with_a_partner,
    with_who_opens,
)
from overprint.craft.writing.premise_places import where_they_live
from overprint.craft.writing.premise_things import first_in, forbidden_in, props_in, settings_in
from overprint.craft.writing.premise_wants import want_in_own_words, want_said, what_is_done
from overprint.craft.writing.referring import gender_of, kin_of, with_slots
from overprint.craft.writing.rephrasing import rephrased
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.wants import Want, goal_of

PEOPLE_MAX = 4
_REASON_WORDS_MAX = 14
_W = r"[^\W\d_][\w’-]*"
# Wants for which whoever they speak of is there from the start.
_IN_COMPANY = re.compile(
    r"\b(?:with|belongs|sorry|help|teach|show|join|thank|surprise|cheer|impress|tell|persuade|forgive|beat|outwit"
    r"|trick|look after|babysit|protect|lead|walk|ride|feed|take|stop|train|tame|hide|comfort|be)\b"
)
# What somebody is that a story must not forget.
_TOLD_TRAITS = ("deaf", "blind", "autistic", "dyslexic", "colour-blind", "left-handed", "adopted", "homesick")
_LINKING = ("for", "at", "to", "after", "into", "about")
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
    """``people`` has the hero first and may be empty. ``forbidden`` are words of things that must not be there.

    ``want``, facts and ``events`` may speak of people by slots (see :mod:`referring`).
    """

    people: tuple[Person, ...]
    want: str
    settings: tuple[Setting, ...]
    want_setting: Setting | None
    props: tuple[tuple[PropKind, str], ...]
    time: Time | None
    weather: Weather | None
    season: Season | None
    forbidden: tuple[str, ...]
    home: str = ""
    events: tuple[Fact, ...] = ()


def read(premise: str) -> Reading:
    """What can be understood of ``premise``; never fails, whatever the text."""
    text, events = rephrased(clean(premise))
    whole = _with_what_happens(text, events)
    mentions = (
        with_a_partner(text, find_mentions(whole))
        or two_things(text)
        or unknown_being(text)
        or owner_of_the_lost(text)
        or thing_as_hero(text)
    )
    if what_is_done(text):
        mentions = [m for m in mentions if m.name]
    each_of = several(text, mentions)
    mentions = each_of or with_who_opens(text, mentions)
    slotted = tuple(with_slots(event, text, mentions, None) for event in events)
    want, owner = want_said(text, [m for m in mentions if m.start < len(text)], slotted)
    owner = each_of[0] if each_of else owner
    if mentions and want and all(_is_inside(m, want) and not m.name for m in mentions):
        spoken_of = unknown_being(text) or thing_as_hero(text)
        mentions = mentions if any(m.being == s.noun for m in mentions for s in spoken_of) else [*spoken_of, *mentions]
        mentions = mentions if spoken_of else [Mention(noun="child", being="child", spans=[(0, 0)]), *mentions]
    mentions = [m for n, m in enumerate(mentions) if not (n and _is_a_sight(m, want))]
    name_the_kinds(text, mentions)
    forbidden = forbidden_in(text)
    mentions = [m for m in mentions if m.name or m.being not in _FRIENDS or not _is_inside(m, want)] or mentions[:1]
    mentions = [m for m in mentions if not (m.being in forbidden and not m.name)]
    if owner is not None and owner in mentions and not _is_inside(owner, want):
        mentions = [owner, *(m for m in mentions if m is not owner)]
    mentions = _each(mentions)
    people = tuple(_person(text, m, mentions, want) for m in mentions)
    phrase = want.phrase if want else _implied(text, people, mentions)
    people = tuple(replace(p, is_sought=p.is_sought or _is_away(n, phrase, text)) for n, p in enumerate(people))
    phrase = with_slots(phrase, text, mentions, next(iter(mentions), None), by_kind=False)
    phrase, people = _with_who_is_meant(phrase, people)
    if want is None and re.match(r"(?:see|find) (?!out )", phrase):
        people = (*people[:1], *(replace(p, is_sought=_is_named_in(phrase, p)) for p in people[1:]))
    people = _with_facts(whole, mentions, people, phrase)
    people = _with_a_reason(text, mentions, people, want)
    return Reading(
        people=people,
        want=phrase,
        settings=settings_in(whole, forbidden),
        want_setting=_goal_setting(phrase, forbidden) if phrase else None,
        props=props_in(whole, forbidden),
        time=first_in(lexicon().times, text, forbidden),
        weather=first_in(lexicon().weathers, text, forbidden),
        season=first_in(lexicon().seasons, text, forbidden),
        forbidden=forbidden,
        home="" if people else where_they_live(text, phrase, ()),
        events=tuple(_told(event, whole, mentions) for event in events),
    )


def _with_what_happens(text: str, events: tuple[str, ...]) -> str:
    if not events:
        return text
    stop = "" if text.endswith((".", "!", "?")) else "."
    return " ".join([f"{text}{stop}", *(f"Then {event}." for event in events)])


def _told(event: str, whole: str, mentions: list[Mention]) -> Fact:
    """What happens, as a fact: somebody's first appearance, what is so in the end, or anything else."""
    at = whole.find(event)
    if event.startswith("in the end "):
        return Fact(FactKind.ENDS, event.removeprefix("in the end "))
    is_arrival = any(
        at <= m.start < at + len(event) and re.match(r"(?:an?|some|two|three) ", whole[m.start :]) for m in mentions[1:]
    )
    return Fact(FactKind.ARRIVAL if is_arrival else FactKind.EVENT, with_slots(event, whole[:at], mentions, None))


# --- who -------------------------------------------------------------------------------------------


def _each(mentions: list[Mention]) -> list[Mention]:
    """``two brothers`` as two people; others spoken of in the plural as one of them, unless their number is told."""
    each: list[Mention] = []
    room = max(2, PEOPLE_MAX - len(mentions) + 1)
    for n, mention in enumerate(mentions):
        is_many = mention.count > 1 and not mention.name and (n == 0 or mention.is_counted or mention.being == "twin")
        each += [mention] * (min(mention.count, room) if is_many else 1)
    return each[:PEOPLE_MAX]


def _implied(text: str, people: tuple[Person, ...], mentions: list[Mention]) -> str:
    names = tuple(person.name or ("{pal}" if n == 1 else f"the {person.noun}") for n, person in enumerate(people))
    said = facts_said(text, mentions)[0] if mentions else ()
    own = want_in_own_words(text, mentions)
    general = implied_want(text, names, tuple((fact.kind, fact.what) for fact in said))
    is_by_fact = general.startswith("be of some use") or not general
    if len(people) > 1 and not (own or general) and _may_become_friends(mentions, said):
        return "make friends with {pal}"
    for trait, want in (("lost", "find the way home"), ("homesick", "find the way home"), ("lonely", "find a friend")):
        if people and trait in people[0].traits and not (own or general):
            return want
    return own if own and is_by_fact else general


def _may_become_friends(mentions: list[Mention], said: tuple[Fact, ...]) -> bool:
    """Two who are nothing to each other yet, of whom nothing is in doubt."""
    other = mentions[1]
    is_kin = other.being in lexicon().kin | lexicon().young_kin or other.being == mentions[0].being
    return not (other.owner or is_kin or said)


def _with_who_is_meant(phrase: str, people: tuple[Person, ...]) -> tuple[str, tuple[Person, ...]]:
    """``find him before Mum comes home`` → ``find Nugget …``: who is sought by name, and not there till found."""
    found = re.match(
        r"(find|rescue|save|catch|fetch) (?:him|them|her)(?=$| (?:before|again|in|on|at|from|and|when)\b)", phrase
    )
    others = [person for person in people[1:] if person.noun != people[0].noun or person.name]
    if found is None or not others:
        return phrase, people
    meant = next((person for person in others if person.name), others[0])
    told = f"{found[1]} {meant.name or f'the {meant.noun}'}{phrase[found.end() :]}"
    return told, tuple(replace(p, is_sought=p is meant or p.is_sought) for p in people)


def _is_named_in(phrase: str, person: Person) -> bool:
    return bool(person.name and person.name in phrase) or bool(re.search(rf"\b{re.escape(person.noun)}\b", phrase))


def _is_away(number: int, phrase: str, text: str) -> bool:
    """Whether it is this one who "did not come", or from whom the hero is parted: they are not there until the end."""
    is_parted = number == 1 and re.search(r"\b(?:separated|parted|torn apart|cut off) (?:by|in|during|when)\b", text)
    return bool(number) and (f"find out why {{p{number}}} did not " in phrase or bool(is_parted))


def _is_a_sight(mention: Mention, want: Want | None) -> bool:
    """``see the dinosaurs``, ``a story full of frogs``: many that are only spoken of."""
    if want is None or not mention.is_plural or mention.is_counted or mention.name or not _is_inside(mention, want):
        return False
    return mention.is_bare or re.match(r"(?:see|visit|watch|hear) ", goal_of(want.phrase)) is not None


def _is_inside(mention: Mention, want: Want | None) -> bool:
    return want is not None and want.start <= mention.start < want.end


def _person(text: str, mention: Mention, everybody: list[Mention], want: Want | None) -> Person:
    being = lexicon().beings.get(mention.being)
    is_sought = _is_inside(mention, want) and want is not None and mention is not everybody[0]
    is_sought = is_sought and want is not None and not _IN_COMPANY.search(goal_of(want.phrase))
    known = (lexicon().names.get(word.lower()) for word in mention.name.split())
    named = next((each for each in known if each), None) if len(everybody) > 1 or " " in mention.name else None
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
        facts=tuple(
            Fact(FactKind.IS, told)
            for told in (
                *(word for word in mention.adjectives if word in _TOLD_TRAITS),
                _one_of_its_kind(text, mention),
                kin_of(mention, everybody),
            )
            if told
        ),
        clothes=_clothes(text, mention, everybody),
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


# --- how they look ---------------------------------------------------------------------------------


def _clothes(text: str, mention: Mention, everybody: list[Mention]) -> Clothes:
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
    is_told = any(home.partition(" ")[2] in fact.what for facts in said for fact in facts)
    is_told = is_told or any(word in home.split() for person in people for word in person.noun.split())
    if home and people and not is_told:
        said[0] = (*said[0], Fact(FactKind.HABIT, home))
    return tuple(
        replace(person, facts=tuple(dict.fromkeys((*person.facts, *facts)))[:4])
        for person, facts in zip(people, said, strict=True)
    )


def _with_a_reason(
    text: str, mentions: list[Mention], people: tuple[Person, ...], want: Want | None
) -> tuple[Person, ...]:
    """``… because the moon promised her a secret``: why the hero wants it, once, as a fact."""
    found = re.search(r"\bbut because ([^.!?;:]+)", text) or re.search(r"(?<!not )\bbecause ([^.!?;:]+)", text)
    reason = re.split(r",? (?:so|but) ", found[1])[0].strip(" ,") if found else ""
    words = reason.lower().split()
    is_short = 2 < len(words) <= _REASON_WORDS_MAX
    if not found or not people or not is_short or len(people[0].facts) > 3 or lexicon().refused & set(words):
        return people
    if words[0] in ("it", "its") or (want is not None and reason.startswith(want.phrase)):
        return people
    told = with_slots(reason, text[: found.start()], mentions, _who_has_a_reason(words[0], mentions))
    told = re.sub(r"(?<=[^\W\d_] )\{p0\}(?!’)", PRONOUNS[people[0].pronouns or Pronouns.THEY].object, told)
    why = Fact(FactKind.WHY, told)
    return (replace(people[0], facts=(*people[0].facts, why)), *people[1:])


def _who_has_a_reason(first: str, mentions: list[Mention]) -> Mention | None:
    """The hero, unless the reason begins with a pronoun that suits somebody else better."""
    if first not in ("he", "she"):
        return None
    gender = Pronouns.HE if first == "he" else Pronouns.SHE
    is_other = gender_of(mentions[0]) is not gender and any(gender_of(m) is gender for m in mentions[1:])
    return None if is_other else mentions[0]


def _is_of(fact: Fact, want: str) -> bool:
    rest = fact.what.partition(" ")[2]
    is_deed = fact.kind in (FactKind.HABIT, FactKind.NEVER, FactKind.DEED, FactKind.DOES_NOT) and bool(want)
    if fact.kind is FactKind.DOES_NOT and fact.what.startswith("want to ") and want.startswith("get out of "):
        return True
    if fact.kind is FactKind.NEVER_YET:
        return bool(want) and base_of(fact.what.split()[0]) == want.split()[0]
    told = [word for word in rest.split() if word not in _LINKING]
    if is_deed and len(told) > 1 and want.split()[-len(told) :] == told:
        return True
    is_same = fact.kind in (FactKind.HABIT, FactKind.DEED) and fact.what.split()[:1] == want.split()[:1] != ["have"]
    return is_deed and (is_same or fact.what in want or want in fact.what or (len(rest.split()) > 1 and rest in want))

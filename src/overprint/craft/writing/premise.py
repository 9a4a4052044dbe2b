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
from overprint.craft.writing.language import base_of
from overprint.craft.writing.mentions import Mention, find_mentions
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.wants import Want, cut_clause, find_want, want_of_deed

PEOPLE_MAX = 4
_W = r"[^\W\d_][\w’-]*"
_OWNERS = {"her", "his", "their", "its"}
_ENGLISH = set("a an the and of to in who is are was wants want with her his their but on for that it she he they not has".split())


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
    forbidden = _forbidden(text)
    mentions = [m for m in mentions if not (m.being in forbidden and not m.name)]
    if owner is not None and owner in mentions and not _is_inside(owner, want):
        mentions = [owner, *(m for m in mentions if m is not owner)]
    people = tuple(_person(text, m, mentions, want) for m in mentions[:PEOPLE_MAX])
    return Reading(
        people=_with_facts(text, mentions[:PEOPLE_MAX], people),
        want=want.phrase if want else "",
        settings=_settings(text, forbidden),
        want_setting=next(iter(_settings(want.phrase, forbidden)), None) if want else None,
        props=_props(text, forbidden),
        time=_first(lexicon().times, text, forbidden),
        weather=_first(lexicon().weathers, text, forbidden),
        season=_first(lexicon().seasons, text, forbidden),
        forbidden=forbidden,
    )


# --- who -------------------------------------------------------------------------------------------


def _unknown_being(text: str) -> list[Mention]:
    """``a zorbling who …``: somebody of a kind that no list knows."""
    found = re.search(rf"\b(?:an?|the) (({_W} )?({_W})) (?:who|called|named|wants|wanted|dreams|longs|lives|wishes|must|hopes|tries|learns)\b", text, re.IGNORECASE)
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
    known = {"she": Pronouns.SHE, "her": Pronouns.SHE, "he": Pronouns.HE, "his": Pronouns.HE, "him": Pronouns.HE, "they": Pronouns.THEY, "their": Pronouns.THEY}
    fixed = lexicon().beings.get(mention.being)
    if mention.owner and mention is not everybody[0]:
        return None
    for word in re.findall(r"[a-z]+", stretch.lower()):
        if word in known:
            if known[word] is Pronouns.THEY and (mention.is_plural or len(everybody) > 1):
                return None
            return None if fixed and fixed.pronouns else known[word]
    return None


def _traits(text: str, mention: Mention) -> tuple[str, ...]:
    known = lexicon()
    found = [word for word in mention.adjectives if word not in known.colours and word not in known.refused]
    after = re.match(rf",? (?:who |that )?(?:is|are|was) (?:very |so |too |rather |quite |a bit )?({_W})(?:,? and ({_W}))?", text[mention.spans[0][1] :])
    if after:
        found += [word.lower() for word in after.groups() if word and word.lower() in known.traits]
    return tuple(dict.fromkeys(found))[:4]


# --- how they look ---------------------------------------------------------------------------------


def _clothes(text: str, mention: Mention, everybody: list[Mention]) -> Clothes:
    known = lexicon()
    colour = next((known.colours[word] for word in mention.adjectives if word in known.colours), None)
    following = [m.start for m in everybody if m.start > mention.start]
    stretch = text[mention.spans[0][1] : min([*following, mention.spans[0][1] + 120])].lower()
    worn = re.findall(rf"(?:in|wears|wearing|with|has|and) (?:an? |her |his |their |its )?((?:{_W} ){{0,2}})(hair|fur|{'|'.join(map(re.escape, _wearables()))})\b", stretch)
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
        return replace(clothes, hair=tint or clothes.hair) if thing == "hair" else replace(clothes, body=tint or clothes.body)
    if thing in known.garments:
        return replace(clothes, garment=known.garments[thing], outfit=tint or clothes.outfit)
    accessory = known.accessories[thing]
    if thing in ("hat", "cap") and any(word in adjectives for word in ("point", "witch", "wizard")):
        accessory = Accessory.WITCH_HAT
    return replace(clothes, accessories=(*clothes.accessories, accessory), accent=tint or clothes.accent)


# --- what they want --------------------------------------------------------------------------------


def _sentences(text: str) -> list[tuple[int, str]]:
    return [(m.start(), m[0]) for m in re.finditer(r"[^.!?;:]+", text)]


def _find_want(text: str, mentions: list[Mention]) -> tuple[Want | None, Mention | None]:
    for start, sentence in _sentences(text):
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


# --- what is and is not so -------------------------------------------------------------------------

_NOT = re.compile(rf"\b(?:(?:is|was|are) (?:certainly |definitely |really )?not|isn’t|wasn’t|aren’t) (?:really |actually )?((?:(?:an?|the) )?{_W}(?: {_W}){{0,2}})", re.IGNORECASE)
_MAYBE = re.compile(rf"\b(?:might|may|could) (?:well )?be\b(?: (an? {_W}(?: {_W})?))?", re.IGNORECASE)
_IS_TOO = re.compile(r"\b(?:is|are)(?=[.,;!]|$)", re.IGNORECASE)
_NEVER = re.compile(rf"\bnever ({_W}.*)", re.IGNORECASE)
_DOES_NOT = re.compile(rf"\b(?:does not|doesn’t|do not|don’t|did not|didn’t|will not|won’t|refuses to) ({_W}.*)", re.IGNORECASE)
_CANNOT = re.compile(rf"\b(?:can ?not|can’t|could not|couldn’t) ({_W}.*)", re.IGNORECASE)
_FEARS = re.compile(rf"\b(?:(?:afraid|scared|frightened|terrified) of|fears) ({_W}.*)", re.IGNORECASE)
_HABIT = re.compile(rf"\b(?:who|that|she|he|they|it) (?:always |secretly |only |also )?({_W}(?: .*)?)", re.IGNORECASE)
_SIMPLE_VERBS = "wants wanted wishes longs hopes tries dreams needs decides is was has had can must might may could would will does never cannot says said".split()


def _with_facts(text: str, mentions: list[Mention], people: tuple[Person, ...]) -> tuple[Person, ...]:
    facts: dict[int, list[Fact]] = {n: [] for n in range(len(people))}
    denied = ""
    for start, sentence in _sentences(text):
        for position, fact in sorted(_facts_in(sentence), key=lambda pair: pair[0]):
            subject = _fact_subject(text, mentions, start + position, start)
            if subject is None:
                continue
            if fact.kind is FactKind.NOT:
                denied = fact.what
            if fact.kind in (FactKind.MAYBE, FactKind.IS) and not fact.what:
                fact = Fact(fact.kind, denied)
            if fact.what and fact not in facts[subject] and len(facts[subject]) < 4:
                facts[subject].append(fact)
    return tuple(replace(person, facts=tuple(facts[n])) for n, person in enumerate(people))


def _facts_in(sentence: str) -> list[tuple[int, Fact]]:
    found: list[tuple[int, Fact]] = []
    for m in _NOT.finditer(sentence):
        found.append((m.start(), Fact(FactKind.NOT, _complement(m[1]))))
    for m in _MAYBE.finditer(sentence):
        found.append((m.start(), Fact(FactKind.MAYBE, _complement(m[1] or ""))))
    for m in _IS_TOO.finditer(sentence):
        if "but" in sentence[: m.start()].split()[-4:] or "though" in sentence[: m.start()].split()[-4:]:
            found.append((m.start(), Fact(FactKind.IS, "")))
    for kind, pattern in ((FactKind.NEVER, _NEVER), (FactKind.NEVER, _DOES_NOT), (FactKind.CANNOT, _CANNOT)):
        for m in pattern.finditer(sentence):
            found.append((m.start(), Fact(kind, _verb_phrase(m[1]))))
    for m in _FEARS.finditer(sentence):
        if not re.search(r"\bnot (?:at all )?$", sentence[: m.start()]):
            found.append((m.start(), Fact(FactKind.FEARS, cut_clause(m[1], 5))))
    for m in _HABIT.finditer(sentence):
        first = m[1].split()[0].lower()
        if first not in _SIMPLE_VERBS and first.endswith("s") and base_of(first):
            found.append((m.start() + 4, Fact(FactKind.HABIT, _verb_phrase(m[1]))))
    bare = {(position, fact) for position, fact in found if fact.what or fact.kind in (FactKind.MAYBE, FactKind.IS)}
    return [pair for pair in sorted(bare, key=lambda p: (p[0], p[1].kind)) if not _is_refused(pair[1].what)]


def _complement(text: str) -> str:
    phrase = cut_clause(text, 4)
    return "" if phrase.lower() in ("sure", "certain", "going", "allowed", "only", "just", "enough") else phrase


def _verb_phrase(text: str) -> str:
    words = cut_clause(text, 8).split()
    if not words or words[0].lower() in ("want", "wants", "been", "be", "know", "know"):
        return ""
    base = base_of(words[0])
    return " ".join([base or words[0].lower(), *words[1:]]) if base else ""


def _is_refused(phrase: str) -> bool:
    return any(word.lower() in lexicon().refused for word in phrase.split())


def _fact_subject(text: str, mentions: list[Mention], position: int, sentence_start: int) -> int | None:
    before = [(end, n) for n, m in enumerate(mentions) for start, end in m.spans if sentence_start <= start and end <= position + 1]
    lead = text[max(sentence_start, position - 24) : position + 5].lower()
    if before and not re.search(r"\b(?:she|he|they|it)\b[^,.;]*$", lead[: len(lead) - 3]):
        return max(before)[1]
    if re.search(r"\bthere(?: |’)", text[sentence_start:position].lower()):
        return None
    return 0 if mentions else None


_WITHOUT = re.compile(rf"\b(?:without|with no|there (?:is|are|was|were) no|has no|have no|isn’t any|no) (?:an? |any |the |more )?((?:{_W} )?{_W})", re.IGNORECASE)


def _forbidden(text: str) -> tuple[str, ...]:
    """The plain nouns that a premise rules out: ``without a moon`` → ``moon``."""
    found: list[str] = []
    known = lexicon()
    for m in _WITHOUT.finditer(text):
        for word in cut_clause(m[1], 2).lower().split():
            single = word[:-1] if word.endswith("s") and word[:-1] in known.props | known.settings | known.weathers else word
            if single in known.props | known.weathers | known.settings | known.beings | known.accessories:
                found.append(single)
    return tuple(dict.fromkeys(found))[:4]


# --- where, when, with what ------------------------------------------------------------------------


def _occurring(table: dict[str, object], text: str, forbidden: tuple[str, ...]) -> list[str]:
    low = text.lower()
    hits = [(m.start(), word) for word in table for m in re.finditer(rf"\b{re.escape(word)}\b", low)]
    return [word for _, word in sorted(hits) if word not in forbidden and word.rstrip("s") not in forbidden]


def _settings(text: str, forbidden: tuple[str, ...]) -> tuple[Setting, ...]:
    table = lexicon().settings
    return tuple(dict.fromkeys(table[word] for word in _occurring(dict(table), text, forbidden) if table[word].value not in forbidden))


def _props(text: str, forbidden: tuple[str, ...]) -> tuple[tuple[PropKind, str], ...]:
    table, found = lexicon().props, {}
    for word in _occurring(dict(table), text, forbidden):
        if table[word].value not in forbidden:
            found.setdefault(table[word], word)
    return tuple(found.items())[:4]


def _first(table: dict[str, object], text: str, forbidden: tuple[str, ...]):  # type: ignore[no-untyped-def]
    return next((table[word] for word in _occurring(table, text, forbidden)), None)


# --- other languages -------------------------------------------------------------------------------


def _is_foreign(text: str) -> bool:
    words = text.lower().replace(".", " ").replace(",", " ").split()
    english = sum(word in _ENGLISH for word in words)
    known = lexicon()
    return english * 8 < len(words) and not any(word in known.beings for word in words) and bool(_glossary_hits(text))


def _glossary_hits(text: str) -> list[str]:
    words, low = set(re.findall(r"\w+", text.lower())), text.lower()
    hits = [(low.find(word), key) for word, key in lexicon().foreign.items() if word in words or (not word.isascii() and ord(word[0]) > 0x2E80 and word in low)]
    return [key for _, key in sorted(hits)]


def _read_foreign(text: str) -> Reading:
    """Only nouns are understood: the first kind of being is the hero, the first place the goal."""
    keys, known = _glossary_hits(text), lexicon()
    beings = [key for key in dict.fromkeys(keys) if key in known.beings]
    places = [known.settings[key] for key in dict.fromkeys(keys) if key in known.settings]
    people = tuple(Person("", key, key, known.beings[key].pronouns) for key in beings[:2])
    goals = {Setting.MOON: "go to the moon", Setting.SEA: "see the sea", Setting.FOREST: "find the middle of the forest"}
    want = goals[places[0]] if places else ""
    return Reading(people, want, tuple(places), places[0] if places else None, (), None, None, None, ())

"""Somebody whom no list of kinds knows: a stapler, a zorbling, the moon that is tired, the third of three."""

import re

from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.implied_wants import of_an_object
from overprint.craft.writing.language import base_of, third_person
from overprint.craft.writing.nouns import Mention, singular
from overprint.craft.writing.vocabulary import lexicon, word_set

_W = r"[^\W\d_][\w’-]*"
_COUNTS = {"two": 2, "three": 3, "four": 4}
_LIKE_ADJECTIVES = ("ing", "ed", "ful", "less", "ous", "ish", "ive", "ible", "able", "y", "ant", "ent")
_PLURAL_BE = ("are", "were")
# What a moon or a bridge does only if it is somebody.
_ALIVE = re.compile(
    r"\b(?:wants|wanted|dreamed|wished|dreams|wishes|must|longs|decides|tries|asks|walks|runs|goes|climbs"
    r"|doesn’t want|does not want|makes friends|befriends|meets|sneezes|sings|dances|laughs|cries"
    r"|falls in love|forgets|remembers|tells|says|thinks|hides|learns|wakes|gets (?:bored|lonely|jealous|tired)|refuses"
    r"|is (?:tired|lonely|bored|shy|jealous|sad|afraid|scared|homesick)) ?"
)


_BRAVE = word_set(
    "brave shy lonely grumpy clever kind lazy proud curious cheerful bossy fearless timid friendly sleepy jolly gentle "
    "stubborn silly little tiny old young"
)
_ABSTRACT_DOES = re.compile(
    rf"(?:the )?({_W}) (?:who |that )?(?=(?:is|was|gets|has|goes) (?:looking|tired|fed up|lonely|bored|shy|sad"
    rf"|afraid|lost"
    r"|scared|homesick|late|jealous|forgotten|gone|missing|on holiday|moving|not)\b|wants|wishes|dreams|decides|refuses"
    r"|tries|loses|forgets|moves|meets|falls|learns|longs|needs|must|makes|goes|comes|hides|runs)",
    re.IGNORECASE,
)


def an_abstract(text: str) -> list[Mention]:
    """``Silence is looking for a place to live``: what cannot be seen is the hero; else empty."""
    found = _ABSTRACT_DOES.match(text)
    if found is None or found[1].lower() not in grammar().abstract:
        return []
    return [Mention(name=found[1].capitalize(), noun=found[1].lower(), spans=[(0, found.end(1))])]


def two_things(text: str) -> list[Mention]:
    """``a pencil and a rubber who are best friends``: two of whatever kind, joined."""
    pair = re.match(rf"(?:an?|the) ({_W}) and (?:an?|the) ({_W}) (?:who|that) (?={_W})", text, re.IGNORECASE)
    nouns = (pair[1].lower(), pair[2].lower()) if pair else ()
    if pair is None or set(nouns) & lexicon().refused:
        return []
    return [Mention(noun=noun, spans=[pair.span(n)], is_joined=n > 1) for n, noun in enumerate(nouns, start=1)]


def unknown_being(text: str) -> list[Mention]:
    """``a zorbling who …``: somebody of a kind that no list knows."""
    found = re.search(
        rf"\b(?:an?|the) (({_W} )?({_W})) "
        r"(?:who|called|named|wants|wanted|dreams|longs|lives|wishes|must|hopes|tries|learns)\b",
        text,
        re.IGNORECASE,
    )
    if not found or found[3].lower() in lexicon().refused | lexicon().not_names or found[3].lower() in lexicon().props:
        return []
    before = found[2].strip().lower() if found[2] else ""
    is_told = before in lexicon().traits or before in lexicon().colours or before.endswith(_LIKE_ADJECTIVES)
    noun = found[3].lower() if is_told or not before else f"{before} {found[3].lower()}"
    mention = Mention(noun=noun, adjectives=[before] if is_told else [], spans=[found.span(0)])
    named = re.match(rf"\s*({_W})", text[found.end() :])
    if found[0].endswith(("called", "named")) and named and named[1][0].isupper():
        mention.name = named[1]
    return [mention]


# "Once a year the toys in the attic choose a king"
_SEVERAL_IN = (
    rf"(?:(?:once|every|each|one|at)(?: an?)? {_W},? )?(?:the|all the|some|our|my) (?:{_W} )??({_W}[^s’]s) "
    rf"(?:in|on|at|under|behind|from) (?:(?:{_W}) ){{{{{{0}}}}}}({_W})(?= )"
)


# "a lonely lamppost and a moth"
_TWO_ALONE = re.compile(
    rf"(?:an?|the) ((?:{_W} ){{0,2}}?)({_W}) and (?:an?|the) (?:{_W} ){{0,2}}?{_W}[.]?$", re.IGNORECASE
)


# "Igor’s umbrella wants to go on holiday"
_OWNED = re.compile(r"([A-Z][^\W\d_]*)’s (?:[a-z]+ )?([a-z]+) (?=(?:wants|dreams|longs|wishes|decides|refuses)\b)")


def with_who_opens(text: str, mentions: list[Mention]) -> list[Mention]:
    """``A lonely scarecrow makes friends with the crows``: whoever a premise opens with, of whatever kind, is there."""
    tried = (re.compile(_SEVERAL_IN.format(n), re.IGNORECASE).match(text) for n in range(1, 5))
    owned = _OWNED.match(text)
    if (
        owned
        and mentions
        and not lexicon().beings.keys() & set(owned[0].lower().split())
        and _may_be_somebody(owned[2].lower(), True)
    ):
        return [Mention(noun=owned[2].lower(), owner=owned[1], spans=[owned.span(2)]), *mentions]
    several_in = next((m for m in tried if m and base_of(m[2].lower()) == m[2].lower()), None)
    if several_in:
        one = singular(several_in[1].lower())
        is_first = not mentions or mentions[0].spans[0][1] > several_in.end(1)
        if is_first and one not in lexicon().beings and _may_be_somebody(one, True):
            of_them = Mention(noun=one, spans=[(several_in.start(), several_in.end(1))], is_plural=True, count=2)
            of_them.is_counted = True
            return [of_them, *(m for m in mentions if m.start >= several_in.end(2) or m.name)]
    pair = re.match(rf"(?:an?|the) ((?:{_W} ){{0,2}}?)({_W}) and (?:an?|the) [^.]*\. the \2 who ", text, re.IGNORECASE)
    pair = pair or (None if len(mentions) != 1 else _TWO_ALONE.match(text))
    is_place = (
        pair is not None and pair[2].lower() in lexicon().settings and pair[2].lower() not in grammar().may_be_somebody
    )
    if pair and not is_place and mentions and mentions[0].start >= pair.end(2):
        told = [word.lower() for word in pair[1].split()]
        return [Mention(noun=pair[2].lower(), adjectives=told, spans=[pair.span(2)]), *mentions]
    for adjectives in range(3):
        found = re.match(
            rf"(?:an?|the|my|our|one) ((?:{_W} ){{{adjectives}}})({_W})"
            rf"(?: (?:at|in|on|of|from|under|behind) (?:an?|the|her|his|their) (?:{_W} )??{_W})? ({_W})(?= {_W})",
            text,
            re.IGNORECASE,
        )
        if found and mentions and mentions[0].start >= found.end(2) and (mention := _opened_with(text, found)):
            return [mention, *mentions]
    return mentions


def several(text: str, mentions: list[Mention]) -> list[Mention]:
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
        words = [word for word in found[n].lower().split() if word != "very"]
        told = [word for word in words[:-1] if word in lexicon().traits]
        noun = " ".join(word for word in words if word not in told)
        each.append(known or Mention(noun=noun, adjectives=told, spans=[found.span(n)]))
    is_strange = any(m.noun in lexicon().refused | lexicon().not_names for m in each)
    return [] if is_strange else [*each, *(m for m in mentions if m.start > found.end(3))]


def _opened_with(text: str, found: re.Match[str]) -> Mention | None:
    noun, verb = found[2].lower(), found[3].lower()
    wants = _ALIVE.search(text[found.start(3) :]) is not None
    base = base_of(verb)
    does = verb in ("who", "that", "wants") or (base is not None and verb == third_person(base))
    if not (does or (verb == "is" and wants)) or (base_of(noun) == noun and noun not in grammar().may_be_somebody):
        return None
    is_who = verb == "who" and noun in lexicon().settings
    if not (is_who or _may_be_somebody(noun, wants)):
        return None
    before = [word.lower() for word in found[1].split()]
    told = [word for word in before if word in lexicon().traits or word.endswith(_LIKE_ADJECTIVES)]
    kind = " ".join([*(word for word in before if word not in told and word not in ("very", "rather")), noun])
    adjectives = [word for word in told if word in lexicon().traits]
    return Mention(noun=kind, adjectives=adjectives, spans=[(0, found.end(2))])


def _may_be_somebody(noun: str, wants: bool) -> bool:
    known = lexicon()
    is_other = noun in known.settings.keys() | known.props.keys() | known.refused | known.not_names
    is_other = is_other or noun in known.weathers
    return not is_other or (noun in grammar().may_be_somebody and wants)


def name_the_kinds(text: str, mentions: list[Mention]) -> None:
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
            told = re.match(rf", an? ((?:{_W} ){{0,2}}?)({_W})(?=,|[.]|$| who)", text[mention.spans[0][1] :])
            if told and told[2].lower() not in lexicon().refused | lexicon().not_names:
                mention.noun, mention.adjectives = told[2].lower(), told[1].lower().split()
                mention.spans[0] = (mention.start, mention.spans[0][1] + told.end())


# "socks", "the crayons who quit", "my vegetables throw a party"
_MANY = re.compile(rf"(?:(?:all )?(?:the|my|our|some) )?((?:{_W} )??)({_W}[^s]s)(?: ({_W})|[.!?]?$)", re.IGNORECASE)


def _are_somebody(noun: str, verb: str) -> bool:
    one = singular(noun)
    does = verb in ("", "who", "that", "in", "on", "at", *_PLURAL_BE, "have", "want", "can", "can’t", "don’t", "never")
    does = does or (base_of(verb) == verb)
    is_verb = base_of(noun) is not None and one in (base_of(noun), None)
    return does and one != noun and not is_verb and _may_be_somebody(one, True)


def thing_as_hero(text: str) -> list[Mention]:
    """``An old teapot that nobody uses``: a thing is the hero, if a premise speaks of nobody else."""
    left_out = re.search(r"\bbut one ([^\W\d_]+) (?:is|has|wants|was|never)\b", text)
    if left_out and left_out[1] not in lexicon().refused:
        return [Mention(noun=left_out[1], spans=[left_out.span(1)])]
    pair = re.match(rf"(?:an?|the) (?:{_W} )??({_W}) and (?:an?|the) (?:{_W} )??({_W}) (?={_W})", text, re.IGNORECASE)
    if pair and not {pair[1].lower(), pair[2].lower()} & lexicon().refused:
        return [Mention(noun=pair[n].lower(), spans=[pair.span(n)]) for n in (1, 2)]
    two = re.match(rf"(two|three|four) ((?:{_W} )??)({_W}s) (?=({_W}))", text, re.IGNORECASE)
    is_noun = two is not None and (base_of(two[3].lower()) is None or two[4] in ("who", "that"))
    if two and is_noun and _may_be_somebody(singular(two[3].lower()), True):
        told, count = [word for word in two[2].lower().split() if word in lexicon().traits], _COUNTS[two[1].lower()]
        of_them = Mention(noun=singular(two[3].lower()), adjectives=told, spans=[two.span()], is_plural=True)
        of_them.spans, of_them.count, of_them.is_counted = [(0, two.end(3))], count, True
        return [of_them]
    many = _MANY.match(text)
    if (
        many
        and many[1].lower().strip() not in ("a", "an", "one", "every", "each")
        and _are_somebody(many[2].lower(), (many[3] or "").lower())
    ):
        told = [word for word in many[1].lower().split() if word in lexicon().traits]
        of_them = Mention(noun=singular(many[2].lower()), adjectives=told, spans=[(0, many.end(2))], is_plural=True)
        of_them.count, of_them.is_counted = 2, True
        return [of_them]
    words = of_an_object(text).split()
    does_something = re.match(
        rf"(?:{_W} ){{2,4}}(?:who|that|wants|wanted|dreams|must|is {_W} and|has (?:lost|decided|forgotten|never"
        rf"|always)|gets|comes"
        rf"|loses|falls|meets|learns|decides|tries|refuses|dreams|wakes|feels|asks|turns|escapes|goes|runs|walks) ",
        text,
    )
    if words and words[0] in ("missing", "stolen", "vanished"):
        return []
    is_place = (
        bool(words)
        and words[-1] in lexicon().settings
        and words[-1] not in ("train", "tram", "rocket", "ship", "spaceship")
    )
    if not words or (is_place and not does_something) or {"the", "a", "that"} & set(words):
        return []
    words = [
        word for word in words if word not in ("very", "really", "rather", "quite", "too", "last", "first", "only")
    ]
    is_ice = "ice" in words[:-1]
    adjectives = [
        word
        for word in words[:-1]
        if word in lexicon().traits or (word in lexicon().colours and not (word == "cream" and is_ice))
    ]
    noun = " ".join([*(word for word in words[:-1] if word not in adjectives), words[-1]])
    return [Mention(noun=noun, adjectives=adjectives, spans=[(0, len(text.split(words[-1])[0]) + len(words[-1]))])]


_DIES = re.compile(r"[^.;,]{0,20}?\b(?:dies|died|has died|had died|passed away|passes away)\b")


def without_the_dead(text: str, mentions: list[Mention]) -> list[Mention]:
    """Those who are alive, if anybody else is: whoever has died is missed, and has no part of their own."""
    ends = {id(m): m.spans[0][1] for m in mentions if not text[: m.spans[0][1]].endswith("’s")}
    alive = [m for m in mentions if id(m) not in ends or not _DIES.match(text[ends[id(m)] :])]
    return alive or mentions


def owner_of_the_lost(text: str) -> list[Mention]:
    """``Grandpa’s false teeth run away``: whoever has lost them."""
    found = re.match(
        r"(?:my |our |the |an? )?((?:[^\W\d_]+ )?[^\W\d_]+)’s "
        r"(?:(?:[^\W\d_]+ ){1,3}(?:away|off|missing|lost|alive|to life)"
        r"|(?:very )?(?:first|last|big|worst|best|new|secret) (?=[^\W\d_]))\b",
        text,
        re.IGNORECASE,
    )
    noun = found[1].lower() if found else ""
    noun = noun if noun in lexicon().beings else noun.split()[-1] if noun else ""
    if found is None or noun not in lexicon().kin | lexicon().beings.keys():
        return []
    found = re.compile(rf"{noun}", re.IGNORECASE).search(text)
    if found is None:
        return []
    return [Mention(noun=noun, being=noun, spans=[found.span()])]


# "a cloud that is afraid of thunder and a brave umbrella": whoever is brave is somebody.
_SECOND_THING = re.compile(
    rf"(?:an?|the) ((?:{_W} ){{0,2}}?{_W}) (?:who|that) (?:is|can|has|loves|hates)[^.,;]{{3,50}} and an? "
    rf"((?:(?:{'|'.join(sorted(_BRAVE))}) )+{_W})(?=[.]|$)",
    re.IGNORECASE,
)


# "falls in love with a vending machine"
_LOVED = re.compile(rf"\b(?:in love|best friends|friends|lives?) with (?:an?|the) ((?:{_W} )?{_W})(?=[.,;]|$)")


def _goes_on_with(word: str) -> bool:
    return word in _PLURAL_BE or base_of(word) == word or word in ("who", "called", "named")


def with_a_partner(text: str, mentions: list[Mention]) -> list[Mention]:
    """``a camel and a cactus become friends``: the second, of whatever kind, is somebody too."""
    if len(mentions) > 1:
        return mentions
    second = _SECOND_THING.match(text)
    if second and second[2].split()[-1].lower() not in lexicon().settings.keys() | lexicon().refused:
        first = mentions or [Mention(noun=second[1].split()[-1].lower(), spans=[second.span(1)])]
        *told, noun = second[2].lower().split()
        if first[0].start <= second.start(1) and noun not in lexicon().beings:
            return [*first, Mention(noun=noun, adjectives=told, spans=[second.span(2)])]
    if not mentions:
        return []
    loved = _LOVED.search(text)
    if loved and loved[1].split()[-1].lower() not in lexicon().refused and loved.start() > mentions[0].start:
        return [*mentions, Mention(noun=loved[1].lower(), spans=[loved.span(1)])]
    after = mentions[0].spans[0][1]
    alone = re.match(rf" and (?:an?|the) (?:{_W} ){{0,2}}?({_W})\. ", text[after:])
    if alone and f". the {alone[1]} who " in text:
        again = text.index(f". the {alone[1]} who ") + len(". ")
        spans = [(after + alone.start(1), after + alone.end(1)), (again, again + len(f"the {alone[1]}"))]
        return [*mentions, Mention(noun=alone[1].lower(), spans=spans)]
    found = re.match(rf" and (?:an?|the|her|his|their|my) ((?:{_W} ){{1,4}})", text[after:])
    words = found[1].split() if found else []
    verb = next((n for n, word in enumerate(words) if n and _goes_on_with(word)), 0)
    noun = words[verb - 1].lower() if verb else ""
    is_place = noun in lexicon().settings and noun not in grammar().may_be_somebody
    if not found or not noun or is_place or noun in lexicon().refused:
        return mentions
    start = after + found.start(1)
    span = (start, start + len(" ".join(words[:verb])))
    return [*mentions, Mention(noun=noun, adjectives=[w.lower() for w in words[: verb - 1]], spans=[span])]

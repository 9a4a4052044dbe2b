"""The words of a want that a plot speaks of: ``build a rocket`` → made "a rocket", the_made "the rocket"."""

import re
from functools import lru_cache

from overprint.core.scene import PEOPLE
from overprint.craft.writing.language import inflect_phrase
from overprint.craft.writing.nouns import singular
from overprint.craft.writing.subjects import subject_slots, subject_words
from overprint.craft.writing.vocabulary import lexicon, verbs, word_set
from overprint.craft.writing.want_kinds import goal_of, means_of

_END = re.compile(
    r"\s(?:to|in|on|for|with|from|at|into|by|under|over|before|after|until|without|near|beside|as|and|all|because|so|"
    r"again|once|one last time|one more time|across|around|through|than)\s"
)
_ARTICLE = re.compile(r"^(?:an?|the|some|her|his|their|its|my|one|another|any|more) ")
# Plots that look for a thing speak of one: "his glasses" are told as "his pair of glasses".
_PAIRED = re.compile(
    r"^(her|his|their|the|my) ((?:\w+ )?(?:glasses|spectacles|shoes|boots|trousers|socks|slippers|gloves|mittens))$"
)
# Of a book the same few wants are asked for again on every page.
_WANTS_MAX = 64
_NO_THING = re.compile(r"(?:at|in|on|with|again|up|under|by|for)\b")
_MINE = {"her": "my", "his": "my", "their": "my", "its": "my"}
_SEEKING = ("find", "discover", "catch", "meet", "uncover", "hunt", "see", "hear")
_HAVING = ("have", "get", "own", "buy", "win")
_MAKING = word_set("make build sew knit invent create carve weave design rebuild construct")
_TRAVELLING = ("go", "fly", "sail", "travel", "ride", "drive", "row", "get", "cross", "journey", "paddle")
_AWAY = re.compile(r"(?:home|out|down|back|away|through|to|into|across|over|up|past|there|my|her|his|their)\b")
_CARRYING = ("deliver", "bring", "carry", "take", "return", "post", "give", "send")


def want_words(want: str) -> dict[str, str]:
    """Every slot that plots may need; empty where the want does not say it."""
    return dict(_read(want))


@lru_cache(_WANTS_MAX)
def _read(want: str) -> dict[str, str]:
    means, want = means_of(want), goal_of(want)
    verb, _, rest = want.partition(" ")
    deed = _deed(want)
    named = _noun_phrase(rest)
    words = {
        "deed": deed,
        "deeding": inflect_phrase(deed, "gerund") if deed else "",
        "deeded": inflect_phrase(deed, "past") if deed else "",
        "goal": _goal(verb, rest),
        "vehicle": _vehicle(verb, rest) or _vehicle_of(means),
        "fear": _after(want, r"be brave (?:about|at|in|on|with) (.+)"),
        "other": _after(want, r"make up with (.+?)(?: over .+)?$"),
        "role": _after(want, r"(?:be|become) ((?:an?|the) .+)"),
        "question": _after(
            want, r"(?:find out|know|discover|understand|learn|see) ((?:who|what|which|whose|where|why|how|whether) .+)"
        ),
        "unwanted": _after(want, r"get out of (.+)"),
        "asleep": want if re.fullmatch(r"(?:get to|go to|fall a)? ?sleep(?: at (?:last|night))?", want) else "",
        "newness": _after(want, r"get through (.*\bfirst\b.+)"),
        "made": named if verb in _MAKING and not re.match(r"(?:up|sure|friends) ", rest) else "",
        "sought": _PAIRED.sub(r"\1 pair of \2", named)
        if verb in _SEEKING and not _is_a_person(named) and not _NO_THING.match(rest)
        else "",
        "object": named if verb in _HAVING and not _AWAY.match(rest) else "",
        "load": named if verb in _CARRYING else "",
        "prize": _noun_phrase(rest) if verb in ("win", "race") else "",
    } | subject_words(want)
    for name in ("sought", "object", "made", "load"):
        words[name] = "" if _is_many(words[name]) else words[name]
    is_any = re.match(r"an? (?!pair of |lost |missing |stolen |vanished )", words["sought"]) is not None
    words |= {"unfound": words["sought"] if is_any else "", "missing": "" if is_any else words["sought"]}
    words["vehicle"], own_name = _without_its_name(words["vehicle"])
    is_afloat = bool(words["vehicle"]) and (means or want).split()[:1] in (["sail"], ["row"], ["paddle"], ["float"])
    words |= {"afloat": words["vehicle"] if is_afloat else "", "ashore": "" if is_afloat else words["vehicle"]}
    words |= {f"{name}_bare": bare(words[name]) for name in ("vehicle", "object", "made", "sought")}
    defined = ("made", "sought", "unfound", "object", "load", "role", "vehicle", *subject_slots())
    words |= {f"the_{name}": _definite(words[name]) for name in defined}
    return words | ({"the_vehicle": own_name, "vehicle_bare": bare(own_name)} if own_name else {})


def _is_many(phrase: str) -> bool:
    """Several: plots speak of one thing, as "it"."""
    last = re.sub(r" (?:that|which|who) .*", "", phrase).split()[-1] if phrase else ""
    is_pair = re.search(r"\bpair of \w+$|’s$", phrase) is not None
    return singular(last) != last and not is_pair and last.islower()


_ITS_NAME = re.compile(
    r"((?:an?|the|her|his|their|my) (?:[^\W\d_]+ ){0,2}?[^\W\d_]+) (?:called|named) "
    r"((?:the )?[A-Z][^\W\d_]*(?: [A-Z][^\W\d_]*)*)"
)


def _without_its_name(vehicle: str) -> tuple[str, str]:
    """``a paper boat called the Nutmeg`` → ``a paper boat`` and ``the Nutmeg``."""
    found = _ITS_NAME.match(vehicle)
    return (found[1], found[2]) if found else (vehicle, "")


def by_its_name(want: str) -> str:
    """The want once everybody knows what things are called: ``sail to the moon in the Nutmeg``."""
    return _ITS_NAME.sub(r"\2", want)


def bare(phrase: str) -> str:
    """``her grandmother’s lost key`` → ``grandmother’s lost key``."""
    return _ARTICLE.sub("", phrase)


def _is_a_person(phrase: str) -> bool:
    """Plots that look for a thing speak of "it"."""
    last = phrase.split()[-1].lower() if phrase else ""
    being = lexicon().beings.get(last)
    return last in lexicon().kin | lexicon().young_kin or (being is not None and being.species in PEOPLE)


def _deed(want: str) -> str:
    found = re.match(r"(?:learn(?: how)? to|be able to|stop|dare to) (.+)", want)
    if found:
        return found[1]
    first = want.split()[0] if want else ""
    is_skill = first in (
        "sing",
        "dance",
        "swim",
        "play",
        "perform",
        "juggle",
        "whistle",
        "roar",
        "sleep",
        "draw",
    )
    is_skill = is_skill or (first == "read" and len(want.split()) < 3)
    return want if is_skill and first in verbs().bases else ""


def _goal(verb: str, rest: str) -> str:
    """Where a journey leads: ``the moon``."""
    found = re.search(r"(?:^|\b)(?:to|see|visit|reach|climb|into|across|over) ((?:the|an?|her|his|their) .+)", rest)
    if found:
        return _noun_phrase(found[1])
    if verb in ("see", "visit", "reach", "climb", "cross", "explore", "touch") and _ARTICLE.match(rest):
        return _noun_phrase(rest)
    named = re.search(r"\bto ([A-Z]\w+)", rest)
    return named[1] if named else ""


def _vehicle(verb: str, rest: str) -> str:
    """What a journey is made in: ``a paper boat``."""
    found = re.search(r"\b(?:in|on|by) (an? .+)", rest)
    if found and verb in _TRAVELLING:
        return _noun_phrase(found[1])
    direct = re.match(r"((?:an?|her|his|their|the) [\w’ -]+?) (?:to|across|over|around|into|round|through|past) ", rest)
    return direct[1] if direct and verb in _TRAVELLING and verb not in ("get", "cross", "travel", "journey") else ""


def _vehicle_of(means: str) -> str:
    """``sail a bathtub``, ``steal an ice cream van``: what those who have a purpose go in."""
    verb, _, rest = means.partition(" ")
    named = _vehicle(verb, f"{rest} to ")
    is_stolen = verb in ("steal", "borrow", "build", "use", "hire", "buy") and _ARTICLE.match(rest)
    return named or (_noun_phrase(rest) if is_stolen else "")


def _noun_phrase(text: str) -> str:
    found = _END.search(f"{text} ")
    return (text[: found.start()] if found else text).strip()


def _after(want: str, pattern: str) -> str:
    found = re.match(pattern, want)
    return found[1] if found else ""


def _definite(phrase: str) -> str:
    """``a hat that fits`` → ``the hat``."""
    if not phrase:
        return ""
    plain = re.sub(r" (?:that|which|who|where|big enough|of (?:her|his|their) own)\b.*", "", phrase)
    if plain.split()[0] in ("everything", "somewhere", "home", "all", "every"):
        return plain
    if plain.startswith(("her ", "his ", "their ", "its ")):
        return plain
    return f"the {bare(plain)}" if not plain[:1].isupper() else plain

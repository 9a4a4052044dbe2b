"""What somebody wants where a premise does not say it: two who quarrelled want to make up."""

import re

from overprint.craft.writing.clauses import before_another_deed, cut_clause
from overprint.craft.writing.facts import FactKind
from overprint.craft.writing.language import base_of
from overprint.craft.writing.vocabulary import lexicon

_QUARREL = re.compile(
    r"\b(?:quarrel\w*|argu(?:e|es|ed|ing)|(?<!tooth )(?<!teeth )fell out|fallen out|fall out|falling out|fight"
    r"|fights|fought|fighting"
    r"|not (?:speaking|talking)|say sorry|(?:stand|bear|hate|dislike|like|avoid) each other)\b",
    re.IGNORECASE,
)
_MISSES = re.compile(r"\bmiss(?:es|ing)? ((?:her|his|their|the|its|my|our) [^\W\d_].*)", re.IGNORECASE)
_LOST = re.compile(
    r"\b(?:lost|lose|loses|mislaid|cannot find|can’t find) ((?:her|his|their|the|its|a|an|my|our) [^\W\d_].*)",
    re.IGNORECASE,
)
_FORGOT = re.compile(
    r"\b(?:forgets?|forgot|forgotten) ((?:her|his|their|the|its|my|our|how) [^\W\d_].*)", re.IGNORECASE
)
_IN_THE_HEAD = re.compile(
    r"\b(?:name|names|lines?|birthday|way|words?|songs?|dreams?|everything|part|poem|story|face|promise|language"
    r"|magic)\b"
)
_ALLERGIC = re.compile(r"\ballergic to ([^\W\d_].*)", re.IGNORECASE)
_AFRAID = re.compile(
    r"(?<!not )(?<!n’t )(?<!never )\b(?:afraid|scared|frightened|terrified|nervous|worried) (?:of|about) "
    r"([^\W\d_].*)|\bfears ([^\W\d_].*)",
    re.IGNORECASE,
)
_WANTS_THING = re.compile(r"\b(?:wants|wanted|needs|wishes for|longs for|craves) ((?!to\b)[^\W\d_].*)", re.IGNORECASE)
_GOES_BY_JOB = (
    (
        "deliver the letters",
        re.compile(r"\bpost(?:man|woman|mistress|master|ie)\b|\bmail(?:man|woman)\b", re.IGNORECASE),
    ),
    ("bring everybody safely home", re.compile(r"\b(?:bus|train|tram|taxi) driver\b|\bferry\w*\b", re.IGNORECASE)),
    (
        "mend what nobody else can mend",
        re.compile(r"\b(?:mechanic|tailor|clockmaker|cobbler|plumber)\b", re.IGNORECASE),
    ),
    ("bake the best bread in town", re.compile(r"\bbaker\b", re.IGNORECASE)),
    ("help everybody who is poorly", re.compile(r"\b(?:doctor|nurse|vet)\b|\bhospital for\b", re.IGNORECASE)),
    ("keep the light burning", re.compile(r"\blight ?house\b", re.IGNORECASE)),
    ("teach a very odd class", re.compile(r"\bteacher\b", re.IGNORECASE)),
    ("save the day by lunch", re.compile(r"\b(?:fire ?fighter|fireman|firewoman|superhero)\b", re.IGNORECASE)),
    ("win the race", re.compile(r"\brac(?:e|es|ing)\b", re.IGNORECASE)),
    ("be wanted again", re.compile(r"\b(?:nobody|no one) (?:uses|wants|needs|plays|reads)\b", re.IGNORECASE)),
)


# What somebody who has never done it would like to do for once: "has never lost a fight" is no wish.
_FOR_ONCE = {
    "seen": "see",
    "met": "meet",
    "heard": "hear",
    "tasted": "taste",
    "touched": "touch",
    "left": "leave",
    "flown": "fly",
    "had": "have",
    "caught": "catch",
    "climbed": "climb",
    "sailed": "sail",
    "swum": "swim",
    "won": "win",
    "ridden": "ride",
    "eaten": "eat",
}
# What nobody who cannot do it is told to learn.
_NEVER_LEARNT = ("see", "hear", "walk", "speak", "talk", "remember", "find", "stop", "decide", "agree", "help", "be")


def is_quarrel(text: str) -> bool:
    return _QUARREL.search(text) is not None


def implied_want(text: str, names: tuple[str, ...], facts: tuple[tuple[FactKind, str], ...]) -> str:
    """A want that follows from ``text``, in its plain form, or empty. ``names``: who is there, hero first."""
    if _QUARREL.search(text) and len(names) > 1:
        over = re.search(r"\b(?:over|about) ((?:an?|the|their|who|which|whose|where) [^\W\d_].*)", text)
        return f"make up with {names[1]}{_over(over[1]) if over else ''}"
    for pattern, lead in (
        (_AFRAID, "be brave about"),
        (_FORGOT, "remember"),
        (_ALLERGIC, "make friends with"),
        (_MISSES, "see"),
        (_LOST, "find"),
        (_WANTS_THING, "have"),
    ):
        found = pattern.search(text)
        phrase = _allowed(found[found.lastindex or 1]) if found else ""
        phrase = re.split(r" (?:at|in|on|during) ", phrase)[0] if pattern is _LOST else phrase
        if phrase and pattern is _FORGOT and not phrase.startswith("how ") and not _IN_THE_HEAD.search(phrase):
            lead = "fetch"
        if phrase and pattern is _ALLERGIC and phrase.split()[-1].rstrip("s") not in lexicon().beings:
            lead = "learn to live with"
        if phrase:
            return f"{lead} {phrase}{' again' if lead == 'see' else ''}"
    only = re.search(
        r"\bonly one (?:of them )?(?:can|may|will|could) be (?:an? |the )?([^\W\d_]+)", text, re.IGNORECASE
    )
    if only and _allowed(only[1]):
        return f"be the {only[1]}"
    fear = next((what for kind, what in facts if kind is FactKind.FEARS), "")
    if fear:
        return f"be brave about {fear}"
    undecided = re.search(r"\b(?:cannot|can’t|can not|do not|don’t|never) (agree|decide)\b", text, re.IGNORECASE)
    if undecided and len(names) > 1:
        return f"{undecided[1].lower()} at last"
    apart = re.search(r"\bnever (meet|speak|talk)(?=[.!?]|$)", text, re.IGNORECASE)
    if apart and len(names) > 1:
        return f"{apart[1].lower()}{' to each other' if apart[1] != 'meet' else ''} at last"
    unable = next((what for kind, what in facts if kind is FactKind.CANNOT), "")
    if unable and unable.split()[0] not in _NEVER_LEARNT:
        return f"learn to {unable}"
    if unable:
        return "be of some use all the same"
    never_yet = next((what for kind, what in facts if kind is FactKind.NEVER_YET), "")
    if (wish := _for_once(never_yet)) and _allowed(wish):
        return wish
    return next((want for want, pattern in _GOES_BY_JOB if pattern.search(text)), "")


def _for_once(never_yet: str) -> str:
    """``seen snow`` → ``see snow``, ``been on a plane`` → ``go on a plane``; empty for what is no wish."""
    done, _, rest = never_yet.partition(" ")
    if done == "been" and re.match(r"(?:on|to|in) ", rest):
        return f"go {rest}"
    return f"{_FOR_ONCE[done]} {rest}".strip() if done in _FOR_ONCE else ""


def _over(cause: str) -> str:
    phrase = _allowed(cause)
    return f" over {re.sub(r'^an? ', 'the ', phrase)}" if phrase else ""


def _allowed(text: str) -> str:
    phrase = before_another_deed(cut_clause(text, 8))
    words = phrase.split()
    is_plain = words and not any(word.lower() in lexicon().refused or len(word) > 24 for word in words)
    return phrase if (is_plain and len(words[0]) > 1) or phrase.startswith(("a ", "A ")) else ""


def of_an_object(text: str) -> str:
    """The thing that a premise opens with, as its hero: ``An old teapot that nobody uses`` → ``teapot``; else empty."""
    paired = re.match(r"an? (pair of (?:scissors|glasses|trousers|spectacles|binoculars))\b", text, re.IGNORECASE)
    if paired:
        return paired[1].lower()
    found = re.match(
        r"(?:an?|the|one|my|our) ((?:[^\W\d_][\w’-]* ){0,3}?)([^\W\d_][\w’-]+)"
        r"(?= (?:that|which|who|with|without|wants|is|has|had|at|in|on|by|of|wanted|must|can|cannot|can’t|won’t"
        r"|gets|loses|comes|falls|lives|meets|learns|decides|tries|refuses|dreams|hates|loves|wakes|feels|asks|turns"
        r"|escapes|becomes|never|always"
        r"|doesn’t|keeps|stops|makes|finds|goes|thinks"
        r"|[^\W\d_]+[kndltemgpwyb]s(?= (?:for|to|of|an?|the|its|up|down|on|in|out|home|another|away|his|her|\w+ing)))\b"
        r"|[.,]|$)",
        text,
        re.IGNORECASE,
    )
    if not found:
        return ""
    noun = found[2].lower()
    known = lexicon()
    if noun in ("moon", "sun"):
        return noun
    if {"day", "night", "morning", "year", "time", "week"} & set(f"{found[1]} {noun}".lower().split()[:1]):
        return ""
    if noun in ("case", "mystery", "riddle", "adventure", "secret", "problem", "trouble", "trip"):
        return ""
    is_strange = (
        noun in known.refused
        or (noun in known.not_names and noun not in known.settings)
        or noun in known.beings
        or (base_of(noun) == noun and noun not in known.machines)
    )
    return "" if is_strange else " ".join([*found[1].lower().split(), noun])

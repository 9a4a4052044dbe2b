"""What somebody in a premise wants, as a verb phrase in its plain form: ``fly a lantern boat to the moon``."""

import re
from dataclasses import dataclass
from enum import StrEnum

from overprint.craft.writing.language import base_of, gerund, inflect_phrase, third_person
from overprint.craft.writing.vocabulary import lexicon, word_set

_CUT = re.compile(
    r"\s*(?:[,.;:!?]|\b(?:but|because|(?<!out )(?<!know )(?<!discover )(?<!see )(?<!decide )(?:who|where)"
    r"|so(?! \w+ (?:that|it|she|he|nobody|everybody)\b)|without"
    r"|wants|dreams|(?<!two )(?<!three )(?<!four )(?<!her )(?<!his )wishes|longs|hopes|must|although|though"
    r"|while|as long as"
    r"|when|until(?! (?:midnight|noon|morning|dawn|bedtime|dark|sunrise))|unless"
    r"|the (?:day|night|morning|week|evening) (?:before|after|that|when)"
    r"|before it(?! (?:is|gets))|except|however|even though|which|instead of"
    r"|(?:and|but) (?:is|are|was|were|has|have|cannot|can’t|never|won’t|wouldn’t|couldn’t|doesn’t|didn’t|would|must)"
    r"|and (?=[A-Z][^\W\d_]+ (?:is|isn’t|has|hasn’t|can|cannot|can’t|wants|must|never|won’t|will)\b)"
    r"|and with\b|and (?:one|only|then|suddenly|now|all at once|every)\b"
    r"|and (?=[A-Z][^\W\d_]+ [a-z]+s\b)"
    r"|and (?:she|he|they|it|her|his|their|my|our|there|nobody|no one|neither|none|the|one day))\b)"
)
_LOOSE = word_set(
    "and or the a an to of in with her his their from by for on at not very one before after until during"
)
# "where he comes from" ends as it should.
_AFTER_A_QUESTION = word_set("from to with for at in on of")
_PHRASE_MAX_WORDS = 16
_WANT = re.compile(
    r"\b(?:wants?|wanted|wishes|wished|longs?|longed|hopes?|hoped|tries|tried|try|needs?|needed|decides?|decided"
    r"|sets? out|sets? off|plans?|planned|would (?:love|like)|dares|quest|mission|journey|adventure"
    r"|has|have|had|dreams?|begins|starts|promises|travels|goes|going) to ([^\W\d_].*)",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"(?:\bnot|n’t|n't|\bnever|\bneither(?: of them)?|\bnone of them) wants? to ([^\W\d_].*)", re.IGNORECASE
)
_LEARN = re.compile(r"\b(learn)(?:s|t|ed|ing)? (?:how )?(to [^\W\d_].*)", re.IGNORECASE)
# "decides she will make him laugh"
_DECIDES = re.compile(
    r"\b(?:decides?|decided|promises|promised|vows|swears) (?:that )?(?:she|he|they|it) "
    r"(?:will|would|must|is going to|was going to) ([^\W\d_].*)",
    re.IGNORECASE,
)
_MUST = re.compile(r"\bmust ([^\W\d_].*)", re.IGNORECASE)
_DREAM = re.compile(r"\bdream(?:s|t|ed|ing)? (?:of|about) ([^\W\d_].*)", re.IGNORECASE)
_SEEK = re.compile(r"\b(?:look|search|hunt)(?:s|es|ed|ing)? for ([^\W\d_].*)", re.IGNORECASE)
_LACK = re.compile(r"\beverything (?:except|but) ((?:an?|the|one) [^\W\d_].*)", re.IGNORECASE)
_HAVE = re.compile(
    r"\b(?:wants|wanted|wishes for|longs for|needs) "
    r"((?:an?|the|some|her|his|their|its|more|only|just|nothing|two|three|four|five|six|seven|eight|nine|ten) "
    r"[^\W\d_].*)",
    re.IGNORECASE,
)


# "wants somebody else to do the night shift", "asks a lamp post to take over"
_HAVE_DONE = re.compile(
    r"\b(?:wants|wanted|needs|would like|asks|asked|begs|persuades) ((?:some|any|every)(?:one|body)(?: else)?"
    r"|(?:her|his|their|its|the|an?) (?:[^\W\d_]+ )?[^\W\d_]+) to ([^\W\d_].*)",
    re.IGNORECASE,
)


class WantKind(StrEnum):
    """Decides which plots fit, and which lines of the want and the success."""

    REACH = "reach"
    FIND = "find"
    MAKE = "make"
    LEARN = "learn"
    HELP = "help"
    FRIEND = "friend"
    QUARREL = "quarrel"
    FEAR = "fear"
    RIDDLE = "riddle"
    HAVE = "have"
    REFUSE = "refuse"
    WIN = "win"
    CARRY = "carry"
    BECOME = "become"
    OTHER = "other"


_RIDDLE = re.compile(r"\b(?:where|who|what|which|whose|why|how|whether|if)\b")
_BY_WORDS = (
    (WantKind.QUARREL, re.compile(r"make up with ")),
    (
        WantKind.REACH,
        re.compile(r"(?:take|catch) (?:an?|the) (?:\w+ )?(?:bus|train|tram|ferry|boat|plane|taxi|lift)\b"),
    ),
    (WantKind.FEAR, re.compile(r"be brave (?:about|at|in|on|with) |stop being (?:afraid|scared)")),
    (WantKind.REFUSE, re.compile(r"get out of ")),
    (
        WantKind.FRIEND,
        re.compile(r"befriend|(?:make|find|have|meet|get|become|be) (?:an? )?(?:\w+ )?(?:new )?friends?\b"),
    ),
    (
        WantKind.RIDDLE,
        re.compile(
            r"(?:find out|discover|know|understand|learn|see|solve) "
            r"(?:who|what|which|whose|where|why|how|whether|the riddle|the mystery)\b"
        ),
    ),
    (WantKind.WIN, re.compile(r"(?:win|race|beat)\b")),
    (
        WantKind.OTHER,
        re.compile(
            r"meet (?:at last|again|properly)|keep (?:an?|the|her|his|their) (?:\w+ )*secret"
            r"|find (?:something |somebody |an? new (?!friend)|some more |another |more |enough )"
            r"|find an? (?:place|way) to "
        ),
    ),
    (WantKind.OTHER, re.compile(r"get (?:.+ )to (?!bed\b|sleep\b)[a-z]+\b(?! of\b)")),
    (
        WantKind.OTHER,
        re.compile(r"make up for |get (?:home|out|down|back|away|through|to sleep|my|her|his|their|its) "),
    ),
    (WantKind.HELP, re.compile(r"look after ")),
    (WantKind.OTHER, re.compile(r"run (?:an?|the|her|his|their) |run out of ")),
    (
        WantKind.OTHER,
        re.compile(
            r"make (?!friends)(?:.+ )(?:laugh|smile|happy|well|better|proud|sing|dance|listen|understand|stop)\b"
        ),
    ),
    (WantKind.OTHER, re.compile(r"get (?:to sleep|home|out|down|back|away)$|make sure|find out the")),
    (WantKind.LEARN, re.compile(r"dare to ")),
    (WantKind.BECOME, re.compile(r"(?:be|become) (?:an?|the) ")),
)


_WITH_A_PURPOSE = word_set(
    "sail fly drive ride row go travel cross climb build make steal borrow take walk run swim paddle draw dig leave "
    "sneak journey cycle open bake invent write use buy hire set race sell learn"
)
_PURPOSES = word_set(
    "find save rescue win get see meet visit reach bring fetch free catch help deliver return discover collect escape "
    "cure wake look search heal protect stop give feed earn become surprise cheer mend fix"
)


# "hear the sea sing": nothing that could be looked for
_WITH_A_DEED = re.compile(r"(?:hear|see|watch|feel) (?:an?|the|her|his|their) \S+ (?:\S+ )*\S+$")


def goal_of(want: str) -> str:
    """What it is all for: ``sail a bathtub to find a teapot`` → ``find a teapot``; else the want itself."""
    words = want.split()
    if not words or words[0] not in _WITH_A_PURPOSE:
        return want
    for n, word in enumerate(words[2:-1], start=2):
        if word == "to" and words[n + 1] in _PURPOSES and words[n - 1] not in ("how", "and", "a", "the"):
            return " ".join(words[n + 1 :])
    return want


def means_of(want: str) -> str:
    """What leads to it: ``sail a bathtub``; empty where the want is all there is."""
    goal = goal_of(want)
    return "" if goal == want else want.removesuffix(f" to {goal}")


def kind_of_want(want: str) -> WantKind:
    """Of which kind a want is; wanting to know something for which there is no plot is of none."""
    want = goal_of(want)
    if _WITH_A_DEED.match(want) and base_of(want.split()[-1]) == want.split()[-1] and want.split()[-2] not in _LOOSE:
        return WantKind.OTHER
    special = next((kind for kind, pattern in _BY_WORDS if pattern.match(want)), None)
    if special is not None:
        return special
    first = want.split()[0] if want.split() else ""
    return WantKind.OTHER if _RIDDLE.search(want) else WantKind(lexicon().want_kinds.get(first, WantKind.OTHER))


@dataclass(frozen=True, slots=True)
class Want:
    """``start`` and ``end`` say where in the premise it was read."""

    phrase: str
    start: int
    end: int


def find_want(text: str, sentence_start: int = 0) -> Want | None:
    """The first want in one sentence of a cleaned premise."""
    unwanted = _UNWANTED.search(text)
    rather = _WANT.search(text, unwanted.end(1) - len(unwanted[1]) + 1) if unwanted else None
    rather = None if rather and re.search(r"(?:n’t|not|never) $", text[: rather.start()]) else rather
    if rather and (phrase := _phrase(rather[1])) and _is_verb(phrase):
        return _at(rather, phrase, phrase, sentence_start)
    if unwanted and (phrase := _phrase(unwanted[1])):
        return _at(unwanted, f"get out of {inflect_phrase(phrase, 'gerund')}", phrase, sentence_start)
    for pattern, lead in ((_LEARN, "learn "), (_DECIDES, ""), (_WANT, ""), (_MUST, "")):
        found = pattern.search(text)
        while found and _is_done_to(found):
            found = pattern.search(text, found.start(found.lastindex or 1))
        phrase = _phrase(found[found.lastindex or 1]) if found else ""
        if found and phrase and (lead or _is_verb(phrase)):
            asked = re.match(r"know (?=what (?:she|he|they|it) (?:looks?|sounds?|smells?|tastes?)\b)", phrase)
            told = f"find out {phrase[asked.end() :]}" if asked else phrase
            return _at(found, lead + told, phrase, sentence_start)
    return _find_noun_want(text, sentence_start)


_SENSES = re.compile(
    r"(?:hear|see|feel|like|notice|forget|grow|look|seem|sound|change|shrink|disappear|believe|wonder)\b"
)


def _is_done_to(found: re.Match[str]) -> bool:
    """``is going to be cut down``: what will be done to somebody is no want of theirs."""
    if re.search(r"\bthat (?:nobody|no one|everybody|everyone) $", found.string[: found.start()]):
        return True
    if re.match(r"(?:begins|starts)", found[0]) and _SENSES.match(found[found.lastindex or 1]):
        return True
    is_coming = re.match(r"(?:going|has|have|had)\b", found[0], re.IGNORECASE)
    return bool(is_coming and re.match(r"be \w+", found[found.lastindex or 1]))


def _find_noun_want(text: str, sentence_start: int) -> Want | None:
    dream = _DREAM.search(text)
    if dream and (phrase := _phrase(dream[1])):
        base = base_of(phrase.split()[0])
        if base is not None and gerund(base) == phrase.split()[0]:
            return _at(dream, " ".join([base, *phrase.split()[1:]]), phrase, sentence_start)
        return _at(dream, f"find {phrase}", phrase, sentence_start)
    made = _HAVE_DONE.search(text)
    if made and (deed := _phrase(made[2])) and base_of(deed.split()[0]):
        start = sentence_start + made.start(1)
        return Want(f"get {made[1]} to {deed}", start, sentence_start + made.start(2) + len(deed))
    for pattern, verb in ((_SEEK, "find"), (_LACK, "find"), (_HAVE, "have")):
        found = pattern.search(text)
        if found and (phrase := _phrase(found[1])):
            return _at(found, f"{verb} {phrase}", phrase, sentence_start)
    return None


_NO_DEED = word_set(
    "be have want live worry laugh grumble miss love like hate know say call name do lose forget fight quarrel argue "
    "fear need wish hope dream long refuse think believe seem ask remember inherit swallow vanish disappear "
    "shrink explode melt receive faint die wake matter happen seem dislike own contain belong speak understand feel"
)
# What nobody sets out to do: it befalls them.
_BEFALLS = re.compile(
    r"(?:turns?|turned|change[sd]?) into |(?:comes?|came|springs?|sprang) to life|(?:falls?|fell) (?!off to)"
    r"|(?:drifts?|drifted|burns?|burnt|breaks?|drops?|ruins?|broke) (?:down|to|away|everything)\b"
    r"|keeps? (?:an? )?(?:bees|hens|chickens|goats|sheep|pigs|cats|dogs|pigeons|horses|cows|diary|list|pet)\b"
    r"|(?:broke|breaks) (?:her|his|their) (?:arm|leg|wrist|ankle|nose|foot|heart|finger|toe)\b"
    r"|(?:moves?|moved) away\b|(?:sits?|sat) (?:alone|by)\b|(?:comes?|came) (?:back|true)\b"
    r"|(?:runs?|ran) (?:backwards?|out of|late|slow|fast)\b"
    r"|(?:gets?|got) (?!to\b|home\b|out\b|down\b|back\b|away\b|up\b|ready\b|rid\b|lost\b|there\b|through\b|across\b"
    r"|married\b|the\b|her\b|his\b|their\b|its\b|a\b|an\b|everyone\b|everybody\b|help\b|on\b|into\b|past\b)"
    r"|(?:grows?|grew) (?!an?\b|the\b|up\b)|\S+ (?:.* )?(?:too much|too many|by accident|by mistake|accidentally)\b"
    r"|\S+ .*\b(?:each other\b(?! to\b)|every (?:day|night|evening|morning|week|afternoon)(?=$|[.,;]| but)"
    r"|every time|each time|whenever|all the time|all day|all night)\b"
)


# "the toys get to choose a king", not "a penguin gets to Africa"
_GETS_TO = re.compile(
    r"gets? to ((?:choose|see|go|be|have|meet|ride|play|try|visit|fly|drive|stay|make|use|open|spend)\b)"
)


def want_of_deed(text: str, start: int) -> Want | None:
    """A deed told as it happens, read as a want: ``flies a boat to the moon`` → ``fly a boat to the moon``."""
    phrase = _phrase(text[found.start(1) :] if (found := _GETS_TO.match(text)) else text)
    words = phrase.split()
    base = (base_of(words[0]) or _base_of_unknown(words)) if words else None
    if (
        base is None
        or base in _NO_DEED
        or _BEFALLS.match(text)
        or words[:2] in (["fall", "out"], ["falls", "out"], ["fell", "out"], ["used", "to"])
    ):
        return None
    words = _in_plain_forms(words)
    lost = re.match(r"\S+ lost (?:in|at|on|inside|under) (.+)", phrase)
    told = f"find the way out of {lost[1]}" if lost else " ".join([base, *words[1:]])
    found = re.match(
        r"(?:find|discover) an? ((?:[^\W\d_]+ ){0,2}?([^\W\d_]+))(?= (?:in|on|at|under|by|behind)\b|$)", told
    )
    if found and found[2] in lexicon().beings:
        told = f"find out where the {found[1]} belongs"
    return Want(told, start, start + len(phrase))


_STATES = word_set("think believe feel know want love like hate be have seem say hope wish fear find")


def _in_plain_forms(words: list[str]) -> list[str]:
    """``finds an egg and hides it`` → ``finds an egg and hide it``; up to an "and" after which only a state is told."""
    for n, word in enumerate(words[:-1]):
        following = words[n + 1]
        base = base_of(following) if word == "and" else None
        if base is None or following == base:
            continue
        if base in _STATES:
            return words[:n]
        words[n + 1] = base
    return words


_AFTER_A_VERB = word_set(
    "away to up down the a an in into on onto over through out off with for her his its their across past"
)


def _base_of_unknown(words: list[str]) -> str | None:
    """``yodels in the bath``: a verb by its form and by what follows, though no list knows it."""
    word = words[0].lower()
    is_verb = len(words) > 1 and re.fullmatch(r"[a-z]{3,}[^s’]s", word) and words[1].lower() in _AFTER_A_VERB
    if not is_verb or word in lexicon().beings or word[:-1] in lexicon().beings:
        return None
    return word[:-2] if word.endswith(("shes", "ches", "sses", "xes", "zes")) else word[:-1]


def _at(found: re.Match[str], phrase: str, raw: str, offset: int) -> Want:
    start = found.start(found.lastindex or 1)
    if sorry := re.match(r"(?:say sorry|apologi[sz]e) to (.+?)(?= (?:before|for|after|about)\b|$)", phrase):
        phrase = f"make up with {sorry[1]}"
    return Want(phrase, offset + start, offset + start + len(raw))


def _is_verb(phrase: str) -> bool:
    """``go to the sea`` begins with one, ``the sea`` and ``sea`` do not."""
    first = phrase.split()[0]
    is_other = first in ("the", "a", "an", "her", "his", "their", "its", "my") or first in lexicon().settings
    return first.islower() and (base_of(first) == first or not is_other)


def sentences_of(text: str) -> list[tuple[int, str]]:
    """Each sentence of a cleaned premise, with the position of its first letter."""
    return [(m.start(), m[0]) for m in re.finditer(r"[^.!?;:]+", text)]


def cut_clause(text: str, most_words: int) -> str:
    """``text`` up to the end of its clause; ``between the crown and the circus`` stays whole."""
    kept = re.search(
        r"\bbetween (?:[^\W\d_]+ ){1,4}?and |\bso [^\W\d_]+ that (?:nobody|no one|everybody|everyone) wants ", text
    )
    found = _CUT.search(text, kept.end() if kept else 0) if kept else _CUT.search(text)
    words = (text[: found.start()] if found else text).split()
    is_whole = len(words) <= most_words
    is_asked = is_whole and bool(_RIDDLE.search(text))
    words = words[:most_words]
    while (
        words
        and (words[-1].lower() in _LOOSE or (words[-1].endswith("’s") and not is_whole))
        and not ((is_whole and len(words) > 1 and words[-1] == "her") or (is_asked and words[-1] in _AFTER_A_QUESTION))
    ):
        words.pop()
    return " ".join(words)


def before_another_deed(phrase: str) -> str:
    """``her nightlight and asks a firefly for help`` → ``her nightlight``."""
    words = phrase.split()
    for n, word in enumerate(words[1:-1], start=1):
        base = base_of(words[n + 1])
        if word == "and" and base is not None and words[n + 1] == third_person(base):
            return " ".join(words[:n])
    return phrase


def before_somebody_else(phrase: str) -> str:
    """``the dark and a ghost`` → ``the dark``: another person begins another clause."""
    words = phrase.split()
    for at, word in enumerate(words[:-2]):
        following = [each.lower() for each in words[at + 1 : at + 4]]
        kinds = lexicon().beings.keys() | lexicon().traits
        if at and word == "and" and following[0] in ("a", "an") and kinds & set(following):
            return " ".join(words[:at])
    return phrase


def _phrase(text: str) -> str:
    phrase = re.sub(r" (?:any ?more|any longer)$", "", cut_clause(text, _PHRASE_MAX_WORDS))
    words = phrase.split()
    if words and base_of(words[0]) == words[0]:
        words = before_another_deed(phrase).split()
        phrase = " ".join(words)
    if (
        not words
        or (len(words[0]) < 2 and words[0].lower() != "a")
        or any(word.lower() in lexicon().refused for word in words)
        or any(len(w) > 24 for w in words)
    ):
        return ""
    return phrase


_FIRST = {
    "her": "my",
    "his": "my",
    "their": "my",
    "its": "my",
    "herself": "myself",
    "himself": "myself",
    "themself": "myself",
    "themselves": "myself",
    "itself": "myself",
}
_SECOND = {key: value.replace("my", "your") for key, value in _FIRST.items()}


def spoken(want: str, person: int) -> str:
    """The want as the hero says it of themself (1) or somebody says it to them (2)."""
    table = _FIRST if person == 1 else _SECOND
    words = want.split()
    return " ".join(
        table.get(w, w) if w.endswith(("self", "selves")) or n + 1 < len(words) else w for n, w in enumerate(words)
    )

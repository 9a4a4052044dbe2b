"""What somebody in a premise wants, as a verb phrase in its plain form: ``fly a lantern boat to the moon``."""

import re
from dataclasses import dataclass

from overprint.craft.writing.clauses import before_another_deed, cut_clause
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of, gerund, inflect_phrase
from overprint.craft.writing.vocabulary import lexicon

_PHRASE_MAX_WORDS = 16
_WANT = re.compile(
    r"\b(?:wants?|wanted|wishes|wished|longs?|longed|hopes?|hoped|tries|tried|try|needs?|needed|decides?|decided"
    r"|sets? out|sets? off|plans?|planned|would (?:love|like)|dares|quest|mission|journey|adventure"
    r"|has|have|had|dreams?|begins|starts|promises?|promised|travels|goes|going) to ([^\W\d_].*)",
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
    r"(?<!n’t )(?<!not )(?<!never )\b(?:wants?|wanted|wish(?:es)? for|longs? for|needs?) "
    r"((?:an?|the|some|her|his|their|its|more|only|just|nothing but|two|three|four|five|six|seven|eight|nine|ten) "
    r"[^\W\d_].*)",
    re.IGNORECASE,
)


# "wants somebody else to do the night shift", "asks a lamp post to take over"
_HAVE_DONE = re.compile(
    r"\b(?:wants|wanted|needs|would like|asks|asked|begs|persuades) ((?:some|any|every)(?:one|body)(?: else)?"
    r"|(?:her|his|their|its|the|an?) (?:[^\W\d_]+ )?[^\W\d_]+) to ([^\W\d_].*)",
    re.IGNORECASE,
)


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
    done_to = r"be \w+|leave (?:her|his|their) |say goodbye\b"
    return bool(is_coming and re.match(done_to, found[found.lastindex or 1]))


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
            is_somebody = verb == "have" and re.match(r"an? new ", phrase) and phrase.split()[-1] in lexicon().beings
            return _at(found, f"{'find' if is_somebody else verb} {phrase}", phrase, sentence_start)
    return None


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
        or base in grammar().no_deed
        or _BEFALLS.match(text)
        or _is_a_meeting(phrase)
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


def _is_a_meeting(phrase: str) -> bool:
    """``meets a mouse``, who is there from then on; a cloud may be looked for."""
    found = re.match(r"meets? (?:an?|the) (?:[^\W\d_]+ ){0,2}?([^\W\d_]+)(?= who|$)", phrase)
    return found is not None and found[1] in lexicon().beings


def _in_plain_forms(words: list[str]) -> list[str]:
    """``finds an egg and hides it`` → ``finds an egg and hide it``; up to an "and" after which only a state is told."""
    for n, word in enumerate(words[:-1]):
        following = words[n + 1]
        base = base_of(following) if word == "and" else None
        if base is None or following == base:
            continue
        if base in grammar().states:
            return words[:n]
        words[n + 1] = base
    return words


def _base_of_unknown(words: list[str]) -> str | None:
    """``yodels in the bath``: a verb by its form and by what follows, though no list knows it."""
    word = words[0].lower()
    is_verb = len(words) > 1 and re.fullmatch(r"[a-z]{3,}[^s’]s", word) and words[1].lower() in grammar().after_a_verb
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

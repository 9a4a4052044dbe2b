"""A cleaned premise put into plain sentences, so that one way of reading serves every way of writing.

``Can you write about two brothers who are not pirates sail a tub`` becomes ``two brothers sail a tub. they who are
not pirates``: what frames the request goes, a clause inside a sentence follows it, names get their capital.
"""

import re

from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of, past, third_person, with_article
from overprint.craft.writing.nouns import singular
from overprint.craft.writing.plainer import plainer
from overprint.craft.writing.premise_events import with_events_apart
from overprint.craft.writing.premise_pairs import pairs_apart
from overprint.craft.writing.said_in_full import in_full
from overprint.craft.writing.unframed import unframed, without_ages
from overprint.craft.writing.vocabulary import lexicon, word_set

_W = r"[^\W\d_][\w’-]*"
_THINKING = word_set("thinks believes says knows hopes wishes dreams pretends swears claims thought believed said")
_PLURAL_LINKS = word_set("are were have aren’t weren’t don’t haven’t")
_OF_ANY_NUMBER = word_set("cannot can can’t never must will won’t had could couldn’t didn’t wouldn’t")
_RELATIVE = re.compile(
    r"(?<!learn)(?<!learns)(?<!learned)(?<!learnt)(?<!thinks)(?<!believes)(?<!knows)(?<!says)(?<!discovers)(?<!hopes)"
    rf"(?P<comma>,)? (?:(?P<who>who|that|which)|(?P<lacks>without|with no)) (?P<first>{_W})",
    re.IGNORECASE,
)
_WITH_SOMETHING = re.compile(r"^((?:an?|the) (?:[^\W\d_]+ ){1,3}?)with ((?:an?|the) [^.!?,]+)$", re.IGNORECASE)
_NUMBER = r"(?:no|one|two|three|four|five|six|seven|eight|nine|ten)"
# "a dancer with two left feet", "a bear with no hat wants to dance"
_WITH_A_NUMBER = re.compile(
    rf"^((?:an?|the) (?:[^\W\d_]+ ){{1,3}}?)with ({_NUMBER} (?:{_W} ){{0,2}}?{_W})"
    r"(?=$|[.!?]| (?:wants|wanted|dreams|longs|wishes|tries|must|learns|decides|sets|goes)\b)([^.!?]*)[.!?]?",
    re.IGNORECASE,
)
# "a jar nobody will open"
_NOBODY = re.compile(
    rf"^((?:an?|the|my|our) (?:{_W} ){{0,2}}?{_W})(?<!where) (?=(?:nobody|no one) {_W})", re.IGNORECASE
)
_OWNS = re.compile(
    r"^(?i:my |our )?([^\W\d_]+(?: the (?:[^\W\d_]+ )?[^\W\d_]+)?)’s ((?:[^\W\d_]+ )?[^\W\d_]+) "
    r"((?:can|will|cannot|can’t|won’t|doesn’t|does not|refuses to)\b)"
)
# "a witch whose broom won't fly because it is tired"
_WHOSE = re.compile(
    rf"(?<!about)(?<!over)(?<!know)(?<!out)(?<!agree)(?<!decide)(?<!remember)(?<!wonder)(?<!wonders)(?<!tell)(?<!ask)"
    rf"(?<!asks),? whose ({_W}(?: {_W})??) "
    r"((?:will not|won’t|can’t|cannot|doesn’t|does not|don’t|do not|are|refuses to|never|is|has|went|left|ran"
    r"|goes|go|leaves|keeps|keep|only|always|sometimes|often|come|comes|was|were|makes|sounds|smells)\b)",
    re.IGNORECASE,
)
_SHORT_HAS = re.compile(
    r"\b([Hh]e|[Ss]he|[Ii]t|who|that)’s (?=(?:been|got|had|lost|gone|forgotten|never|already|\w+en)\b)"
)
_SHORT_IS = re.compile(r"\b([Hh]e|[Ss]he|[Ii]t|who|that)’s (?=[^\W\d_])")
_CAPITALS = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:january|february|april|june|july|august|september|october"
    r"|november|december|christmas|halloween|easter|london|paris|africa|america|england|scotland|wales|ireland|france"
    r"|india|japan|china|egypt|mars|germany|italy|spain|norway|brazil|australia|canada|mexico|english|french|spanish)\b"
)
# "a family of foxes opens a restaurant" is told of three
_THREE = re.compile(rf"^(three {_W}) ([a-z]+s) ")
_AND_I = re.compile(r"\band I ([a-z]+)\b")
_DONE_TO = word_set("mixed muddled stuck caught trapped tangled")
_TITLES = word_set("captain mr mrs miss ms dr professor king queen prince princess sir lady uncle aunt little")
_RELATIVE_WORDS_MAX = 12
_NO_NAMES = frozenset(word_set("will may eve faith joy mercy patience grace heather dot guy rob art"))
# "his pearl" is no girl
_NOT_BEFORE_A_NAME = [
    [word]
    for word in ["a", "an", "the", "his", "her", "their", "its", "my", "our", "your", "some", "two", "three", "of"]
]
_SUBJECTS = word_set("it she he they nobody everybody everyone someone somebody anyone anybody")
_OWN_THING = re.compile(rf"\b((?:her|his|their|its|the) (?:{_W} )?{_W})$")
# "two trees who are old and one of them is ill": what follows is a sentence of its own.
_OTHERS_BEGIN = _SUBJECTS | {"one", "only", "none", "neither"}
_MODALS = word_set("can could will would must cannot can’t couldn’t won’t wouldn’t")
_ASKED = ("time", "whenever", "whose", "which", "what", "why", "how", "where", "whether", "when", "because")
# "two grandmas" are several; "grandmas house" is hers.
_OF_SEVERAL = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten|some|many|both|all) $", re.IGNORECASE)
# "are digging a tunnel": what they do.
_IS_DOING = re.compile(r"\b(is|are) ([^\W\d_]+ing) (?=(?:an?|the|their|his|her|its|some) )", re.IGNORECASE)


def _does(found: re.Match[str]) -> str:
    base = base_of(found[2])
    if base is None or base in grammar().not_a_deed:
        return found[0]
    return f"{third_person(base) if found[1].lower() == 'is' else base} "


def rephrased(text: str) -> tuple[str, tuple[str, ...]]:
    """``text``, cleaned, as plain sentences, and what happens after its beginning.

    A text without any of this comes back as it was.
    """
    text = _SHORT_IS.sub(r"\1 is ", _SHORT_HAS.sub(r"\1 has ", _with_words_mended(text)))
    text, before = in_full(_without_the_form_of_a_title(text))
    begun, events = with_events_apart(pairs_apart(unframed(text)))
    events = (*(f"at first {clause}" for clause in before), *events)
    return _in_plain_sentences(begun), tuple(_with_capitals(event) for event in events)


def _and_a_child(found: re.Match[str]) -> str:
    """``my sister is leaving and I hide`` → ``… and a child hides``, where she does something of her own."""
    is_alone = any(_is_finite(word.lower(), is_plural=False) for word in found.string[: found.start()].split()[1:])
    return f"and a child {third_person(found[1])}" if is_alone and base_of(found[1]) == found[1] else found[0]


def _in_plain_sentences(text: str) -> str:
    if not any(_is_finite(word.lower(), is_plural=False) for word in text.split()):
        text = _WITH_SOMETHING.sub(r"\1. it who has \2", text)
    text = _NOBODY.sub(r"\1 that ", _WITH_A_NUMBER.sub(r"\1\3. it who has \2.", text).replace(" .", "."))
    text = _IS_DOING.sub(_does, text)
    text = plainer(text)
    text = _THREE.sub(lambda m: f"{m[1]} {'are' if m[2] == 'is' else base_of(m[2]) or m[2]} ", text)
    text = _with_capitals(re.sub(r"\bI\b", "I", text))
    text = without_ages(re.sub(r"\band (?:I|me)\b", "and a child", _AND_I.sub(_and_a_child, text)))
    owned = _OWNS.match(text)
    if owned and owned[2].lower() not in lexicon().beings:
        end = text.find(".", owned.end()) if "." in text[owned.end() :] else len(text)
        told = f"{with_article(owned[2])} that {owned[3]}{text[owned.end() : end]}"
        text = f"{owned[1]}. it who has {told}.{text[end + 1 :]}"
    text = _WHOSE.sub(lambda m: f". it who has {_one_or_more(m[1])} that {m[2]}", text)
    parts = re.split(r"(?<=[.!?;:])\s+", text)
    return " ".join(_unfolded(part, n == 0) for n, part in enumerate(parts))


def _one_or_more(noun: str) -> str:
    """``broom`` → ``a broom``, ``patients`` as it is."""
    return noun if singular(noun.split()[-1].lower()) != noun.split()[-1].lower() else with_article(noun)


def _with_words_mended(text: str) -> str:
    """The slips of the keyboard that everybody makes: ``doesnt``, ``baloon``."""
    table = lexicon().slips

    text = re.sub(r"\bnite (?=(?:hu|who|that|and|is|called|in)\b)", "knight ", re.sub(r"\bnites\b", "knights", text))

    def mended(found: re.Match[str]) -> str:
        right = table.get(found[0].lower(), found[0])
        if right.endswith("’s") and _OF_SEVERAL.search(found.string[: found.start()]):
            return found[0]
        return right.capitalize() if found[0][0].isupper() and right != found[0] else right

    return re.sub(_W, mended, text)


def _without_the_form_of_a_title(text: str) -> str:
    """``The Night the Stars Went Out`` in small letters, but for names."""
    words = text.split()
    long = [word for word in words if len(word) > 3]
    if len(long) < 2 or len(words) > 14 or not all(word[0].isupper() for word in long) or text.endswith("."):
        return text
    known = lexicon()

    def is_name(n: int) -> bool:
        plain = re.sub(r"’s?$", "", words[n].lower())
        is_word = plain in known.beings or plain in known.not_names or base_of(plain) is not None
        leads = words[n - 1].lower() if n else ""
        opens = n == 0 and len(words) > 1 and (words[1].lower() == "and" or words[0].endswith("’s"))
        return plain in known.names or (not is_word and (leads in _TITLES or opens))

    kept = [word if is_name(n) or word == "I" else word.lower() for n, word in enumerate(words)]
    return " ".join(kept) if any(not is_name(n) for n in range(len(words)) if len(words[n]) > 3) else text


def _with_capitals(text: str) -> str:
    """Names that nobody gave a capital: after "called", and known ones where a sentence has none at all."""
    return _with_titles(_with_names(_CAPITALS.sub(lambda m: m[0].capitalize(), text)))


def _with_titles(text: str) -> str:
    """``mr wobble`` → ``Mr Wobble``."""
    return re.sub(r"\b(?:mr|mrs|ms|dr) [a-z]", lambda m: m[0].title(), text)


def _with_names(text: str) -> str:
    text = re.sub(rf"\b(called|named) (?!the |an? )({_W})", lambda m: f"{m[1]} {m[2][0].upper()}{m[2][1:]}", text)
    if any(letter.isupper() for letter in text[1:]) or " " not in text.strip():
        return text
    known = lexicon()
    common = {*known.props, *known.settings, *known.seasons, *known.colours}

    def raised(found: re.Match[str]) -> str:
        word = found[0].removesuffix("’s")
        is_name = (
            word in known.names and word not in common | _NO_NAMES and word not in known.beings and not base_of(word)
        )
        before = text[: found.start()].split()[-1:]
        return found[0].capitalize() if is_name and before not in _NOT_BEFORE_A_NAME else found[0]

    return re.sub(_W, raised, text)


def _unfolded(sentence: str, is_first: bool) -> str:
    """The sentence with each clause that stands before its verb told after it."""
    after: list[str] = []
    at = 0
    while len(after) < 3 and (found := _RELATIVE.search(sentence, at)):
        end = _end_of_clause(sentence, found)
        if end is None:
            at = found.end("first")
            continue
        clause = re.sub(r"[ ,]+(?:but|and)$", "", sentence[found.start("first") : end].strip(" ,"))
        clause = f"has no {re.sub(r'^(?:an?|any|the) ', '', clause)}" if found["lacks"] else clause
        before, rest = sentence[: found.start()], sentence[end:].lstrip(" ,")
        thing = _OWN_THING.search(clause)
        rest = re.sub(r"\bit\b(?! (?:is|was|has|will|can)\b)", thing[1], rest, count=1) if thing else rest
        trait = re.fullmatch(rf"(?:is|are|was) (?:very |so )?({_W})", clause)
        is_name = before.split()[-1:] and before.split()[-1][0].isupper()
        if trait and trait[1].lower() in lexicon().traits and not is_name:
            head = re.match(rf"(.*?)({_W})$", before)
            before = f"{head[1]}{trait[1]} {head[2]}" if head else before
        else:
            after.append(f"{_antecedent(before, is_first)} who {clause}.")
        at = len(before)
        sentence = f"{before} {rest}"
    if not after:
        return sentence
    return " ".join([sentence if sentence.endswith((".", "!", "?", ";", ":")) else f"{sentence}.", *after])


def _antecedent(before: str, is_first: bool) -> str:
    """Who the clause speaks of: the last of several by their noun, else whoever the sentence began with."""
    words = before.split()
    if is_first and "and" not in words and "," not in before:
        return "it"
    last = words[-1] if words else "it"
    return last if last[:1].isupper() else f"the {last}"


def _end_of_clause(sentence: str, clause: re.Match[str]) -> int | None:
    """Where the verb of the sentence begins, or the comma that closes the clause; ``None`` if it has no verb after."""
    words = list(re.finditer(rf"{_W}|[,.;:!?]", sentence[clause.start("first") :]))
    first = words[0][0].lower()
    is_lack = clause["lacks"] is not None
    if not is_lack and not (first in grammar().finite or base_of(first)):
        return None
    is_plural = first in _PLURAL_LINKS or (base_of(first) == first and first not in grammar().finite)
    if first in _THINKING:
        return None  # the next verb belongs to what is thought
    if first in _OF_ANY_NUMBER:
        is_plural = _is_many(sentence[: clause.start()])
    for n, word in enumerate(words[1 : _RELATIVE_WORDS_MAX + 1], start=1):
        at = clause.start("first") + word.start()
        if word[0] in ".;:!?" or word[0].lower() == "because":
            return None
        if word[0] == ",":
            return at if clause["comma"] and n + 1 < len(words) else None
        if word[0] in ("called", "named"):
            continue
        if word[0] in ("and", "but") and words[n + 1 : n + 2] and words[n + 1][0].lower() in _OTHERS_BEGIN:
            return None
        is_meant = word[0].lower() in ("has", "wants", "needs") and [w[0] for w in words[n + 1 : n + 2]] == ["to"]
        if any(earlier[0].lower() in _ASKED for earlier in words[1:n]) and not is_meant:
            continue
        is_done_to = n > 1 and base_of(words[n - 2][0].lower()) == words[n - 2][0].lower()
        if words[n - 1][0].lower() in _SUBJECTS and not is_done_to:
            continue
        if first in _MODALS and n == len(words) - 1:
            return None  # "who could hear colours": its object, not a verb
        if word[0].lower() == "left" and words[n - 1][0].lower() in ("turn", "turns", "go", "look", "steer", "on"):
            continue
        is_object = n == 1 and not is_lack
        following = words[n + 1][0].lower() if n + 1 < len(words) else ""
        before = words[n - 1][0].lower()
        if (
            is_object
            or before in grammar().not_before_a_verb
            or not _is_finite(word[0].lower(), is_plural and not is_lack)
        ):
            continue
        is_link = word[0].lower() in _PLURAL_LINKS | {"is", "was", "has", "had"}
        if not is_link and following not in grammar().not_before_a_verb | {"lost"} and _is_finite(following, is_plural):
            continue
        return at
    return None


def _is_many(subject: str) -> bool:
    words = subject.lower().split()
    last = words[-1] if words else ""
    return "and" in words or (singular(last) != last and singular(last) in lexicon().beings)


def _is_finite(word: str, is_plural: bool) -> bool:
    if word in grammar().finite:
        return True
    base = base_of(word)
    if base is None or word in lexicon().beings or word in _DONE_TO:
        return False
    is_past = word == past(base) and word != base
    return is_past or (word == base if is_plural else word == third_person(base) and word != base)

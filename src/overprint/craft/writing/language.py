"""English, as much of it as the writer needs: inflection, articles, pronouns, sentences, words."""

import re
from dataclasses import dataclass
from functools import cache

from overprint.core.story import Pronouns
from overprint.craft.writing.vocabulary import verbs

_VOWELS = "aeiou"
_AN_BUT_CONSONANT = re.compile(r"(?:uni(?!n)|use|usu|eu|ewe|one\b|once\b)", re.IGNORECASE)
_A_BUT_VOWEL = re.compile(r"(?:hour|honest|honou?r|heir)", re.IGNORECASE)
_ARTICLE = re.compile(r"\b([Aa])n? (?=(\w[\w’'-]*))")
_SENTENCE_END = re.compile(r"(?<=[.!?…])([”’\"')]*)\s+(?=[^a-z\s])")


@dataclass(frozen=True, slots=True)
class PronounForms:
    """The five forms, and the past of "to be" that agrees."""

    subject: str
    object: str
    possessive: str
    possessive_alone: str
    reflexive: str
    was: str


PRONOUNS = {
    Pronouns.SHE: PronounForms("she", "her", "her", "hers", "herself", "was"),
    Pronouns.HE: PronounForms("he", "him", "his", "his", "himself", "was"),
    Pronouns.THEY: PronounForms("they", "them", "their", "theirs", "themself", "were"),
    Pronouns.IT: PronounForms("it", "it", "its", "its", "itself", "was"),
}


def starts_with_vowel_sound(word: str) -> bool:
    if _A_BUT_VOWEL.match(word):
        return True
    return word[:1].lower() in _VOWELS and not _AN_BUT_CONSONANT.match(word)


def with_article(noun: str) -> str:
    """``a fox``, ``an owl``. Words that already begin with a determiner stay as they are."""
    if re.match(r"(?:a|an|the|her|his|their|its|my|some)\s", noun, re.IGNORECASE):
        return noun
    return f"{'an' if starts_with_vowel_sound(noun) else 'a'} {noun}"


def mend_articles(text: str) -> str:
    """Every ``a`` or ``an`` made to agree with the word after it."""
    return _ARTICLE.sub(lambda m: f"{m[1]}{'n' if starts_with_vowel_sound(m[2]) else ''} ", text)


def _doubles(base: str) -> bool:
    if len(base) < 3 or base[-1] in "wxyaeiou" or base[-2] not in _VOWELS or base[-3] in _VOWELS:
        return False
    return base in verbs().doubling or len(re.findall(r"[aeiouy]+", base)) == 1


def past(base: str) -> str:
    """``fly`` → ``flew``, ``hop`` → ``hopped``."""
    irregular = verbs().irregular.get(base)
    if irregular:
        return irregular
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return f"{base[:-1]}ied"
    return f"{base}{base[-1]}ed" if _doubles(base) else f"{base}ed"


def gerund(base: str) -> str:
    """``fly`` → ``flying``, ``make`` → ``making``, ``swim`` → ``swimming``."""
    if base == "be":
        return "being"
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith(("ee", "ye", "oe")):
        return f"{base[:-1]}ing"
    return f"{base}{base[-1]}ing" if _doubles(base) else f"{base}ing"


def base_of(word: str) -> str | None:
    """The plain form of a known verb from any of its forms, or ``None`` when it is no known verb."""
    return _forms().get(word.lower())


@cache
def _forms() -> dict[str, str]:
    found: dict[str, str] = {}
    for base in sorted(verbs().bases):
        for form in (past(base), gerund(base), third_person(base)):
            found.setdefault(form, base)
    return found | {base: base for base in verbs().bases}


def third_person(base: str) -> str:
    if base in ("be", "have"):
        return {"be": "is", "have": "has"}[base]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{base}es"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return f"{base[:-1]}ies"
    return f"{base}s"


def inflect_phrase(phrase: str, form: str) -> str:
    """A verb phrase with its head verbs changed: ``past`` or ``gerund``. Verbs after "and" follow the first."""
    change = past if form == "past" else gerund
    words = phrase.split(" ")
    expects_verb = True
    for n, word in enumerate(words):
        if expects_verb and word not in ("not", "never", "always", "really", "finally"):
            if n == 0 or word in verbs().bases:
                words[n] = change(word)
            expects_verb = False
        if word in ("and", "then") or word.endswith(","):
            expects_verb = True
    return " ".join(words)


def plural(noun: str) -> str:
    irregular = {"child": "children", "man": "men", "woman": "women", "mouse": "mice", "wolf": "wolves", "fox": "foxes"}
    head, _, last = noun.rpartition(" ")
    lead = f"{head} " if head else ""
    if last in irregular:
        return lead + irregular[last]
    if last.endswith(("s", "x", "z", "ch", "sh")):
        return f"{lead}{last}es"
    if last.endswith("y") and last[-2:-1] not in _VOWELS:
        return f"{lead}{last[:-1]}ies"
    return f"{lead}{last}s"


def possessive(name: str) -> str:
    return f"{name}’" if name.endswith("s") else f"{name}’s"


_NEW_SUBJECT = re.compile(
    r"(?:she|he|they|it) "
    r"(?!said|asked|cried|whispered|called|sang|began|shouted|panted|breathed|rumbled|muttered|thought)"
)


def capitalised(text: str) -> str:
    """The first letter of each sentence in capitals; ``“Why?” asked Mira.`` goes on in small letters."""
    pieces = re.split(r"((?<=[.!?])[”’]*\s+)", text)
    for n in range(0, len(pieces), 2):
        before = "" if n == 0 else pieces[n - 2][-1:] + pieces[n - 1]
        goes_on = "”" in before and before[0] in "!?" and not _NEW_SUBJECT.match(pieces[n])
        if not goes_on:
            pieces[n] = _raise_first(pieces[n])
    return "".join(pieces)


def _raise_first(sentence: str) -> str:
    for n, letter in enumerate(sentence):
        if letter.isalpha():
            return sentence[:n] + letter.upper() + sentence[n + 1 :]
        if letter.isdigit():
            break
    return sentence


def sentences(text: str) -> list[str]:
    """The sentences of a text; a question in quotation marks and its "said" are one sentence."""
    found, start = [], 0
    for end in _SENTENCE_END.finditer(text):
        found.append(text[start : end.end(1)])
        start = end.end()
    found.append(text[start:])
    return [sentence.strip() for sentence in found if sentence.strip()]


def word_count(text: str) -> int:
    return sum(1 for word in text.split() if any(letter.isalnum() for letter in word))


def joined(items: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def title_case(phrase: str) -> str:
    small = {"a", "an", "the", "of", "and", "to", "in", "on", "at", "for", "by", "with", "from"}
    words = phrase.split()
    return " ".join(word if n and word in small else word[:1].upper() + word[1:] for n, word in enumerate(words))


_SHORT_MAX_WORDS, _LONG_MAX_WORDS, _SAID_ON_MAX_WORDS = 34, 50, 36
_PERSONS = frozenset(("it", "she", "he", "they", "you"))
_SUBJECTS = _PERSONS | {
    *("there", "nobody", "somebody", "everybody", "nothing", "everything", "something", "this", "that", "the"),
    *("his", "her", "their", "its", "one", "two", "a", "an", "no", "both", "all", "each", "some", "every"),
    *("when", "while", "if", "as", "by", "in", "on", "at", "after", "before", "for", "from", "what"),
}
_SPEECH, _NO_CLAUSE = re.compile(r"[:“”!?…]"), re.compile(r"^(?:Not|Only|The first)\b")
_LINKS = {"And": ", and", "But": ", but", "So": ", so", "Or": ", or", "Then": "; then"}
# “It is late,” said Mira.
_SAID = re.compile(r"[,?!]” (?:said|asked|whispered|shouted|called|cried|panted) (?P<who>[^“”.,;]{2,30})$")


def flowing(text: str, names: frozenset[str] = frozenset()) -> str:
    """Short neighbouring sentences of a narration joined, for people who read well: ``He sat down; it was late.``

    One that goes on with "but" is joined by a comma, a third by "and". ``names``: the first words of names, which
    keep their capital and may begin a clause.
    """
    joined_up: list[str] = []
    for sentence in sentences(text):
        if joined_up and _may_follow(joined_up[-1], sentence, names):
            joined_up[-1] = _joined_by_a_link(joined_up[-1].removesuffix("."), sentence, names)
        else:
            joined_up.append(sentence)
    return " ".join(joined_up)


def _joined_by_a_link(before: str, sentence: str, names: frozenset[str]) -> str:
    first, _, rest = sentence.partition(" ")
    if first.startswith("“"):
        return f"{before}; {sentence if first == '“I' else sentence[:2].lower() + sentence[2:]}"
    if first in _LINKS:
        return f"{before}{_LINKS[first]} {rest}"
    link = ", and" if ";" in before or _SAID.search(before) else ";"
    return f"{before}{link} {sentence if first in names else sentence[0].lower() + sentence[1:]}"


def _may_follow(before: str, sentence: str, names: frozenset[str]) -> bool:
    words, following = before.split(), sentence.split()
    is_short = 3 <= len(words) <= _SHORT_MAX_WORDS and 3 <= len(following) <= _SHORT_MAX_WORDS
    if not is_short or len(words + following) > _LONG_MAX_WORDS or words[0] in _LINKS:
        return False
    if _goes_on_saying(before, sentence):
        return len(words + following) <= _SAID_ON_MAX_WORDS
    if _is_said_on(before, sentence):
        return following[0] in _LINKS or following[0] in ("It", "They")
    is_plain = before.endswith(".") and sentence.endswith(".") and not _SPEECH.search(sentence)
    is_plain = is_plain and not _NO_CLAUSE.search(sentence) and ";" not in sentence
    is_clause = following[0].lower() in _SUBJECTS or following[0] in names or following[0] in _LINKS
    is_person = following[0].lower() in _PERSONS or following[0] in names
    return is_plain and is_clause and _has_room(before.removesuffix("."), following[0], is_person)


def _is_said_on(before: str, sentence: str) -> bool:
    """Two plain sentences of what somebody says in one breath, the second its last."""
    is_open = before.count("“") > before.count("”") and before.endswith(".") and ";" not in before
    return is_open and sentence.endswith(".”") and not _SPEECH.search(sentence[:-1])


def _goes_on_saying(before: str, sentence: str) -> bool:
    """``“I have not said,” said Fitz.`` and ``“It is more exciting.”``: one breath, with who says it in the middle."""
    is_told_who = before.count("“") == 1 and before.startswith("“") and _SAID.search(before.removesuffix("."))
    is_whole = re.fullmatch(r"“([^\W\d_]+) [^“”!?:;…]*\.”", sentence)
    if not is_told_who or "?”" in before or "!”" in before or is_whole is None:
        return False
    return is_whole[1] in ("I", "We", "But", "And", "So") or is_whole[1].lower() in _SUBJECTS


def _has_room(before: str, first: str, is_person: bool) -> bool:
    """Whether one more clause is easily read: after one, after two if it tells of somebody, or after what was said."""
    said = _SAID.search(before)
    if said is not None:
        return is_person and before.count("“") == 1 and first not in said["who"].split()
    is_third = ";" in before and is_person and before.count(" and ") < 2 and ", and" not in before.rpartition(";")[2]
    return not _SPEECH.search(before) and not _NO_CLAUSE.search(before) and (";" not in before or is_third)

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
    """The four forms, and the past of "to be" that agrees."""

    subject: str
    object: str
    possessive: str
    reflexive: str
    was: str


PRONOUNS = {
    Pronouns.SHE: PronounForms("she", "her", "her", "herself", "was"),
    Pronouns.HE: PronounForms("he", "him", "his", "himself", "was"),
    Pronouns.THEY: PronounForms("they", "them", "their", "themself", "were"),
    Pronouns.IT: PronounForms("it", "it", "its", "itself", "was"),
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


_ADVERBS = ("not", "never", "always", "really", "finally", "only", "often", "secretly", "still", "sometimes", "usually")


def inflect_phrase(phrase: str, form: str) -> str:
    """A verb phrase with its head verbs changed: ``past`` or ``gerund``. Verbs after "and" follow the first."""
    change = past if form == "past" else gerund
    words = phrase.split(" ")
    expects_verb = True
    for n, word in enumerate(words):
        if expects_verb and word not in _ADVERBS:
            if n == 0 or words[n - 1] in _ADVERBS or word in verbs().bases:
                words[n] = "lied" if change is past and _tells_untruths(words[n:]) else change(word)
            expects_verb = False
        if word in ("and", "then") or word.endswith(","):
            expects_verb = True
    return " ".join(words)


def _tells_untruths(words: list[str]) -> bool:
    """``lie`` and ``lie to her mother``, not ``lie down`` and ``lie in the sun``."""
    return words[0] == "lie" and words[1:2] in ([], ["to"], ["about"], ["and"], ["when"], ["ever"])


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
    r"(?:she|he|they|it) (?!(?:all |both )?(?:said|asked|cried|shouted))"
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


# From the first letter or digit of what stands between spaces: signs alone are no word.
_COUNTED = re.compile(r"[^\W_]\S*")


def word_count(text: str) -> int:
    return len(_COUNTED.findall(text))


def joined(items: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def title_case(phrase: str) -> str:
    small = {"a", "an", "the", "of", "and", "to", "in", "on", "at", "for", "by", "with", "from"}
    words = phrase.split()
    return " ".join(word if n and word in small else word[:1].upper() + word[1:] for n, word in enumerate(words))

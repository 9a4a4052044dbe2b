"""What a premise says is, is not, might be, never happens or cannot be done, and of whom."""

import re

from overprint.core.story import Pronouns
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.language import base_of, past, third_person, with_article
from overprint.craft.writing.mentions import Mention, singular
from overprint.craft.writing.vocabulary import lexicon, word_set
from overprint.craft.writing.wants import cut_clause, sentences_of

_W = r"[^\W\d_][\w’-]*"
_NOT = re.compile(
    r"\b(?:(?:is|was|are) (?:certainly |definitely |really )?not|isn’t|wasn’t|aren’t) (?:really |actually )?"
    rf"((?:(?:an?|the) )?{_W}(?: {_W}){{0,2}})",
    re.IGNORECASE,
)
_NOR = re.compile(rf"(?:,|\band|\bnor|\bor) not (an? {_W})", re.IGNORECASE)
_WEATHER = re.compile(r"\bit (?:never|does|doesn’t|cannot|can’t) (?:not )?(?:rain|snow)", re.IGNORECASE)
_MAYBE = re.compile(rf"\b(?:might|may|could) (?:well )?be\b(?: (an? {_W}(?: {_W})?))?", re.IGNORECASE)
_IS_TOO = re.compile(r"\b(?:is|are)(?=[.,;!]|$)", re.IGNORECASE)
_NEVER = re.compile(rf"\bnever ({_W}.*)", re.IGNORECASE)
_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten"
_HAS_NO = re.compile(
    rf"\b(?:(?:has|have|had) (no (?!idea|one)(?:{_W} )?{_W})|it who has ((?:an?|the|{_NUMBER}) {_W}.*))", re.IGNORECASE
)
_NEVER_SO = re.compile(
    r"\b(?:is|are|was) never (?:ever )?(late|early|wrong|sad|cross|afraid|bored|tired|alone|quiet|still|hungry|ill"
    r"|sorry|ready|cold|lost|angry|happy|scared|on time|in a hurry)\b",
    re.IGNORECASE,
)
# A second thing that is true of somebody: "loves dinosaurs and has a broken arm".
_AND_SO = re.compile(
    rf"\b(?:and|but) (?:also )?((?:has (?=an? (?:broken|wobbly|wooden|secret|loud|lazy|bad|sore|twin))|hates|forgets"
    rf"|collects|speaks|dislikes|adores) {_W}.*)",
    re.IGNORECASE,
)
_GOOD_AT = re.compile(
    rf"\b(?:is|are) ((?:very |really )?(?:good|bad|brilliant|terrible|great|hopeless|useless) at {_W}.*)", re.IGNORECASE
)
_ALLERGIC = re.compile(rf"\b(?:is|are|was) (allergic to {_W}.*)", re.IGNORECASE)
_NOBODY = re.compile(rf"\b(?:nobody|no one) (?:there )?(?:is|was) ({_W}(?: {_W})?)", re.IGNORECASE)
_DOES_NOT = re.compile(
    rf"\b(?:does not|doesn’t|do not|don’t|did not|didn’t|will not|won’t|wouldn’t|would not|refuses to) ({_W}.*)",
    re.IGNORECASE,
)
_CANNOT = re.compile(rf"\b(?:can ?not|can’t|could not|couldn’t) ({_W}.*)", re.IGNORECASE)
_FEARS = re.compile(rf"\b(?:(?:afraid|scared|frightened|terrified) of|fears) ({_W}.*)", re.IGNORECASE)
_HABIT = re.compile(
    rf"\b(?:it who|who|that|she|he|they|it) (?:always |secretly |only |also )?({_W}(?: .*)?)", re.IGNORECASE
)
_OF_WHO_ASKS = word_set("me my i us we our you your")
_SIMPLE_VERBS = word_set(
    "wants wanted wishes longs hopes tries dreams needs decides is was has had can must might may could "
    "would will does never cannot says said"
)


def facts_said(text: str, mentions: list[Mention]) -> list[tuple[Fact, ...]]:
    """What ``text`` says of each of ``mentions`` that must stay true, at most four facts each."""
    facts: dict[int, list[Fact]] = {n: [] for n in range(len(mentions))}
    denied = ""
    for start, sentence in sentences_of(text):
        for position, fact in sorted(_facts_in(sentence), key=lambda pair: pair[0]):
            subject = _fact_subject(text, mentions, start + position, start)
            if subject is None or (fact.kind is FactKind.HABIT and _is_of_a_thing(text, start + position, mentions)):
                continue
            if fact.kind is FactKind.NOT:
                denied = fact.what
            if fact.kind in (FactKind.MAYBE, FactKind.IS) and not fact.what:
                fact = Fact(fact.kind, denied)
            if fact.what and fact not in facts[subject] and len(facts[subject]) < 4:
                facts[subject].append(fact)
                for other in _joined_with(text, mentions, subject, start + position):
                    facts[other].append(fact)
    return [tuple(facts[n]) for n in range(len(mentions))]


def _joined_with(text: str, mentions: list[Mention], subject: int, position: int) -> list[int]:
    """Who else is meant where several "are" so: ``Leo and Max are scared of thunder``."""
    is_of_several = re.search(r"\b(?:are|were)(?: both| all)? $", text[:position]) or text[position:].startswith("are ")
    first = mentions[subject].spans[0][0]
    return [n for n, m in enumerate(mentions[:subject]) if is_of_several and text[m.spans[0][1] : first] == " and "]


def _facts_in(sentence: str) -> list[tuple[int, Fact]]:
    found: list[tuple[int, Fact]] = []
    for m in _NOT.finditer(sentence):
        found.append((m.start(), Fact(FactKind.NOT, _complement(m[1], sentence[m.start(1) :]))))
    for m in _ALLERGIC.finditer(sentence):
        found.append((m.start(), Fact(FactKind.IS, cut_clause(m[1], 6))))
    for m in _NOBODY.finditer(sentence):
        found.append((0, Fact(FactKind.NOT, _complement(m[1]))))
    for m in _HAS_NO.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, f"have {cut_clause(m[1] or m[2], 8)}")))
    for m in _NOR.finditer(sentence):
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
        is_asked = sentence[: m.start()].lower().endswith((" about ", " over ", " out "))
        is_asked = is_asked or _A_TIME.search(sentence[: m.start()]) is not None
        if not is_asked and first not in _SIMPLE_VERBS and first.endswith("s") and base_of(first):
            found.append((m.start() + 4, Fact(FactKind.HABIT, _verb_phrase(m[1]))))
    for m in _NEVER_SO.finditer(sentence):
        found.append((m.start(), Fact(FactKind.NEVER, f"be {m[1]}")))
    for m in _AND_SO.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, _verb_phrase(m[1]))))
    for m in _GOOD_AT.finditer(sentence):
        found.append((m.start(), Fact(FactKind.IS, cut_clause(m[1], 5))))
    bare = {(position, fact) for position, fact in found if fact.what or fact.kind in (FactKind.MAYBE, FactKind.IS)}
    return [pair for pair in sorted(bare, key=lambda p: (p[0], p[1].kind)) if not _is_refused(pair[1].what)]


def _complement(text: str, onwards: str = "") -> str:
    """What somebody is not, of one person: ``pirates`` → ``a pirate``. ``onwards``: the text with all that follows."""
    if text.lower().startswith(("allowed to", "able to", "afraid of", "scared of", "good at")):
        return cut_clause(onwards or text, 8)
    phrase = _of_one(_before_a_verb(cut_clause(text, 4)))
    return "" if phrase.lower() in ("sure", "certain", "going", "allowed", "only", "just", "enough") else phrase


def _before_a_verb(phrase: str) -> str:
    """Up to a verb that goes on with somebody else's deed: ``a witch sails home`` → ``a witch``."""
    words = phrase.split()
    for n, word in enumerate(words[1:], start=1):
        base = base_of(word)
        if base and words[n - 1].lower() not in ("a", "an", "the", "to") and word in (third_person(base), past(base)):
            return " ".join(words[:n])
    return phrase


def _of_one(phrase: str) -> str:
    words = phrase.split()
    is_many = words and words[0] not in ("a", "an", "the") and words[-1].lower() != (one := singular(words[-1].lower()))
    if not is_many or (one not in lexicon().beings and not words[-1].endswith(("ers", "ors", "ists"))):
        return phrase
    return with_article(" ".join([*words[:-1], one]))


def _verb_phrase(text: str) -> str:
    words = _up_to_another_deed(cut_clause(text, 8).split())
    words = ["be", *words[1:]] if words[:1] == ["been"] and len(words) > 1 else words
    if words[:1] == ["be"] and len(words) > 1:
        return " ".join(words)
    if not words or words[0].lower() in ("want", "wants", "been", "be", "know", "know"):
        return ""
    base = base_of(words[0])
    return " ".join([base or words[0].lower(), *words[1:]]) if base else ""


def _up_to_another_deed(words: list[str]) -> list[str]:
    """``lives in a toaster and keeps burning the toast`` → ``lives in a toaster``."""
    for n, word in enumerate(words[:-1]):
        base = base_of(words[n + 1])
        if n and word == "and" and base is not None and words[n + 1] == third_person(base):
            return words[:n]
    return words


def _is_refused(phrase: str) -> bool:
    """What may not be told, or is told by a child who is "me"."""
    return any(word.lower() in lexicon().refused or word.lower() in _OF_WHO_ASKS for word in phrase.split())


def _is_he(mention: Mention) -> bool:
    being = lexicon().beings.get(mention.being)
    named = lexicon().names.get(mention.name.lower())
    return Pronouns.HE in (named, being.pronouns if being else None)


def _is_of_a_thing(text: str, position: int, mentions: list[Mention]) -> bool:
    """``sews a coat that makes people tell the truth``: it is the coat that does."""
    at = position - len("that")
    is_that = at > 0 and text[at:position].lower() == "that"
    return is_that and not any(end == len(text[:at].rstrip(" ,")) for m in mentions for _, end in m.spans)


# "and one guest never", "so big that it won’t", "before he leaves"
_SOMETHING_ELSE = re.compile(
    r"(?:(?:\band|\bbut|\bwhile|\bthat|\bbecause|,) (?:one|the|an?|her|his|their|my|nobody|no one|everybody"
    r"|everyone|it’s|its)"
    r"(?: [^\W\d_]+){0,2}|\bso [^\W\d_]+ that (?:it|they|she|he)|\bthan it(?: ever)?) ?(?:ever )?$",
    re.IGNORECASE,
)
_A_TIME = re.compile(r"\b(?:before|until|till|after|when|whenever|if|as soon as|once|wherever) $", re.IGNORECASE)


def _is_of_something_else(before: str) -> bool:
    """Whether what is said is said of nobody who is spoken of."""
    found = _SOMETHING_ELSE.search(before)
    last = singular(before.split()[-1].lower()) if before.split() else ""
    is_named = before.split()[-1:] and before.split()[-1][0].isupper()
    return found is not None and not is_named and last not in lexicon().beings


def _fact_subject(text: str, mentions: list[Mention], position: int, sentence_start: int) -> int | None:
    if _WEATHER.search(text[max(0, position - 4) : position + 24]):
        return None
    if _is_of_something_else(text[sentence_start:position]):
        return None
    before = [
        (end, n)
        for n, m in enumerate(mentions)
        for start, end in m.spans
        if sentence_start <= start and end <= position + 1
    ]
    lead = text[max(sentence_start, position - 24) : position + 5].lower()
    if before and not re.search(r"\b(?:she|he|they|it)\b[^,.;]*$", lead[: len(lead) - 3]):
        return max(before)[1]
    if re.search(r"\bhe\b[^,.;]*$", lead[: len(lead) - 3]) and len(mentions) > 1:
        he = [n for n, m in enumerate(mentions) if m.start < position and _is_he(m)]
        if he:
            return he[-1]
    if re.search(r"\bthere(?: |’)", text[sentence_start:position].lower()):
        return None
    return 0 if mentions else None

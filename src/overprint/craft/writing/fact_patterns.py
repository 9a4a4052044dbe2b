"""What one sentence of a premise says is, is not, might be, never happens or cannot be done, and where it says so."""

import re

from overprint.craft.writing.clauses import before_another_deed, before_somebody_else, cut_clause
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of, past, third_person, with_article
from overprint.craft.writing.nouns import singular
from overprint.craft.writing.vocabulary import lexicon, word_set

# Marks that somebody "is a …", besides what they are called.
A_SECOND = "= "
_W = r"[^\W\d_][\w’-]*"
_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten"
_NOT = re.compile(
    r"\b(?:(?:is|was|are) (?:certainly |definitely |really )?not|isn’t|wasn’t|aren’t) (?:really |actually )?"
    rf"((?:(?:an?|the) )?{_W}(?: {_W}){{0,2}})",
    re.IGNORECASE,
)
_NOR = re.compile(rf"(?:,|\band|\bnor|\bor) not ((?:an?|very|so|at all|particularly) {_W})", re.IGNORECASE)
_CAN_ONLY = re.compile(rf"\bcan only ({_W}.*)", re.IGNORECASE)
# "a grandmother with no teeth", "a knight in rusty armour"
_WITH = re.compile(
    rf"\bwith (too many(?= *[.,]|$| and\b)|(?:no|too many|only one|{_NUMBER}|huge|tiny|very \w+) (?:{_W} )?"
    rf"(?:teeth|tooth|feet|(?!and\b){_W}s?))(?=$|[.,;!?]| (?:who|and|that|wants|is|has|tries|must|goes|lives)\b)",
    re.IGNORECASE,
)
# "a girl with a stutter wants to read"
_WITH_A = re.compile(
    rf"^\s*(?:(?:an?|the|my|our) )?(?:{_W} ){{1,3}}?(with) (an? (?!(?:group|class|team)\b)(?:{_W} ){{0,2}}?{_W}"
    rf"|(?:short|long|big|tiny|huge|enormous|very {_W}|crooked|sharp|wobbly|cold|magic|green|red|blue|purple) "
    rf"(?:{_W} )?{_W}s)"
    r"(?=[.,;!?]|$| (?:who|that|wants|is|has|tries|must|goes|lives|finds|dreams|meets|decides|learns|joins)\b)",
    re.IGNORECASE,
)
_WITH_A_NAME = re.compile(
    r"\bwith ((?:[^\W\d_]+(?:’s)? )?syndrome|autism|asthma|diabetes|epilepsy|dyslexia|adhd|cerebral palsy|a "
    r"prosthetic leg"
    r"|crutches|braces|cancer|arthritis|albinism|vitiligo)\b",
    re.IGNORECASE,
)
_HAS = re.compile(
    r"(?<!to )\b(?:has|have) (?!an? (?:[^\W\d_]+ )?(?:match|party|race|competition|picnic|quarrel|fight|meeting|falling"
    r"|problem)\b)"
    rf"(?!to\b|been\b|never\b|no\b|not\b|everything\b|nothing\b|had\b|an? new\b|got\b)"
    rf"((?:an? |the |(?:{_NUMBER}) )?{_W}(?: [^.!?;]*)?)",
    re.IGNORECASE,
)
_ABLE = re.compile(rf"\bcan (?!only\b|not\b|be\b)({_W}.*)", re.IGNORECASE)
_ON_WHEELS = re.compile(
    r"(?<!is )\bin (?:an? |her |his )wheelchair\b|\bwheelchair (?=(?:racer|dancer|athlete|champion|basketball|player))",
    re.IGNORECASE,
)
_WEARS = re.compile(
    rf"\bin ((?:an? |her |his )?(?:{_W} )?(?:armour|pyjamas|wellies|boots|slippers|uniform|costume|disguise))\b",
    re.IGNORECASE,
)
# "The bus driver is a retired pirate"
_IS_A = re.compile(
    rf"\b(?:is|are|was) (?:(?:really|actually) )?((?:secretly )?an? (?:{_W} ){{0,2}}?{_W})"
    rf"(?:,? (?:though |but )?(only (?:on|at|in) {_W}))?"
    r"(?=$|[.,;!?]| (?:and|but|who|that|though|although|by|in|on|at|from)\b)",
    re.IGNORECASE,
)
_THOUGHT = re.compile(r"\b(?:thinks|believes|says|knows|hopes|is sure|is convinced) [^.;,]*$", re.IGNORECASE)
_MAYBE = re.compile(rf"\b(?:might|may|could) (?:well )?be\b(?: (an? {_W}(?: {_W})?))?", re.IGNORECASE)
_IS_TOO = re.compile(r"\b(?:is|are)(?=[.,;!]|$)", re.IGNORECASE)
_NEVER = re.compile(rf"(?<!has )(?<!have )(?<!had )\bnever ({_W}.*)", re.IGNORECASE)
# "has never been on a plane"
_NEVER_YET = re.compile(rf"\b(?:has|have|had) never (?:ever |once )?({_W}.*)", re.IGNORECASE)
# "is smaller than all the others", "is too small to reach the bell", "is the last dinosaur"
_LIKE_THIS = re.compile(
    rf"\b(?:is|are) ((?:(?:much |far |a bit )?[a-z]+er than (?:all |any |every )?{_W}.*|as {_W} as {_W}.*"
    rf"|(?:much |far )?too {_W} (?:to|for) {_W}.*|made (?:of|out of|from) {_W}.*|full of {_W}.*"
    rf"|(?:an? )?[a-z]+ by day.*|in (?:hospital|bed|prison|trouble|love|a muddle)"
    rf"|(?:worried|afraid|sure|certain|convinced) (?:that )?(?:nobody|no one|everybody|everyone|he|she|they|it) .*"
    rf"|the (?:last|only|first|smallest|oldest|tallest|biggest|youngest|slowest|fastest) {_W}.*"
    rf"|colour-?blind|left-?handed|(?:in|using) a wheelchair|hard of hearing|vegetarian|adopted"
    rf"|autistic|dyslexic|nocturnal|deaf|blind"
    rf"|(?:good |best )?friends with {_W}.*))",
    re.IGNORECASE,
)
_HAS_NO = re.compile(
    rf"\b(?:(?:has|have|had) (no (?!idea|one)(?:{_W} )?{_W})|it who has ((?:an?|the|{_NUMBER}) {_W}.*|{_W}s that .*))",
    re.IGNORECASE,
)
_NEVER_SO = re.compile(
    r"\b(?:is|are|was) never (?:ever )?(late|early|wrong|sad|cross|afraid|bored|tired|alone|quiet|still|hungry|ill"
    r"|sorry|ready|cold|lost|angry|happy|scared|on time|in a hurry)\b",
    re.IGNORECASE,
)
# A second thing that is true of somebody: "loves dinosaurs and has a broken arm".
_AND_SO = re.compile(
    rf"\b(?:and|but) (?:also )?((?:has (?=an? (?:broken|wobbly|wooden|secret|loud|lazy|bad|sore|twin))|hates"
    rf"|loves|likes|forgets"
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
_FEARS = re.compile(
    rf"(?<!not )(?<!n’t )(?<!never )\b(?:(?:afraid|scared|frightened|terrified) of|fears) ({_W}.*)", re.IGNORECASE
)
_HABIT = re.compile(
    rf"\b(?:it who|who|that|she|he|they|it) (?:also )?(?:(always|secretly|only|often) )?({_W}(?: .*)?)", re.IGNORECASE
)
_OF_WHO_ASKS = word_set("me my i us we our you your")
# "though everyone says he lives in it": what others say is no fact
_SAID = re.compile(r"\b(?:says?|said|thinks?|thought|believes?|believed|insists?|claims?)(?: that)? $", re.IGNORECASE)
_A_TIME = re.compile(r"\b(?:before|until|till|after|when|whenever|if|as soon as|once|wherever) $", re.IGNORECASE)


def facts_in(sentence: str) -> list[tuple[int, Fact]]:
    found: list[tuple[int, Fact]] = []
    for m in _NOT.finditer(sentence):
        if " that " in f"{m[1]} ":
            continue  # "is not happy that …": told as it stands
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
    for kind, pattern in ((FactKind.NEVER, _NEVER), (FactKind.DOES_NOT, _DOES_NOT), (FactKind.CANNOT, _CANNOT)):
        for m in pattern.finditer(sentence):
            if kind is FactKind.CANNOT and verb_phrase(m[1]) in grammar().no_deed_alone:
                continue  # "cannot remember which key it was"
            is_unwanted = kind is FactKind.DOES_NOT and m[1].startswith("want ")
            found.append((m.start(), Fact(kind, cut_clause(m[1], 10) if is_unwanted else verb_phrase(m[1]))))
    for m in _CAN_ONLY.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, f"only {verb_phrase(m[1])}")))
    for m in _IS_A.finditer(sentence):
        if _THOUGHT.search(sentence[: m.start()]):
            continue  # "thinks every visitor is a burglar"
        when = f", but {m[2]}" if m[2] else ""
        found.append((m.start(), Fact(FactKind.IS, f"{A_SECOND}{m[1]}{when}")))
    for m in _HAS.finditer(sentence):
        first, base = m[1].split()[0].lower(), base_of(m[1].split()[0].lower())
        if first in grammar().participles or (base is not None and first == past(base) and first.endswith("ed")):
            done = cut_clause(m[1], 8)
            found.append((m.start(), Fact(FactKind.HAS, done if " " in done else "")))
        elif (base is None and not first.endswith("ed")) or first in ("a", "an", "the"):
            thing = before_another_deed(before_somebody_else(cut_clause(m[1], 8)))
            found.append((m.start(), Fact(FactKind.HABIT, f"have {thing}")))
    for m in _ABLE.finditer(sentence):
        only = re.search(r",? but (only (?:when|if|on|at|in|for|after|before) [^.;]+)", m[1])
        is_denied = (
            re.search(
                r"\b(?:neither of them|nobody|no one|none of them|only [^\W\d_]+|no other [^\W\d_]+|nobody else) $",
                sentence[: m.start()],
            )
            is not None
        )
        if (able := verb_phrase(m[1])) and not is_denied:
            found.append((m.start(), Fact(FactKind.IS, f"able to {able}{f', but {only[1]}' if only else ''}")))
    for m in _WITH.finditer(sentence):
        if not _is_of_somebody(sentence[: m.start()]):
            continue  # "a noisy house with six children"
        found.append((m.start(), Fact(FactKind.HABIT, f"have {m[1].lower()}")))
    for m in _WITH_A.finditer(sentence):
        if any(word == third_person(base_of(word) or "-") for word in sentence[: m.start(1)].split()[1:]):
            continue  # "makes friends with a bird"
        found.append((m.start(1), Fact(FactKind.HABIT, f"have {m[2]}")))
    for m in _WITH_A_NAME.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, f"have {m[1]}")))
    for m in _ON_WHEELS.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, "use a wheelchair")))
    for m in _WEARS.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, f"wear {m[1].lower()}")))
    for m in _NEVER_YET.finditer(sentence):
        found.append((m.start(), Fact(FactKind.NEVER_YET, cut_clause(m[1], 8))))
    for m in _LIKE_THIS.finditer(sentence):
        found.append((m.start(), Fact(FactKind.IS, before_somebody_else(cut_clause(m[1], 10)))))
    for m in _FEARS.finditer(sentence):
        if not re.search(r"\bnot (?:at all )?$", sentence[: m.start()]):
            found.append(
                (m.start(), Fact(FactKind.FEARS, before_another_deed(before_somebody_else(cut_clause(m[1], 5)))))
            )
    for m in _HABIT.finditer(sentence):
        first = m[2].split()[0].lower()
        is_asked = sentence[: m.start()].lower().endswith((" about ", " over ", " out "))
        is_asked = (
            is_asked or re.search(r"\b(?:what|where|how|why|who|which) $", sentence[: m.start()].lower()) is not None
        )
        is_asked = is_asked or _A_TIME.search(sentence[: m.start()]) is not None
        is_asked = is_asked or _SAID.search(sentence[: m.start()]) is not None
        is_plural = re.match(r"(?:it who|who) ", m[0]) is not None and base_of(first) == first
        base = base_of(first)
        is_past = base is not None and first == past(base) != base
        is_verb = base is not None and not _is_over(m[2].split()) and (first.endswith("s") or is_plural)
        if is_past and not is_asked and first not in grammar().simple_verbs and re.match(r"(?:it who|who|that) ", m[0]):
            found.append((m.start() + 4, Fact(FactKind.DEED, verb_phrase(m[2]))))
        if not is_asked and first not in grammar().simple_verbs and is_verb:
            phrase = verb_phrase(m[2])
            adverb = f"{m[1].lower()} " if m[1] and phrase else ""
            found.append((m.start() + 4, Fact(FactKind.HABIT, adverb + phrase)))
    for m in _NEVER_SO.finditer(sentence):
        found.append((m.start(), Fact(FactKind.NEVER, f"be {m[1]}")))
    for m in _AND_SO.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, verb_phrase(m[1]))))
    for m in _GOOD_AT.finditer(sentence):
        found.append((m.start(), Fact(FactKind.IS, cut_clause(m[1], 5))))
    bare = {(position, fact) for position, fact in found if fact.what or fact.kind in (FactKind.MAYBE, FactKind.IS)}
    return [pair for pair in sorted(bare, key=lambda p: (p[0], p[1].kind)) if not _is_refused(pair[1].what)]


def _is_of_somebody(before: str) -> bool:
    last = before.split()[-1] if before.split() else ""
    is_place = last in ("house", "home", "room", "flat", "family") or singular(last) in lexicon().settings
    return last[:1].isupper() or not is_place


def _is_over(words: list[str]) -> bool:
    """``have shared a flat``: what has been done, and is told as such."""
    done = base_of(words[1]) if len(words) > 1 else None
    return words[0] in ("has", "have", "had") and done is not None and words[1] == past(done)


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


def _is_refused(phrase: str) -> bool:
    """What may not be told, or is told by a child who is "me"."""
    return any(word.lower() in lexicon().refused or word.lower() in _OF_WHO_ASKS for word in phrase.split())


def verb_phrase(text: str) -> str:
    words = before_somebody_else(" ".join(_up_to_another_deed(cut_clause(text, 10).split()))).split()
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
        forms = () if base is None else (third_person(base), base if base in grammar().habits else "")
        if n and word == "and" and words[n + 1] in forms:
            return words[:n]
    return words

"""What a premise says is, is not, might be, never happens or cannot be done, and of whom."""

import re
from dataclasses import replace

from overprint.core.story import Pronouns
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.language import base_of, past, third_person, with_article
from overprint.craft.writing.mentions import Mention, singular
from overprint.craft.writing.referring import with_slots
from overprint.craft.writing.vocabulary import lexicon, word_set
from overprint.craft.writing.wants import before_another_deed, before_somebody_else, cut_clause, sentences_of

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
    r"\b(?:has|have) (?!an? (?:[^\W\d_]+ )?(?:match|party|race|competition|picnic|quarrel|fight|meeting|falling"
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
_WEATHER = re.compile(r"\bit (?:(?:never|does|doesn’t|cannot|can’t) (?:not )?)?(?:rain|snow)", re.IGNORECASE)
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
_FEARS = re.compile(rf"\b(?:(?:afraid|scared|frightened|terrified) of|fears) ({_W}.*)", re.IGNORECASE)
_HABIT = re.compile(
    rf"\b(?:it who|who|that|she|he|they|it) (?:also )?(?:(always|secretly|only|often) )?({_W}(?: .*)?)", re.IGNORECASE
)
_DOES = re.compile(rf",? (?:(always|often|secretly|only|still) )?({_W})((?: [^.!?;:]*)?)", re.IGNORECASE)
_HABITS = word_set(
    "collect love like adore hate live work play wait forget think speak know keep use wear sing draw paint dance read "
    "believe bake cook drive run teach study talk whisper stutter stammer count grow sell make write watch look share "
    "dislike miss own hide"
)
_PARTICIPLES = word_set("forgotten lost stolen broken eaten found hidden grown swallowed fallen left kept run gone")
_NOT_SAID = word_set(
    "fall be have want need go try decide argue quarrel fight get become dream plan set start begin hear"
)
_A_SECOND, _NO_KIND = "= ", ("", "friend", "best friend", "child", "neighbour", "hero", "twin", "brother", "sister")
_OF_WHO_ASKS = word_set("me my i us we our you your")
_NO_DEED_ALONE = word_set("remember tell say decide know see understand")
_SIMPLE_VERBS = word_set(
    "did went came wants wanted wishes longs hopes tries dreams needs decides is was has had can must might may could "
    "would will does never cannot says said"
)


def facts_said(text: str, mentions: list[Mention]) -> list[tuple[Fact, ...]]:
    """What ``text`` says of each of ``mentions`` that must stay true, at most four facts each.

    Whoever else a fact speaks of stands in it as a slot (see :mod:`referring`).
    """
    facts: dict[int, list[Fact]] = {n: [] for n in range(len(mentions))}
    denied = ""
    for start, sentence in sentences_of(text):
        if sentence.strip().startswith("the first ") and " and the second " in sentence:
            continue  # told of one each
        told = sentence.find(" who ") if sentence.strip().startswith("Then ") else -1
        for position, fact in sorted(_facts_in(sentence), key=lambda pair: pair[0]):
            if (told < 0 and sentence.strip().startswith("Then ")) or position < told:
                continue
            subject = _fact_subject(text, mentions, start + position, start)
            if subject is None or (fact.kind is FactKind.HABIT and _is_of_a_thing(text, start + position, mentions)):
                continue
            if fact.what.startswith(_A_SECOND):
                if mentions[subject].being in _NO_KIND or not _is_told_of(text, mentions[subject], start + position):
                    continue
                fact = Fact(FactKind.IS, fact.what.removeprefix(_A_SECOND))
            if re.search(r"\b(?:each other|one another)\b", fact.what):
                continue  # of both together, not of each
            owned = re.split(r" (?:that|who|with) ", fact.what)[0]
            last = owned.split()[-1] if owned.startswith("have a") else ""
            if any(m.owner and m.being == last for m in mentions):
                continue
            if fact.kind is FactKind.NOT:
                denied = fact.what
            if fact.kind in (FactKind.MAYBE, FactKind.IS) and not fact.what:
                fact = Fact(fact.kind, denied)
            if fact.what and fact not in facts[subject] and len(facts[subject]) < 4:
                before = text[: start + position + len(fact.what) + 16]
                fact = replace(fact, what=with_slots(fact.what, before, mentions, mentions[subject]))
                facts[subject].append(fact)
                for other in _joined_with(text, mentions, subject, start + position):
                    facts[other].append(fact)
    for n, mention in enumerate(mentions):
        facts[n] += [fact for fact in _done_by(text, mention, mentions) if fact not in facts[n]][: 4 - len(facts[n])]
    return [tuple(facts[n]) for n in range(len(mentions))]


def _is_told_of(text: str, mention: Mention, position: int) -> bool:
    """Whether "is a …" stands right after somebody or their "who", and is not what they are called anyhow."""
    between = [text[end:position].strip(" ,") for _, end in mention.spans if end <= position]
    said = text[position : position + 60].lower()
    follows = re.search(r"\b(?:who|that) $", text[:position]) is not None
    return (follows or any(each in ("", "who", "he", "she") for each in between)) and not (
        mention.noun and mention.noun in said
    )


def _done_by(text: str, mention: Mention, mentions: list[Mention]) -> list[Fact]:
    """What somebody is said to do, right after their name or kind: ``Priya collects stones and wants …``."""
    for start, end in mention.spans:
        if re.search(r"(?:^|[.!?] )Then [^.!?]*$", text[:start]):
            continue
        opens = re.search(r"(?:^|[.,;] |\b(?:and|but|so|while|because) )(?:Then )?$", text[:start])
        found = _DOES.match(text[end:]) if opens else None
        verb = found[2].lower() if found else ""
        base = base_of(verb)
        is_several = mention.is_plural or mention.is_joined
        told = third_person(base) if base and not is_several else base
        is_told = verb == told or (mention.is_joined and base and verb == third_person(base))
        if mention.is_joined and re.search(r" and $", text[:start]):
            found = None  # "Noor and Sami speak": both of them
        if found and base and is_told and verb not in _SIMPLE_VERBS and base not in _NOT_SAID:
            phrase = _verb_phrase(found[2] + found[3])
            adverb = f"{found[1]} " if found[1] else ""
            if phrase:
                is_habit = adverb or base in _HABITS
                if is_several and not is_habit:
                    return []  # done by all of them together
                told = with_slots(phrase, text[: end + len(phrase) + 16], mentions, mention)
                return [Fact(FactKind.HABIT if is_habit else FactKind.DEED, adverb + told)]
    return []


def _joined_with(text: str, mentions: list[Mention], subject: int, position: int) -> list[int]:
    """Who else is meant where several "are" so: ``Leo and Max are scared of thunder``."""
    is_of_several = re.search(r"\b(?:are|were)(?: both| all)? $", text[:position]) or text[position:].startswith("are ")
    first = mentions[subject].spans[0][0]
    return [n for n, m in enumerate(mentions[:subject]) if is_of_several and text[m.spans[0][1] : first] == " and "]


def _facts_in(sentence: str) -> list[tuple[int, Fact]]:
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
            if kind is FactKind.CANNOT and _verb_phrase(m[1]) in _NO_DEED_ALONE:
                continue  # "cannot remember which key it was"
            is_unwanted = kind is FactKind.DOES_NOT and m[1].startswith("want ")
            found.append((m.start(), Fact(kind, cut_clause(m[1], 10) if is_unwanted else _verb_phrase(m[1]))))
    for m in _CAN_ONLY.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, f"only {_verb_phrase(m[1])}")))
    for m in _IS_A.finditer(sentence):
        when = f", but {m[2]}" if m[2] else ""
        found.append((m.start(), Fact(FactKind.IS, f"{_A_SECOND}{m[1]}{when}")))
    for m in _HAS.finditer(sentence):
        first, base = m[1].split()[0].lower(), base_of(m[1].split()[0].lower())
        if first in _PARTICIPLES or (base is not None and first == past(base) and first.endswith("ed")):
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
        if (able := _verb_phrase(m[1])) and not is_denied:
            found.append((m.start(), Fact(FactKind.IS, f"able to {able}{f', but {only[1]}' if only else ''}")))
    for m in _WITH.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, f"have {m[1].lower()}")))
    for m in _WITH_A.finditer(sentence):
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
        is_plural = re.match(r"(?:it who|who) ", m[0]) is not None and base_of(first) == first
        base = base_of(first)
        is_past = base is not None and first == past(base) != base
        is_verb = base is not None and not _is_over(m[2].split()) and (first.endswith("s") or is_plural)
        if is_past and not is_asked and first not in _SIMPLE_VERBS and re.match(r"(?:it who|who|that) ", m[0]):
            found.append((m.start() + 4, Fact(FactKind.DEED, _verb_phrase(m[2]))))
        if not is_asked and first not in _SIMPLE_VERBS and is_verb:
            phrase = _verb_phrase(m[2])
            adverb = f"{m[1].lower()} " if m[1] and phrase else ""
            found.append((m.start() + 4, Fact(FactKind.HABIT, adverb + phrase)))
    for m in _NEVER_SO.finditer(sentence):
        found.append((m.start(), Fact(FactKind.NEVER, f"be {m[1]}")))
    for m in _AND_SO.finditer(sentence):
        found.append((m.start(), Fact(FactKind.HABIT, _verb_phrase(m[1]))))
    for m in _GOOD_AT.finditer(sentence):
        found.append((m.start(), Fact(FactKind.IS, cut_clause(m[1], 5))))
    bare = {(position, fact) for position, fact in found if fact.what or fact.kind in (FactKind.MAYBE, FactKind.IS)}
    return [pair for pair in sorted(bare, key=lambda p: (p[0], p[1].kind)) if not _is_refused(pair[1].what)]


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


def _verb_phrase(text: str) -> str:
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
        forms = () if base is None else (third_person(base), base if base in _HABITS else "")
        if n and word == "and" and words[n + 1] in forms:
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
    before = re.sub(r" (?:who|that) ?$", "", before)
    last = singular(before.split()[-1].lower()) if before.split() else ""
    is_named = before.split()[-1:] and before.split()[-1][0].isupper()
    return found is not None and not is_named and last not in lexicon().beings


def _fact_subject(text: str, mentions: list[Mention], position: int, sentence_start: int) -> int | None:
    if _WEATHER.search(text[max(0, position - 4) : position + 24]):
        return None
    if _is_of_something_else(text[sentence_start:position]):
        return None
    is_of_one = re.search(r"\b(?:is|was|has) (?:[^\W\d_]+ )?$", f"{text[:position]}{text[position:].split(' ')[0]} ")
    before = [
        (end, n)
        for n, m in enumerate(mentions)
        for start, end in m.spans
        if sentence_start <= start
        and end <= position + 1
        and not (n and is_of_one is not None and m.is_plural and not m.name)
    ]
    nearest = max(before, default=(sentence_start, 0))[0]
    lead = text[max(sentence_start, nearest - 1, position - 24) : position + 5].lower()
    if before and not re.search(r"\b(?:she|he|they|it)\b[^,.;]*$", lead[: len(lead) - 3]):
        return max(before)[1]
    if re.search(r"\bhe\b[^,.;]*$", lead[: len(lead) - 3]) and len(mentions) > 1:
        he = [n for n, m in enumerate(mentions) if m.start < position and _is_he(m)]
        if he:
            return he[-1]
    if re.search(r"\bthere(?: |’)", text[sentence_start:position].lower()):
        return None
    return 0 if mentions else None

"""What a premise tells that nothing else of the plan says: its own clauses, to be told as they stand.

So that what is not understood is not lost either: ``my sister swallowed a star`` is at least told.
"""

import re
from collections.abc import Sequence

from overprint.craft.writing.clauses import sentences_of
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of, joined, past, third_person
from overprint.craft.writing.nouns import Mention, singular
from overprint.craft.writing.referring import SLOT, with_slots
from overprint.craft.writing.retelling import clause_in_the_past
from overprint.craft.writing.vocabulary import lexicon, word_set

TOLD_MAX = 2
_WORDS_MAX = 24
_W = r"[^\W\d_][\w’-]*"
_SUBJECT = (
    r"(?:\{p\d\}(?:’s? (?:[^\W\d_]+ ){0,2}?[^\W\d_]+)?(?:(?:,| and|, and) \{p\d\})*"
    r"|(?:an?|the|her|his|their|its|my|our|some|all|every|each|two|three|one) (?:[^\W\d_][\w’-]* ){0,3}?[^\W\d_][\w’-]*"
    r"|she|he|they|it|nobody|no one|everybody|everyone|somebody|someone|something|everything|nothing|neither"
    r"|one of them|only [^\W\d_]+|only the [^\W\d_]+|all of them|none of them|there|(?-i:[A-Z])[\w’-]*|(?!is|was"
    r"|has|does)[a-z]{3,}s)"
)
_CLAUSE = re.compile(
    rf"{_SUBJECT} (?:(?:both|all|never|always|only|also|still|just|[^\W\d_]+ly) )?({_W})(?= |$)", re.IGNORECASE
)
_JOINT = re.compile(r",? (and|but|so|while|though|although|because) (?=[^\W\d_]|\{)")
_WHO = re.compile(r"(\{p\d\}(?:(?:,| and|, and) \{p\d\})*),? (?:who|that|which) ", re.IGNORECASE)
# "the shop is run by {p0} who has never read a book"
_LISTED = re.compile(r"\{p\d\} and \{p\d\}(?:, \{p\d\})* and \{p\d\}")
_OF_WHOM = re.compile(r"(\{p\d\}) (?:who|that) (.+)$")
# "a bakery where the bread tells fortunes"
# "{p0} of winter does not want to melt"
_OF_WHERE = re.compile(
    rf"^(\{{p\d\}}) (?:of|in|under|on|at|behind|near|by|from) (?:(?:the|an?|her|his|their|its) )?(?:{_W} )?{_W} "
    rf"(?=(?:is|was|has|does|doesn’t|just|only|needs|likes"
    rf"|can|cannot|can’t|will"
    r"|won’t|wants|must)\b)"
)
_WHERE = re.compile(rf"(?:in )?(?:an?|the) (?:{_W} ){{0,2}}?{_W} (?:where|in which) ", re.IGNORECASE)
_ANTECEDENT = re.compile(r"(?:it|they) who ", re.IGNORECASE)
_ASIDE = re.compile(r"(\{p\d\}) (who|that) ([^,]+?) (?=and \{p\d\})")
_ONCE = (FactKind.DEED, FactKind.DOES_NOT, FactKind.HAS, FactKind.HABIT, FactKind.NOT, FactKind.CANNOT, FactKind.IS)
_LEANING = ("though", "although", "while", "because", "so")
_LINKS = word_set(
    "is are was were has have had can cannot can’t will won’t must doesn’t don’t didn’t isn’t aren’t wasn’t never does "
    "did would wouldn’t couldn’t could should may might hasn’t haven’t"
)
_PAST_LINKS = word_set("was were had did didn’t wasn’t weren’t could couldn’t would wouldn’t")
_MANY = word_set("they all both two three some neither")
_OF_WHO_ASKS = word_set("i me we us you your myself ourselves")


def left_unsaid(text: str, mentions: Sequence[Mention], said: str, want: str = "") -> tuple[str, ...]:
    """At most two clauses of ``text``, people as slots, that hold a word of which ``said`` knows nothing.

    ``mentions``: whoever has a part, by number; one who stands for several is there as often. ``said``: all that is
    told anyhow. ``want``: the deed that is wanted is no clause of its own, though what happens meanwhile is.
    """
    known = _stems(said) | {_stem(word) for m in mentions for word in (*m.noun.split(), *m.name.lower().split())}
    told: list[str] = []
    for start, sentence in sentences_of(text):
        end = start + len(sentence)
        if text[end : end + 1] == "?" or sentence.strip().startswith("Then "):
            continue
        slotted = _with_people(text, start, end, mentions).strip(" ,")
        told += [_of_them(clause, text[:end], mentions) for clause in _unsaid(slotted, known, want)]
    return tuple(dict.fromkeys(each for each in told if each and _may_be_told(each)))[:TOLD_MAX]


def is_told_in(fact: Fact, clauses: Sequence[str]) -> bool:
    """Whether one of ``clauses`` says so too, and nothing else hangs on it."""
    if fact.kind not in _ONCE or not clauses:
        return False
    told = _stems(SLOT.sub(" ", fact.what))
    return bool(told) and any(told <= _stems(clause) for clause in clauses)


def _unsaid(sentence: str, known: set[str], want: str) -> list[str]:
    """The clauses of a sentence with something new in them; neighbours stay together."""
    kept: list[str] = []
    is_open, before = False, ""
    for joint, clause in _clauses(sentence):
        whole, clause = clause, _besides(clause, want) if _is_the_deed(clause, want) else clause
        is_new = bool(_stems(SLOT.sub(" ", clause)) - known)
        if is_new and not is_open and before and (joint in _LEANING or re.match(r"(?:they|it|he|she) ", clause)):
            kept.append(before)
            is_open = True
        before = whole
        if is_new and is_open and len(f"{kept[-1]} {clause}".split()) < _WORDS_MAX:
            kept[-1] = f"{kept[-1]}{',' if joint in ('but', 'so') else ''} {joint} {clause}"
        elif is_new:
            kept.append(clause)
        is_open = is_new
    return kept


def _is_the_deed(clause: str, want: str) -> bool:
    """Whether ``clause`` tells as done what is wanted."""
    unwanted = _stems(SLOT.sub(" ", want.removeprefix("get out of ")))
    if want.startswith("get out of ") and re.search(r"\bhates? ", clause) and unwanted <= _stems(clause):
        return True
    wanted = _stems(SLOT.sub(" ", want))
    does = {base_of(word) for word in re.findall(_W, clause.lower())}
    return bool(wanted) and wanted <= _stems(clause) and base_of(want.split()[0]) in does


def _besides(clause: str, want: str) -> str:
    """``{p0} sings when the lights go out`` → ``the lights go out``; empty where there is nothing besides the deed."""
    found = re.search(r" (?:when|while|after|because|where|as) ", clause)
    if found and _is_the_deed(clause[found.end() :], want):
        return clause  # "everyone laughs when he says that he wants to …"
    if found:
        clause = re.sub(r" and (?=[a-z]+s ).*", "", clause)
    return clause[found.end() :] if found and _is_clause(clause[found.end() :]) else ""


def _clauses(sentence: str) -> list[tuple[str, str]]:
    """``it rains and {p0} is late`` as two, each with the word that joins it to the one before."""
    parts: list[tuple[str, str]] = []
    joint, begin = "", 0
    for found in _JOINT.finditer(sentence):
        before, rest = sentence[begin : found.start()], sentence[found.end() :]
        if _is_clause(_plain(before)) and _is_clause(_plain(rest)):
            parts.append((joint, _plain(before)))
            joint, begin = found[1].lower(), found.end()
    last = _plain(sentence[begin:])
    of_whom = _OF_WHOM.search(last)
    if of_whom and _is_clause(f"{of_whom[1]} {of_whom[2]}") and of_whom.start():
        parts.append((joint, last[: of_whom.end(1)]))
        joint, last = "and", f"{of_whom[1]} {of_whom[2]}"
    return [(joint, clause) for joint, clause in (*parts, (joint, last)) if _is_clause(clause)]


def _plain(clause: str) -> str:
    """``{p0} who runs backwards`` → ``{p0} runs backwards``; a clause within keeps its commas."""
    clause = clause.strip(" ,")
    clause = _OF_WHERE.sub(r"\1 ", clause)
    where = _WHERE.match(clause)
    if where and _is_clause(clause[where.end() :]):
        return clause[where.end() :]
    who = _WHO.match(clause)
    if who and re.match(r"(?:nobody|no one|everybody|everyone) ", clause[who.end() :]):
        return f"{clause[who.end() :]} {who[1]}"
    if who and not _has_a_verb_after(clause[who.end() :]):
        return f"{who[1]} {clause[who.end() :]}"
    return _ASIDE.sub(r"\1, \2 \3, ", clause)


def _has_a_verb_after(clause: str) -> bool:
    """Whether after the clause's own verb a slot goes on with another: ``loves ice and {p1} share a flat``."""
    return re.search(r"\band \{p\d\} (?:who |that )", clause) is not None


def _is_clause(clause: str) -> bool:
    return _verb_of(clause) is not None


def _verb_of(clause: str) -> re.Match[str] | None:
    """The finite verb of a clause that begins with its subject; ``None`` where there is none."""
    found = _CLAUSE.match(clause)
    while found is not None and found.start(1) < 60:
        word = found[1].lower()
        base = base_of(word)
        before = clause[: found.start(1)].split()
        is_many = before[0].lower() in _MANY or " and {p" in clause[: found.start(1)] or before[-1].endswith("s")
        is_finite = base is not None and (word in (third_person(base), past(base)) or (word == base and is_many))
        is_noun = before[-1].lower() in ("a", "an", "the", "his", "her", "their", "its", "my", "our", "of", "to")
        if word in _LINKS or (is_finite and not is_noun):
            return found
        found = re.compile(rf"({_W})(?= |$)").match(clause, found.end(1) + 1)
        if found is not None and re.search(
            r"\b(?:who|that|which|when|where|to|because)$", clause[: found.start(1)].strip()
        ):
            return None
    return None


def _may_be_told(clause: str) -> bool:
    """Whether it is short and plain enough, and has a past tense of its own."""
    words = clause.lower().split()
    verb = _verb_of(clause)
    refused = lexicon().refused | _OF_WHO_ASKS
    is_a_title = re.match(
        r"the (?:day|night|morning|winter|summer|spring|autumn|time|year) (?:the|my|our|all|every) ", clause
    )
    is_in_the_want = re.match(r"\{p\d\} (?:being |grows? up$)|there (?:is|are) no ", clause) is not None
    if (
        is_a_title
        or is_in_the_want
        or verb is None
        or not 2 < len(words) <= _WORDS_MAX
        or refused & set(words)
        or any(len(w) > 24 for w in words)
    ):
        return False
    base = base_of(verb[1].lower())
    is_past = verb[1].lower() in _PAST_LINKS or (base is not None and base != verb[1].lower() == past(base))
    return is_past or clause_in_the_past(SLOT.sub("Ada", clause)) != SLOT.sub("Ada", clause)


def _of_them(clause: str, before: str, mentions: Sequence[Mention]) -> str:
    """The clause with pronouns at its head as slots; a name or a slot leads on."""
    slot = SLOT.search(clause)
    head, rest = (clause[: slot.start()], clause[slot.start() :]) if slot else (clause, "")
    clause = with_slots(head, before, list(mentions), None, by_kind=False) + rest
    child = next((n for n, m in enumerate(mentions) if m.noun == "child" and not m.name), None)
    clause = re.sub(r"\b(?:my|our)\b", "the" if child is None else f"{{p{child}}}’s", clause, flags=re.IGNORECASE)
    if re.match(r"(?:he|she|it) ", clause, re.IGNORECASE) and mentions:
        clause = f"{{p0}} {clause.split(' ', 1)[1]}"
    first, _, rest = clause.partition(" ")
    return clause if first.startswith("{") or not first.istitle() or _is_a_name(first) else f"{first.lower()} {rest}"


def _is_a_name(word: str) -> bool:
    return word.lower() in lexicon().names or (base_of(word) is None and word.lower() not in grammar().light)


def _with_people(text: str, start: int, end: int, mentions: Sequence[Mention]) -> str:
    """``text[start:end]`` with each of ``mentions`` as their slot, several as one after the other."""
    sentence, slots = text[start:end], dict[int, list[int]]()
    for n, mention in enumerate(mentions):
        slots.setdefault(id(mention), []).append(n)
    found = {span: slots[id(m)] for m in mentions for span in m.spans if start <= span[0] and span[1] <= end}
    taken = end
    for (begin, stop), numbers in sorted(found.items(), reverse=True):
        is_wished_for = re.search(r"\b(?:wants|needs|wishes for|longs for) $", text[:begin]) is not None
        is_theirs = text[stop : stop + 2] == "’ "
        if stop > taken or begin == stop or is_wished_for or is_theirs:
            continue
        is_clause = text[begin:stop].lower().startswith("that ")
        own = "’s" if text[begin:stop].endswith(("’s", "s’")) else ""
        told = ("that " if is_clause else "") + joined([f"{{p{n}}}" for n in numbers]) + own
        sentence, taken = f"{sentence[: begin - start]}{told}{sentence[stop - start :]}", begin
    sentence = re.sub(r"(?:\{p\d\}’s|\b(?:an?|the)) (\{p\d\})", r"\1", sentence, flags=re.IGNORECASE)
    sentence = _LISTED.sub(lambda m: m[0].replace(" and", ",", 1), sentence)
    if " and the second " in sentence and len(mentions) > 1:
        sentence = sentence.replace("the first ", "{p0} ").replace("the second ", "{p1} ")
    antecedent = _ANTECEDENT.match(sentence.strip())
    if antecedent and mentions:
        told = joined([f"{{p{n}}}" for n in slots[id(mentions[0])]])
        sentence = f"{told} {sentence.strip()[antecedent.end() :]}"
    return sentence


def _stems(text: str) -> set[str]:
    return {_stem(word) for word in re.findall(_W, text.lower()) if len(word) > 1} - grammar().light - {""}


def _stem(word: str) -> str:
    plain = re.sub(r"’s?$", "", word)
    if plain in grammar().light:
        return ""
    stem = base_of(plain) or singular(plain)
    return "" if stem in grammar().light else stem

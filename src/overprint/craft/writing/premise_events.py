"""What happens in a premise after its beginning: ``… until one day a bottle comes back``, ``but then …``.

Each is set apart as a sentence of its own that begins with "Then", after everything else, so that nothing of it is
taken for what somebody is like or wants from the start.
"""

import re

from overprint.craft.writing.language import base_of, past, third_person
from overprint.craft.writing.vocabulary import lexicon, word_set

EVENTS_MAX = 3
_WORDS_MAX = 22
_W = r"[^\W\d_][\w’-]*"
_DAY = (
    r"(?i:one|the next|the last|that) (?i:\w+ )?(?i:day|night|morning|evening|afternoon|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|winter|summer|spring|autumn|year|time)"
)
_TURN = re.compile(
    rf"[,;.]? (?:(?:and|but),? )?(?:(?P<until>until|till)(?: (?=one|suddenly))?|then|suddenly|all at once|when suddenly"
    rf"|(?P<when>when)|(?:but|and)(?=,? {_DAY}\b)|(?<=[.;])(?= {_DAY}\b)),? "
    rf"(?P<clause>[^.!?;]+)",
    re.IGNORECASE,
)
_BUT = re.compile(r"[,;.]? but (?P<clause>[^.!?;]+)", re.IGNORECASE)
_ENDS = re.compile(r",? and ((?:nobody|no one|everybody|everyone) [^.!?;]+?) (?:at|in) the end\b", re.IGNORECASE)
# "The last bus leaves at midnight and Wanjiku has forgotten her drum"
_FIRST_OF_A_THING = re.compile(
    r"((?:The|A|An|Our|My) [^.!?;]+?),? (?:and|but) (?=[A-Z][^\W\d_]+ (?:has|is|wants|must|cannot|can’t|never|still)\b)"
)
_WHEN = re.compile(r"When ([^,.!?;]+), (?=(?:she|he|they|it)\b|[A-Z])")
# "After Grandma dies, Lotte finds a key"
_AFTER = re.compile(
    r"(?:After|Ever since|Since|Now that|Because|Once|As|While|On the day(?: that| when)?) ([^,.!?;]+), (?=[^\W\d_])",
    re.IGNORECASE,
)
_TURNS_OUT = re.compile(r",? (?:and|but) (it turns out (?:to be|that) [^.!?;]+)", re.IGNORECASE)
_OWN_SUBJECT = re.compile(
    rf"(?:{_DAY},? )?(?:(?:an?|the|her|his|their|its|my|our|some|two|three|all|every) (?:{_W} ){{0,3}}?{_W}"
    rf"|one of (?:them|the {_W}|his {_W}|her {_W})|she|he|they|it|we|i|nobody|no one|everybody"
    rf"|mum|mummy|mom|dad|daddy|mama|papa|grandma|grandpa|granny|gran|nana|grandad|granddad"
    rf"|everyone|somebody|someone|something|everything|nothing"
    rf"|everyone else|nobody else"
    rf"|[A-Z][^\W\d_]+)(?: (?:[^\W\d_]+ly|never|always|already|also|just))? ({_W})",
)
_LINKS = word_set(
    "is are was were has have had can cannot can’t will won’t must doesn’t don’t didn’t isn’t aren’t wasn’t never does "
    "did would wouldn’t couldn’t could"
)
_WISH = re.compile(r"\b(?:wants?|wanted|must|wish(?:es)?|won’t|will not|would not|refuses|not|has to|have to)\b")


def with_events_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """What is so from the start, and what happens then: at most three clauses, as they were told."""
    events: list[str] = []
    ends = _ENDS.search(text) or _TURNS_OUT.search(text)
    if ends:
        text = f"{text[: ends.start()]}{text[ends.end() :]}"
    first = _FIRST_OF_A_THING.match(text)
    if first and _is_of_no_person(first[1]) and _is_clause(first[1][0].lower() + first[1][1:]):
        events.append(first[1][0].lower() + first[1][1:])
        text = text[first.end() :]
    opens = _WHEN.match(text)
    if opens and _is_clause(opens[1]):
        events.append(opens[1])
        text = text[opens.end() :]
        text = f"{text[:1].upper()}{text[1:]}"
    before = _AFTER.match(text)
    if before and _is_clause(before[1]):
        events.append(f"at first {before[1]}")
        text = f"{text[before.end()].upper()}{text[before.end() + 1 :]}"
    while len(events) < EVENTS_MAX and (found := _next_turn(text)):
        clause = found["clause"].strip(" ,")
        events.append(re.sub(r",? (?:though|although|even though) .*", "", clause))
        text = f"{text[: found.start()].rstrip(' ,;')}{_stop(text[found.end() :])}"
    return text.strip(), (*events, *([f"in the end {ends[1]}"] if ends else []))


def _stop(rest: str) -> str:
    return rest if rest[:1] in (".", "!", "?", ";", "") else f". {rest.lstrip()}"


def _next_turn(text: str) -> re.Match[str] | None:
    for found in _TURN.finditer(text):
        if found.start() > 8 and _is_clause(found["clause"]) and _may_turn(text, found):
            return found
    for found in _BUT.finditer(text):
        if found.start() > 8 and _is_of_no_person(found["clause"]) and _is_clause(found["clause"]):
            return found
    return None


def _may_turn(text: str, found: re.Match[str]) -> bool:
    """``won’t stop until …`` and ``wants to dance until …`` say how long; ``until one day`` says what happens."""
    before = re.split(r"[.;!?]", text[: found.start()])[-1]
    if found["when"]:
        return bool(re.match(_DAY, found["clause"])) or bool(re.search(r"\bjust $|, $", f"{before} "))
    if found["until"]:
        return bool(re.match(_DAY, found["clause"], re.IGNORECASE)) or not _WISH.search(before)
    return True


def _is_clause(clause: str) -> bool:
    """Whether somebody or something of its own does something here."""
    found = _OWN_SUBJECT.match(clause)
    while found:
        word = found[1].lower()
        base = base_of(word)
        if word in _LINKS or (base is not None and word in (third_person(base), past(base))):
            return len(clause.split()) <= _WORDS_MAX
        is_many = word == base and clause[: found.start(1)].strip().endswith("s")
        if is_many:
            return len(clause.split()) <= _WORDS_MAX
        words = clause[found.start(1) :].split(" ", 1)
        if len(words) < 2 or found.start(1) > 50:
            return False
        found = re.compile(rf"({_W})").match(clause, found.end(1) + 1)
    return False


def _is_of_no_person(clause: str) -> bool:
    """Whether the clause is about a thing or about everybody, not about one who is spoken of."""
    words = clause.split()
    first = words[0].lower()
    if first in ("everyone", "everybody", "nobody", "no", "something", "everything", "nothing", "somebody", "someone"):
        return True
    if first not in ("the", "a", "an", "her", "his", "their", "its", "my", "our", "all", "every"):
        return False
    known = lexicon()
    subject: list[str] = []
    for word in words[1:5]:
        plain = word.lower().strip(",")
        base = base_of(plain)
        if plain in _LINKS or (base is not None and subject and plain in (third_person(base), past(base))):
            break
        subject.append(plain)
    kinds = known.beings.keys() | known.kin | known.young_kin
    return not any(word in kinds or word.rstrip("s") in kinds for word in subject)


def without_the_day(clause: str) -> str:
    """``one day a bottle comes back`` → ``a bottle comes back``: without the time that it happens."""
    return re.sub(rf"^{_DAY},? ", "", clause, flags=re.IGNORECASE)

"""A want in the premise's own words, where nobody is said to want anything: questions, what-ifs, states, fragments."""

import re

from overprint.craft.writing.clauses import cut_clause, sentences_of
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.language import base_of, gerund, past, third_person
from overprint.craft.writing.nouns import Mention
from overprint.craft.writing.readings import want_that_follows
from overprint.craft.writing.vocabulary import lexicon, word_set

_W = r"[^\W\d_][\w’-]*"
_LOVES = re.compile(
    rf"(?<!in )\b(?:loves?|likes?|adores?|(?:is|are) (?:obsessed|mad) (?:with|about)) (?!to\b)({_W}.*)", re.IGNORECASE
)
_HATES = re.compile(
    rf"\b(?:hate[sd]?|dislike[sd]?"
    rf"|(?:does not|doesn’t|do not|don’t|did not|didn’t|never) (?:like|want|enjoy)s?) (?!to\b|it\b|them\b)({_W}.*)",
    re.IGNORECASE,
)
_WILL_NOT = re.compile(rf"\b(?:will not|won’t|would not|wouldn’t|refuses to) ({_W}.*)", re.IGNORECASE)
_MAY_NOT = re.compile(r"(?:not|n’t) allowed to ([^\W\d_].*)", re.IGNORECASE)
_ONE_DAY = re.compile(r"\b(?:never|has never) ([^\W\d_].*)[.,;!].*\b(?:one day|until|at last|finally)\b", re.IGNORECASE)
_WHAT_IF = re.compile(r"^what (?:would happen )?if ([^?.!]+)", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(what|why|where|how|who|when) (do|does|did|is|are|was|don’t|doesn’t|can’t|didn’t|won’t) ([^?.!]+)", re.IGNORECASE
)
_THE_DAY = re.compile(
    r"(?:^|\band )(?:the|one) (?:day|night|morning|year|time|week|winter|summer|spring|autumn) (?:that |when )?"
    r"((?:the|all|everybody|everyone|nobody|no|it|my|our|every|two|three)\b[^.!?]+|[a-z]+ (?:stopped|went|ran"
    r"|fell|came|turned"
    r"|forgot|left|broke|disappeared|vanished|started|began|was|were|got|lost|grew|flew)\b[^.!?]*)",
    re.IGNORECASE,
)
_THINKS = re.compile(
    r"\b(?:thinks|believes|says|pretends|is (?:convinced|sure|certain)) (?:that )?(?:she|he|it|they)(?:’s| is| "
    r"are) ((?:an?|the) [^\W\d_].*)"
)
_HAS_NEW = re.compile(
    r"\b(?:has|have|gets?|got) (?:just )?(?:got )?((?:a|an) (?:new [^\W\d_].*|puppy|kitten|pony)\b)", re.IGNORECASE
)
_FIRST_DAY = re.compile(
    r"\b(?:on|at|has) ((?:his|her|their|its) first (?:day|night|week|time|lesson) [^.!?,]+)", re.IGNORECASE
)
_CANNOT_STOP = re.compile(r"\b(?:cannot|can’t|could not|couldn’t) (stop\b[^.!?,]*)", re.IGNORECASE)
_CUT_NOUN = re.compile(r" (?:at|in|on|of|with|for|by|under|and|from) .*")
_STATE = re.compile(
    r"\b(?:is|are|was|were) (?:always |suddenly )?((?:late|early|alone|stuck|lost|trapped|locked|invisible) .+)"
)
# Where a new statement about the same person begins: "… loves trains and is never late".
_SECOND_CLAUSE = re.compile(r" (?:and|but) (?:is|are|was|were|has|have|can|cannot|never|always|does|will|would)\b.*")
_NUMBERS = word_set("one two three four five six seven eight nine ten")
_LOOSE_WORDS = word_set(
    "a an the of and in on at to with for my our his her their its or is are about by from who that"
)
_AFTER_IS = _LOOSE_WORDS - word_set("a an the my our his her their its") | word_set("under inside behind up down")
_OWNERS = {"her", "his", "their", "its"}


def is_what_if(text: str) -> bool:
    return _WHAT_IF.match(text) is not None


def want_of_a_question(text: str) -> tuple[str, int] | None:
    """What ``text`` asks, as something to be found out, and where it begins; ``None`` where it asks nothing."""
    asked = _QUESTION.match(text)
    question = _of_a_question(asked[1].lower(), asked[2].lower(), asked[3]) if asked else ""
    return (question, asked.start(3)) if asked and question else None


def want_in_own_words(text: str, mentions: list[Mention]) -> str:
    """A want made of what the premise speaks of, where nothing says what anybody wants; empty where it says nothing."""
    asked = want_of_a_question(text)
    if asked is not None:
        return asked[0]
    for pattern, told in (
        (_WHAT_IF, _if_so),
        (_THE_DAY, lambda phrase: f"find out why {phrase}"),
        (_THINKS, lambda phrase: f"be {phrase}"),
        (_HAS_NEW, _about_the_new),
        (_FIRST_DAY, lambda phrase: f"get through {phrase}"),
        (_CANNOT_STOP, lambda phrase: phrase),
        (_MAY_NOT, lambda phrase: phrase),
        (_WILL_NOT, lambda phrase: phrase if phrase.startswith("stop ") else f"learn to {phrase}"),
        (_ONE_DAY, _plainly),
        (_HATES, _out_of),
        (_LOVES, _full_of),
        (_STATE, lambda phrase: f"find out what comes of being {phrase}"),
    ):
        found = pattern.search(text)
        phrase = _SECOND_CLAUSE.split(cut_clause(found[1], 10))[0] if found else ""
        if found and phrase and not _is_refused(phrase):
            other = _who_refuses(text[: found.start()], mentions) if pattern in (_WILL_NOT, _HATES) else 0
            if other and pattern is _HATES and phrase.startswith("being "):
                continue
            if other:
                return (
                    f"get {{p{other}}} to {phrase}"
                    if pattern is _WILL_NOT
                    else f"show {{p{other}}} what is good about {phrase}"
                )
            return told(phrase)
    follows = want_that_follows(text, is_outright=False)
    if follows is not None:
        return follows.phrase
    is_of_them = any(m.start == 0 and (m.name or m.being) and not _is_an_owner(text, m) for m in mentions)
    state = "" if is_of_them else _of_a_state(text)
    return what_is_done(text) or _of_a_fragment(text, mentions) or state


def _is_an_owner(text: str, mention: Mention) -> bool:
    """``Rosa’s shadow``, ``Leo and Mia’s treehouse``: it is not Rosa or Leo of whom something is said."""
    owner = rf"(?:(?:an?|the|my|our|her|his) )?(?:{_W} )?[^\W\d_]+(?: and [^\W\d_]+)?’s {_W}"
    return re.match(owner, text[mention.start :].split(" is ")[0]) is not None


def _who_refuses(before: str, mentions: list[Mention]) -> int:
    """``Mateo’s sister won’t stop``: the number of who is not the hero; 0 for the hero."""
    ends = [(end, n) for n, m in enumerate(mentions) for _, end in m.spans]
    told = len(re.sub(r" (?:who|that)$", "", before.rstrip()))
    return next((n for end, n in ends if n and end == told), 0)


_IS = (["is"], ["was"], ["are"], ["were"], ["be"], ["been"])


def _is_past(word: str) -> bool:
    base = base_of(word) if word.islower() else None
    return base is not None and word == past(base) != base


def _if_so(phrase: str) -> str:
    words = phrase.split()
    told = [
        (base_of(word) or word if n and words[n - 1].endswith("s") else base_and_s(word))
        if _is_past(word) and words[n - 1 : n] not in _IS
        else word
        for n, word in enumerate(words)
    ]
    plain = [{"our": "the", "my": "the", "your": "the"}.get(word.lower(), word) for word in told]
    return f"find out what happens if {' '.join(plain)}"


def _of_a_question(ask: str, link: str, rest: str) -> str:
    """``what does the wind do at night`` → find out what the wind does at night."""
    before, when, after = [*re.split(r" (when|while) ", rest, maxsplit=1), "", ""][:3]
    told = cut_clause(before, 10) + (f" {when} {cut_clause(after, 6)}" if when else "")
    words = [
        {"our": "the", "my": "the", "we": "people", "i": "people", "me": "everybody", "us": "everybody"}.get(
            word.lower(), word
        )
        for word in told.split()
    ]
    if not words or _is_refused(rest):
        return ""
    verbs = [n for n, word in enumerate(words) if n and base_of(word) == word]
    if link in ("is", "are", "was") and ask == "why":
        at = 2 if words[0] in ("the", "a", "an", "his", "her", "their") else 1
        return f"find out why {' '.join([*words[:at], link, *words[at:]])}"
    if link in ("is", "are", "was"):
        at = next((n for n, word in enumerate(words) if (n and word.endswith("ing")) or word in _AFTER_IS), len(words))
        if not at:
            return f"find out {ask} {link} {' '.join(words)}"
        return f"find out {ask} {' '.join([*words[:at], link, *words[at:]])}"
    if not verbs:
        return ""
    if link.endswith("n’t"):
        return f"find out {ask} {' '.join([*words[: verbs[0]], link, *words[verbs[0] :]])}"
    change = third_person if link == "does" else past if link == "did" else str
    words[verbs[0]] = change(words[verbs[0]])
    return f"find out {ask} {' '.join(words)}"


def _about_the_new(phrase: str) -> str:
    thing = re.sub(r"^an? ", "the ", phrase)
    return (
        f"make friends with {thing}"
        if thing.split()[-1].lower() in lexicon().beings
        else f"find out what {thing} is for"
    )


def base_and_s(word: str) -> str:
    """``fell`` → ``falls``; a word that is no past of a verb stays."""
    base = base_of(word)
    return third_person(base) if base is not None and past(base) == word else word


_FOOD = word_set(
    "vegetables peas broccoli sprouts carrots spinach soup fish cabbage salad fruit greens tomatoes mushrooms porridge "
    "beans lunch breakfast dinner"
)


def _out_of(phrase: str) -> str:
    """What somebody hates is what they want to be rid of: ``peas`` → ``get out of eating peas``."""
    if phrase.startswith("being "):
        return f"stop {phrase}"
    return f"get out of {'eating ' if phrase.split()[-1] in _FOOD else ''}{phrase}"


def _plainly(phrase: str) -> str:
    verb, _, rest = phrase.partition(" ")
    return f"{base_of(verb) or verb} {rest}".strip()


def _full_of(phrase: str) -> str:
    is_certain = phrase.split()[0].lower() in (*_OWNERS, "the", "a", "an", "my", "our")
    return f"have a whole day with {phrase}" if is_certain else f"have a day full of {phrase}"


def _of_a_state(text: str) -> str:
    """``Leo and Mia’s treehouse is haunted``: somebody has to find out why."""
    found = re.match(
        rf"((?:the|an?|our|my|all|every|once|no one|it|nobody|everybody|{_W}(?: and {_W})?’s)\b[^.!?]+)",
        text,
        re.IGNORECASE,
    )
    sentence = cut_clause(found[1], 12) if found else ""
    words = sentence.lower().split()
    happens = [
        n
        for n, word in enumerate(words)
        if n and (word in ("is", "are", "has", "have") or _is_finite(word, words[n - 1]))
    ]
    if re.match(r"(?:an?|the) (?:\S+ ){1,5}?(?:who|that|which|called|named) ", sentence, re.IGNORECASE):
        return ""
    if not happens or happens[0] + 1 == len(words) == 2 or _is_refused(sentence):
        return ""
    first, _, rest = sentence.partition(" ")
    is_plain = first.lower() in (
        "the",
        "a",
        "an",
        "our",
        "my",
        "all",
        "every",
        "once",
        "no",
        "it",
        "nobody",
        "everybody",
    )
    plain = "the" if first.lower() in ("our", "my") else first.lower()
    return f"find out why {plain if is_plain else first} {rest}"


def _is_finite(word: str, before: str) -> bool:
    base = base_of(word)
    if base is None or before in ("a", "an", "the", "to", "my", "our", "of"):
        return False
    return word in (third_person(base), past(base)) or (word == base and before.endswith("s"))


def what_is_done(text: str) -> str:
    """``being brave at the dentist``, ``making a new friend``: what is done is what is wanted."""
    phrase = cut_clause(text, 10)
    verb, _, rest = phrase.partition(" ")
    base = base_of(verb)
    if base is None or gerund(base) != verb.lower() or not rest or _is_refused(phrase):
        return ""
    return f"{base} {rest}"


def _of_a_fragment(text: str, mentions: list[Mention]) -> str:
    """``dragon bakery`` → open a bakery; ``girl, dog, treasure map`` → find the treasure map; ``kindness``."""
    sentence = _CUT_NOUN.sub(
        "", cut_clause(next((s for _, s in reversed(sentences_of(text)) if s.strip()), ""), 10).strip()
    )
    for mention in mentions:
        for start, end in mention.spans:
            sentence = sentence.replace(text[start:end], " ").strip()
    words = re.sub(
        r"^(?:(?:and|with|of|in|at|on|the|an?|my|our|their|some|one|two|very|really) )+", "", sentence
    ).split()
    if re.match(r"(?:it|there) ", text, re.IGNORECASE):
        return ""
    is_modal = any(word.endswith("’t") or word in ("can", "cannot", "will", "must") for word in words)
    is_plain = (
        words
        and words[-1].lower() not in _NUMBERS
        and not re.search(r"\b(?:is|are|was|were)\b", text.split(".")[0])
        and not is_modal
        and len(words) <= 4
        and not any(w.lower() in _LOOSE_WORDS or _is_verb_form(w) for w in words[:-1])
    )
    is_plain = is_plain and not (len(words) == 1 and _is_verb_form(words[0]) and (mentions or words[0].endswith("s")))
    if not is_plain or _is_refused(sentence) or not _is_word(words[-1]):
        return ""
    thing = " ".join(word.lower() if not word[0].isupper() or n == 0 else word for n, word in enumerate(words))
    base = base_of(words[-1].lower())
    is_deed = len(words) > 1 and base is not None and words[-1].lower() == third_person(base)
    if words[-1].lower() in lexicon().traits or (is_deed and words[-1].lower() not in grammar().shows):
        return ""
    if words[-1].lower() in lexicon().machines and mentions:
        return f"go for a ride in the {thing}"
    if words[-1].lower() in grammar().shows:
        return f"put on a {thing}" if mentions else ""
    if words[-1].lower() in grammar().shops:
        return f"open a {thing}" if mentions else ""
    if words[-1].lower() in lexicon().settings:
        return f"get to the {thing}" if mentions else ""
    if len(words) == 1 and gerund(base_of(words[0].lower()) or "") == words[0].lower():
        return f"learn to {base_of(words[0].lower())}"
    if (
        words[-1]
        .lower()
        .endswith(("ness", "ship", "hood", "ity", "age", "ice", "ing", "ce", "ove", "ope", "dom", "uth"))
    ):
        return f"find out what {thing} is"
    known = lexicon()
    if not mentions and words[-1].lower() in known.seasons.keys() | known.weathers.keys() | known.props.keys():
        return f"find out where {thing} comes from"
    return f"find the {thing}" if mentions else ""


def _is_verb_form(word: str) -> bool:
    base = base_of(word.lower())
    return word.lower() in ("has", "is", "are", "was") or (
        base is not None and word.lower() in (base, past(base), third_person(base))
    )


def _is_word(word: str) -> bool:
    vowels = sum(letter in "aeiouyäöüéèáíóúø" for letter in word.lower())
    return len(word) > 2 and vowels * 5 >= len(word)


def _is_refused(phrase: str) -> bool:
    return any(word.lower() in lexicon().refused or len(word) > 24 for word in phrase.split())

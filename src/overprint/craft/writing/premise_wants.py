"""What the people of a premise want: said outright, told as a deed, implied, or else the premise's own words."""

import re
from dataclasses import replace

from overprint.core.story import Pronouns
from overprint.craft.writing.implied_wants import is_quarrel
from overprint.craft.writing.language import base_of, gerund, past, third_person, with_article
from overprint.craft.writing.mentions import Mention, singular
from overprint.craft.writing.premise_events import without_the_day
from overprint.craft.writing.readings import want_of_an_event, want_that_follows
from overprint.craft.writing.vocabulary import lexicon, word_set
from overprint.craft.writing.wants import Want, cut_clause, find_want, sentences_of, want_of_deed

_W = r"[^\W\d_][\w’-]*"
_OWNERS = {"her", "his", "their", "its"}
_BY_PRONOUN = re.compile(
    rf"(?<!everything )(?<!whatever )(?<!anything )\b(?i:he|she|they|it|we|I) "
    rf"(?:then |now |all |both |finally )?(?={_W})"
)
# What stands between two people of whom each has a verb: "grandma is poorly and".
_CLAUSE = re.compile(
    r"^ (?:is|are|was|were|has|had|can’t|cannot|loves|hates) .*(?:\band|\bbut|\bso|,) $", re.IGNORECASE
)
_IT = re.compile(r"(?<!before )(?<!after )\b(?:it|them)\b(?! (?:is|was|has|will|would|can|goes|rains|snows))")
_THING = re.compile(
    rf"(?:\b(an?|the|her|his|their|its|some)|’s) ((?:{_W} ){{0,2}}?{_W})"
    r"(?= (?:and|who|that|but|so|which|is|are|has|in|on|at|to|from|with|of|for|was|blows?|falls?|runs?|goes|went|again"
    r"|now)\b"
    r"|[.,;]| *$)",
    re.IGNORECASE,
)
# "Grandad's old boat has a leak": what a sentence is about.
_SUBJECT = re.compile(
    rf"((?:the|an?|her|his|their|my|our|{_W}’s) (?:{_W} ){{0,2}}?({_W})) (?:has|is|was|needs|blows|falls|runs|goes)\b",
    re.IGNORECASE,
)
_CUT_THING = re.compile(r" (?:and|who|that|but|so|which|is|are|has|in|on|at|to|from|with|of|for)\b.*")
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
    r"(?:^|\band )(?:the|one) (?:day|night|morning|year|time|week) (?:that |when )?"
    r"((?:the|all|everybody|everyone|nobody|no|it|my|our)\b[^.!?]+)",
    re.IGNORECASE,
)
_THINKS = re.compile(
    r"\b(?:thinks|believes|says|pretends) (?:that )?(?:she|he|it|they)(?:’s| is| are) ((?:an?|the) [^\W\d_].*)"
)
_HAS_NEW = re.compile(r"\b(?:has|have|gets|got) ((?:a|an) new [^\W\d_].*)", re.IGNORECASE)
_FIRST_DAY = re.compile(
    r"\b(?:on|at|has) ((?:his|her|their|its) first (?:day|night|week|time|lesson) [^.!?,]+)", re.IGNORECASE
)
_CANNOT_STOP = re.compile(r"\b(?:cannot|can’t|could not|couldn’t) (stop\b[^.!?,]*)", re.IGNORECASE)
_SHOWS = word_set("ballet show play concert parade party picnic disco opera tea-party orchestra festival")
_CUT_NOUN = re.compile(r" (?:at|in|on|of|with|for|by|under|and|from) .*")
_STATE = re.compile(
    r"\b(?:is|are|was|were) (?:always |suddenly )?((?:late|early|alone|stuck|lost|trapped|locked|invisible) .+)"
)
_SHOPS = word_set(
    "bakery shop café cafe restaurant hotel school circus zoo band orchestra museum theatre hospital library club "
    "bookshop inn garage workshop factory farm salon laundry post-office cinema"
)
# Where a new statement about the same person begins: "… loves trains and is never late".
_SECOND_CLAUSE = re.compile(r" (?:and|but) (?:is|are|was|were|has|have|can|cannot|never|always|does|will|would)\b.*")
_LOOSE_WORDS = word_set(
    "a an the of and in on at to with for my our his her their its or is are about by from who that"
)
_AFTER_IS = _LOOSE_WORDS - word_set("a an the my our his her their its") | word_set("under inside behind up down")


def want_said(text: str, mentions: list[Mention], events: tuple[str, ...] = ()) -> tuple[Want | None, Mention | None]:
    """A want said outright, made by what happens (``events``) or told as it happens, and whose it is."""
    for start, sentence in sentences_of(text):
        want = find_want(sentence, start)
        if want is not None:
            told = _without_it(want.phrase, text[: want.start])
            return replace(want, phrase=told), _subject(text, mentions, want.start, start)
    asked = _QUESTION.match(text)
    question = _of_a_question(asked[1].lower(), asked[2].lower(), asked[3]) if asked else ""
    if asked and question:
        return Want(question, asked.start(3), asked.start(3)), next(iter(mentions), None)
    follows = want_that_follows(
        re.split(r"(?<!sad)(?<!upset)(?<!worried),? (?:not )?because ", text)[0], is_outright=True
    )
    if follows is not None:
        return follows, next(iter(mentions), None)
    if _WHAT_IF.match(text):
        return None, None
    made = next((phrase for event in events if (phrase := want_of_an_event(without_the_day(event)))), "")
    if made and not is_quarrel(text):
        return Want(made, len(text), len(text)), next(iter(mentions), None)
    for n, mention in enumerate(mentions):
        want = _deed_after(text, mention)
        if want is not None:
            if _does_what_follows(text, mention):
                return want, mention
            is_second = n > 0 and re.search(
                r"\band(?: (?:her|his|their|my) \w+)?$", text[mentions[n - 1].start : mention.start].rstrip()
            )
            return want, mentions[n - 1] if n and (is_second or mention.owner in _OWNERS) else mention
    for found in _BY_PRONOUN.finditer(re.split(r",? because ", text)[0]):
        if any(end == found.start() - 1 for m in mentions for _, end in m.spans):
            continue  # "the goldfish she took along"
        want = want_of_deed(text[found.end() :], found.end())
        if want is not None:
            meant = _meant_by(found[0].split()[0].lower(), [m for m in mentions if m.start < found.start()])
            return replace(want, phrase=_without_it(want.phrase, text[: found.start()])), meant
    return None, None


def _does_what_follows(text: str, mention: Mention) -> bool:
    """``… and his granddaughter Mia who reads him the stars``: it is she alone who reads."""
    found = re.match(rf"(?:,? who)? ({_W})", text[mention.spans[0][1] :])
    base = base_of(found[1]) if found else None
    if found is None or base is None or not found[1] == third_person(base) != base:
        return False
    before = re.split(r"[.;!?]", text[: mention.start])[-1].lower().split()
    is_clause = any(word in ("is", "was", "has") or word == third_person(base_of(word) or "") for word in before)
    return " who " in found[0] or (mention.start > 0 and is_clause)


def _meant_by(pronoun: str, mentions: list[Mention]) -> Mention | None:
    """Who a pronoun stands for: the first whom it suits."""
    wanted = {"he": Pronouns.HE, "she": Pronouns.SHE}.get(pronoun)
    for mention in mentions:
        being = lexicon().beings.get(mention.being)
        known = lexicon().names.get(mention.name.split()[-1].lower()) if mention.name else None
        if wanted is not None and wanted in (known, being.pronouns if being else None):
            return mention
    return next(iter(mentions), None)


def _without_it(phrase: str, before: str) -> str:
    """``chase it`` → ``chase the umbrella``, where an umbrella was spoken of."""
    several = re.search(
        rf"\b(?:loves?|likes?|hates?|collects?|(?:afraid|scared|frightened|terrified|fond|frightened) of) "
        rf"((?:{_W} )??{_W}s)(?=,? (?:and|but|so)|[.,;])",
        before,
    )
    if several and re.search(r"\bone\b(?! (?:day|of|last|time))", phrase):
        return re.sub(r"\bone\b", with_article(singular(several[1])), phrase, count=1)
    spoken_of, things = _IT.search(phrase), [m for m in _THING.finditer(before) if not _is_a_clause(m[2])]
    if spoken_of is None or not things:
        return phrase
    subject = _SUBJECT.match(before[before.rfind(". ") + 2 if ". " in before else 0 :])
    if subject and subject[2].lower() not in lexicon().beings:
        named = re.sub(r"^(?:an?|my|our) ", "the ", subject[1], flags=re.IGNORECASE)
        return f"{phrase[: spoken_of.start()]}{named}{phrase[spoken_of.end() :]}"
    at = -2 if len(things) > 1 and " like " in before[things[-2].end() : things[-1].start() + 1] else -1
    thing = _CUT_THING.sub("", things[at][2])
    if thing.split()[-1].lower() in lexicon().beings:
        named = "{pal}" if len(things) > 1 else spoken_of[0]
    else:
        owner = (things[at][1] or "the").lower()
        named = f"{owner} {thing}" if owner in _OWNERS else f"the {thing}"
    return f"{phrase[: spoken_of.start()]}{named}{phrase[spoken_of.end() :]}"


def _is_a_clause(words: str) -> bool:
    """``twins look``: somebody and what they do."""
    return any(singular(word.lower()) in lexicon().beings for word in words.split()[:-1])


def _deed_after(text: str, mention: Mention) -> Want | None:
    rest = text[mention.spans[0][1] :]
    if text[: mention.spans[0][1]].endswith("’s"):
        return None
    lead = re.match(
        rf"(?: (?:on|in|at|from|under|by) (?:{_W} ){{0,2}}{_W}(?= who)| of (?:an? |the )?{_W})?(?: who| that|,)?"
        rf"(?: and (?:her|his|their|the|a|an|my|our) (?:{_W} ){{1,3}}?)? ?(?=({_W}))",
        rest,
    )
    for offset in dict.fromkeys((lead.end() if lead else 1, 1, _after_a_place(rest, mention))):
        want = want_of_deed(rest[offset:], mention.spans[0][1] + offset)
        if want is not None:
            return want
    return None


def _after_a_place(rest: str, mention: Mention) -> int:
    """Where the deed begins in `` in a medieval village bakes a loaf``; 1 where no place stands before it."""
    words = list(re.finditer(_W, rest[:80]))
    if not words or words[0][0].lower() not in ("in", "on", "at", "from", "under", "by", "behind", "of", "with"):
        return 1
    for n, word in enumerate(words[2:6], start=2):
        base = base_of(word[0])
        is_after_article = words[n - 1][0].lower() in ("a", "an", "the", "her", "his", "their", "its", "in", "on")
        is_deed = base is not None and word[0] == (base if mention.is_plural else third_person(base))
        if is_deed and not is_after_article:
            return word.start()
    return 1


def _subject(text: str, mentions: list[Mention], position: int, sentence_start: int) -> Mention | None:
    """Whose verb it is: the first without an owner in this sentence, else the nearest before."""
    here = [m for m in mentions if any(sentence_start <= s < position for s, _ in m.spans)]
    ends = [(end, n) for n, m in enumerate(here) for _, end in m.spans if end < position]
    nearest = here[max(ends)[1]] if ends else None
    if nearest is not None and nearest.name and any(m.owner == nearest.name for m in here):
        return nearest
    if nearest is not None and _does_it_alone(text, nearest, here, position):
        return nearest
    free = [m for m in here if not m.owner or m.owner[:1].isupper()]
    last = max(free, key=lambda m: m.start, default=None)
    if len(free) > 1 and last is not None and not last.is_joined and _begins_anew(text, last, free, position):
        return last
    if len(free) > 1 and free[0].name and any(m.owner == free[0].name for m in free[1:]):
        return next(m for m in free[1:] if m.owner == free[0].name)
    return next(iter(free or here), next(iter(mentions), None))


def _does_it_alone(text: str, nearest: Mention, here: list[Mention], position: int) -> bool:
    """``Ngozi loses her voice and her friend Tomas must …``: a verb stands between them, so it is Tomas who must."""
    end = max(e for _, e in nearest.spans if e < position)
    begin = max(s for s, e in nearest.spans if e == end)
    before = [e for m in here if m is not nearest for _, e in m.spans if e < begin]
    if not before or position - end > len(" really want to ") or text[end:position].strip().startswith(("who", ",")):
        return False
    between = text[max(before) : begin].lower().split()
    verbs = [word for word in between if word not in ("and", "but", "the", "her", "his") and base_of(word) is not None]
    return any(word == third_person(base_of(word) or "") or word in ("has", "is") for word in verbs)


def _begins_anew(text: str, last: Mention, others: list[Mention], position: int) -> bool:
    """``Bertha is old, but the children want to save her``: the last stands by the verb, and apart from the others."""
    stands_by = 0 < position - last.spans[-1][1] <= len(" really want to ")
    between = [text[end : last.start] for m in others if m is not last for _, end in m.spans]
    return stands_by and all(len(told) > len(", and their little ") or _CLAUSE.search(told) for told in between)


def want_in_own_words(text: str, mentions: list[Mention]) -> str:
    """A want made of what the premise speaks of, where nothing says what anybody wants; empty where it says nothing."""
    asked = _QUESTION.match(text)
    if asked and (question := _of_a_question(asked[1].lower(), asked[2].lower(), asked[3])):
        return question
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
        (_HATES, lambda phrase: f"get out of {phrase}"),
        (_LOVES, _full_of),
        (_STATE, lambda phrase: f"find out what comes of being {phrase}"),
    ):
        found = pattern.search(text)
        phrase = _SECOND_CLAUSE.split(cut_clause(found[1], 10))[0] if found else ""
        if phrase and not _is_refused(phrase):
            return told(phrase)
    follows = want_that_follows(text, is_outright=False)
    if follows is not None:
        return follows.phrase
    is_of_them = any(re.match(r" (?:is|are|was|were)\b", text[m.spans[0][1] :]) for m in mentions)
    state = "" if is_of_them and mentions[0].start == 0 else _of_a_state(text)
    return what_is_done(text) or _of_a_fragment(text, mentions) or state


def _if_so(phrase: str) -> str:
    words = phrase.split()
    told = [
        (base_of(word) or word if n and words[n - 1].endswith("s") else base_and_s(word))
        if word.islower() and base_of(word) not in (None, word) and past(base_of(word) or word) == word
        else word
        for n, word in enumerate(words)
    ]
    plain = [{"our": "the", "my": "the", "your": "the"}.get(word.lower(), word) for word in told]
    return f"find out what happens if {' '.join(plain)}"


def _of_a_question(ask: str, link: str, rest: str) -> str:
    """``what does the wind do at night`` → find out what the wind does at night."""
    before, when, after = rest.partition(" when ")
    told = cut_clause(before, 10) + (f" when {cut_clause(after, 6)}" if when else "")
    words = [
        {"our": "the", "my": "the", "we": "people", "i": "people"}.get(word.lower(), word) for word in told.split()
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
    is_modal = any(word.endswith("’t") or word in ("can", "cannot", "will", "must") for word in words)
    is_plain = (
        words
        and not is_modal
        and len(words) <= 4
        and not any(w.lower() in _LOOSE_WORDS or _is_verb_form(w) for w in words[:-1])
    )
    is_plain = is_plain and not (len(words) == 1 and _is_verb_form(words[0]) and (mentions or words[0].endswith("s")))
    if not is_plain or _is_refused(sentence) or not _is_word(words[-1]):
        return ""
    thing = " ".join(word.lower() if not word[0].isupper() or n == 0 else word for n, word in enumerate(words))
    if words[-1].lower() in lexicon().machines and mentions:
        return f"go for a ride in the {thing}"
    if words[-1].lower() in _SHOWS:
        return f"put on a {thing}" if mentions else ""
    if words[-1].lower() in _SHOPS:
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

"""What the people of a premise want, and who of them: said outright, made by what happens, or told as a deed."""

import re
from dataclasses import replace

from overprint.core.story import Pronouns
from overprint.craft.writing.clauses import sentences_of
from overprint.craft.writing.grammar import grammar
from overprint.craft.writing.implied_wants import is_quarrel
from overprint.craft.writing.language import base_of, past, third_person, with_article
from overprint.craft.writing.nouns import Mention, singular
from overprint.craft.writing.premise_events import without_the_day
from overprint.craft.writing.premise_own_words import is_what_if, want_of_a_question
from overprint.craft.writing.readings import want_of_an_event, want_that_follows
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.wants import Want, find_want, want_of_deed

_W = r"[^\W\d_][\w’-]*"
_OWNERS = {"her", "his", "their", "its"}
_BY_PRONOUN = re.compile(
    r"(?<!everything )(?<!whatever )(?<!anything )(?<!where )(?<!when )(?<!what )(?<!why )(?<!how )(?<!who )(?<!that )"
    r"(?<!says )(?<!whenever )(?<!because )(?<!time )(?<!now )\b"
    r"(?i:he|she|they|it(?! (?:rain|snow|thunder|hail|storm)(?:s|ed)\b)|we|I) "
    rf"(?:then |now |all |both |finally )?(?={_W})"
)
# What stands between two people of whom each has a verb: "grandma is poorly and".
_CLAUSE = re.compile(
    r"^ (?:is|are|was|were|has|had|can’t|cannot|loves|hates) .*(?:\band|\bbut|\bso|,) $", re.IGNORECASE
)
_PART_OF = re.compile(r" (?:.* )?like | (?:in|of|from|inside|full of) ")
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
# "Maya, who uses sign language, and a parrot who wants to learn it"
_USES = re.compile(rf"\b(?:uses|speaks|plays|knows|studies) ((?:{_W} )?{_W})(?=[.,;]| and\b)")
# "thinks the squirrels took them": it is only thought, or said
_JOINS = re.compile(r",? and(?: (?:her|his|their|my|our|the|an?))?(?: [^\W\d_]+){0,2} ?")
_THOUGHT = re.compile(
    r"\b(?:thinks?|believes?|knows?|says?|hopes?|fears?|suspects?|sure|dreams?)(?: that)? $", re.IGNORECASE
)
_CUT_THING = re.compile(r" (?:and|who|that|but|so|which|is|are|has|in|on|at|to|from|with|of|for)\b.*")


def want_said(text: str, mentions: list[Mention], events: tuple[str, ...] = ()) -> tuple[Want | None, Mention | None]:
    """A want said outright, made by what happens (``events``) or told as it happens, and whose it is."""
    for start, sentence in sentences_of(text):
        want = find_want(sentence, start)
        if want is not None:
            told = _without_it(want.phrase, text[: want.start])
            whose = _subject(text, mentions, want.start, start)
            if told.startswith("get out of ") and (other := _of_who_tells(text[: want.start], mentions)) is not None:
                return _that_they_do(told, want, mentions.index(other)), mentions[0]
            return replace(want, phrase=told), whose
    asked = want_of_a_question(text)
    if asked is not None:
        return Want(*asked, asked[1]), next(iter(mentions), None)
    if is_what_if(text):
        return None, None
    follows = want_that_follows(
        re.split(r"(?<!sad)(?<!upset)(?<!worried),? (?:not )?because ", text)[0], is_outright=True
    )
    if follows is not None:
        return _of_the_other(follows, text, mentions), _who_misses(follows, text, mentions)
    made = next((phrase for event in events if (phrase := want_of_an_event(without_the_day(event)))), "")
    if made and not is_quarrel(text):
        return Want(made, len(text), len(text)), next(iter(mentions), None)
    for n, mention in enumerate(mentions):
        if _THOUGHT.search(text[: mention.start]):
            continue
        want = next((w for span in mention.spans if (w := _deed_after(text, mention, span))), None)
        if want is not None and want.phrase.endswith(" it"):
            want = replace(want, phrase=_without_it(want.phrase, text[: want.start]))
        if want is not None and not _is_a_bad_habit(text, want):
            if _does_what_follows(text, mention):
                return want, mention
            is_second = n > 0 and _JOINS.fullmatch(text[mentions[n - 1].spans[0][1] : mention.start])
            if n and not is_second and _is_past(text[want.start :].split()[0]):
                continue  # "her tooth fell out and the fairy sent it back": that is what happened
            if n and mention.owner in _OWNERS and re.search(r" (?:him|her|them)$|^help$", want.phrase):
                continue  # "his bear helps him"
            if n and is_second:
                return want, mentions[_first_of_all(text, mentions, n - 1)]
            return want, mentions[n - 1] if n and mention.owner in _OWNERS else mention
    for found in _BY_PRONOUN.finditer(re.split(r",? because ", text)[0]):
        if any(end == found.start() - 1 for m in mentions for _, end in m.spans):
            continue  # "the goldfish she took along"
        want = want_of_deed(text[found.end() :], found.end())
        if want is not None:
            meant = _meant_by(found[0].split()[0].lower(), [m for m in mentions if m.start < found.start()])
            return replace(want, phrase=_without_it(want.phrase, text[: found.start()])), meant
    return None, None


def _is_a_bad_habit(text: str, want: Want) -> bool:
    """``who eats books``: what somebody had better stop."""
    words = want.phrase.split()
    return text[: want.start].endswith(("who ", "that ")) and words[0] in grammar().naughty and len(words) < 3


def _first_of_all(text: str, mentions: list[Mention], n: int) -> int:
    """The number of the first of several: ``Elsie, Bertie and Wilf find …``."""
    while n and text[mentions[n - 1].spans[0][1] : mentions[n].start].strip(" ,") == "":
        n -= 1
    return n


def _who_misses(want: Want, text: str, mentions: list[Mention]) -> Mention | None:
    """``Dad works at night and Mila and Jonas miss him``: they are the ones who want it; else whoever comes first."""
    said = re.search(r"\b(?:him|her|them)\b", want.phrase)
    for n, mention in enumerate(mentions):
        is_near = any(0 < want.start - end <= 2 for _, end in mention.spans)
        if said and is_near and text[want.start :].startswith("miss"):
            while n and mentions[n].is_joined:
                n -= 1
            return mentions[n]
    return next(iter(mentions), None)


def _of_the_other(want: Want, text: str, mentions: list[Mention]) -> Want:
    """``Ines has a brother who keeps crying``: he is the one to stop."""
    for n, mention in enumerate(mentions[1:], start=1):
        ends = (end for _, end in mention.spans if end <= want.start)
        if want.phrase.startswith("stop ") and any(text[e : want.start].strip() in ("", "who", "that") for e in ends):
            return replace(want, phrase=f"get {{p{n}}} to {want.phrase}")
    return want


def _of_who_tells(before: str, mentions: list[Mention]) -> Mention | None:
    """``A child is moving house and my rabbit doesn’t want to come``: it is the child’s story, and not the rabbit’s."""
    spoken_of = [m for m in mentions[1:] if m.owner in ("my", "our")]
    refuses = re.compile(r" (?:do(?:es)? not|do(?:es)?n’t|did not|didn’t|never) wants? to $")
    return next((m for m in spoken_of if any(refuses.fullmatch(before[end:]) for _, end in m.spans)), None)


def _that_they_do(unwanted: str, want: Want, number: int) -> Want:
    """``get out of coming``, of somebody else → ``get {p1} to come``."""
    verb, _, rest = unwanted.removeprefix("get out of ").partition(" ")
    return replace(want, phrase=f"get {{p{number}}} to {base_of(verb) or verb} {rest}".strip())


def _is_past(word: str) -> bool:
    base = base_of(word)
    return base is not None and word == past(base) != base


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
    used = _USES.search(before)
    if used and re.search(r"\bit$", phrase):
        return f"{phrase.removesuffix('it')}{used[1]}"
    spoken_of, things = _IT.search(phrase), [m for m in _THING.finditer(before) if not _is_a_clause(m[2])]
    things = [m for m in things if m[2].split()[-1].lower() not in lexicon().beings] or things
    if spoken_of is None or not things:
        return phrase
    subject = _SUBJECT.match(before[before.rfind(". ") + 2 if ". " in before else 0 :])
    if subject and subject[2].lower() not in lexicon().beings:
        named = re.sub(r"^(?:an?|my|our) ", "the ", subject[1], flags=re.IGNORECASE)
        return f"{phrase[: spoken_of.start()]}{named}{phrase[spoken_of.end() :]}"
    is_of_it = len(things) > 1 and _PART_OF.fullmatch(before[things[-2].end() : things[-1].start()])
    at = -2 if is_of_it else -1
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


def _deed_after(text: str, mention: Mention, span: tuple[int, int]) -> Want | None:
    rest = text[span[1] :]
    is_new = span == mention.spans[0] or bool(mention.name and re.search(r"\b(?:so|and|but|then),? $", text[: span[0]]))
    if text[: span[1]].endswith("’s") or not is_new:
        return None
    lead = re.match(
        rf"(?: (?:on|in|at|from|under|by) (?:{_W} ){{0,2}}{_W}(?= who)| of (?:an? |the )?{_W})?(?: who| that|,)?"
        rf"(?: and (?:her|his|their|the|a|an|my|our) (?:{_W} ){{1,3}}?)? ?(?=({_W}))",
        rest,
    )
    for offset in dict.fromkeys((lead.end() if lead else 1, 1, _after_a_place(rest, mention))):
        want = want_of_deed(rest[offset:], span[1] + offset)
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
    if nearest is not None and nearest.name and any(m.owner == nearest.name.split()[-1] for m in here):
        return nearest
    if nearest is not None and _does_it_alone(text, nearest, here, position):
        return nearest
    free = [m for m in here if not m.owner or m.owner[:1].isupper()]
    last = max(free, key=lambda m: m.start, default=None)
    if len(free) > 1 and last is not None and not last.is_joined and _begins_anew(text, last, free, position):
        return last
    owner = free[0].name.split()[-1:] if len(free) > 1 else []
    if owner and any([m.owner] == owner for m in free[1:]):
        return next(m for m in free[1:] if [m.owner] == owner)
    return next(iter(free or here), next(iter(mentions), None))


def _does_it_alone(text: str, nearest: Mention, here: list[Mention], position: int) -> bool:
    """``Ngozi loses her voice and her friend Tomas must …``: a verb stands between them, so it is Tomas who must."""
    end = max(e for _, e in nearest.spans if e < position)
    begin = max(s for s, e in nearest.spans if e == end)
    before = [e for m in here if m is not nearest for _, e in m.spans if e < begin]
    if (
        not before
        or position - end > len(" really want to ")
        or text[end:position].strip().startswith(("who", ",", "and", "but"))
    ):
        return False
    between = text[max(before) : begin].lower().split()
    verbs = [word for word in between if word not in ("and", "but", "the", "her", "his") and base_of(word) is not None]
    return any(word == third_person(base_of(word) or "") or word in ("has", "is") for word in verbs)


def _begins_anew(text: str, last: Mention, others: list[Mention], position: int) -> bool:
    """``Bertha is old, but the children want to save her``: the last stands by the verb, and apart from the others."""
    stands_by = 0 < position - last.spans[-1][1] <= len(" really doesn’t want to ")
    between = [text[end : last.start] for m in others if m is not last for _, end in m.spans]
    return stands_by and all(len(told) > len(", and their little ") or _CLAUSE.search(told) for told in between)

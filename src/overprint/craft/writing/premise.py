"""Reads a premise: who, what they want, where, when, with what, and what must not be.

Nothing of the premise goes further than what is recognised here: names, nouns, adjectives and
clauses made of letters. Anything else (markup, instructions, nonsense) is simply not seen.
"""

import re
from dataclasses import dataclass, replace

from overprint.core.scene import PropKind, Season, Setting, Time, Weather
from overprint.core.story import Pronouns
from overprint.craft.writing.cleaning import clean
from overprint.craft.writing.facts import Fact, FactKind
from overprint.craft.writing.language import PRONOUNS, base_of
from overprint.craft.writing.mentions import find_mentions
from overprint.craft.writing.nouns import Mention
from overprint.craft.writing.premise_facts import facts_said
from overprint.craft.writing.premise_heroes import (
    an_abstract,
    name_the_kinds,
    owner_of_the_lost,
    several,
    thing_as_hero,
    two_things,
    unknown_being,
    with_a_partner,
    with_who_opens,
    without_the_dead,
)
from overprint.craft.writing.premise_left_open import (
    implied,
    want_of_habits,
    want_of_two,
    want_of_what_is,
    with_who_is_afraid,
)
from overprint.craft.writing.premise_own_words import want_of_a_question, what_is_done
from overprint.craft.writing.premise_people import Person, is_inside, person_of
from overprint.craft.writing.premise_places import where_they_live
from overprint.craft.writing.premise_sought import (
    is_away,
    is_named_in,
    till_found,
    with_who_is_meant,
    with_who_is_missed,
)
from overprint.craft.writing.premise_things import first_in, forbidden_in, props_in, settings_in
from overprint.craft.writing.premise_told import is_told_in, left_unsaid
from overprint.craft.writing.premise_wants import want_said
from overprint.craft.writing.referring import SLOT, gender_of, with_slots
from overprint.craft.writing.rephrasing import rephrased
from overprint.craft.writing.vocabulary import lexicon
from overprint.craft.writing.want_kinds import goal_of
from overprint.craft.writing.wants import Want

PEOPLE_MAX = 4
_REASON_WORDS_MAX = 14
_W = r"[^\W\d_][\w’-]*"
_LINKING = ("for", "at", "to", "after", "into", "about")
_FRIENDS = ("friend", "best friend", "somebody", "someone", "human")


@dataclass(frozen=True, slots=True)
class Reading:
    """``people`` has the hero first and may be empty. ``forbidden`` are words of things that must not be there.

    ``want``, facts and ``events`` may speak of people by slots (see :mod:`referring`).
    """

    people: tuple[Person, ...]
    want: str
    settings: tuple[Setting, ...]
    want_setting: Setting | None
    props: tuple[tuple[PropKind, str], ...]
    time: Time | None
    weather: Weather | None
    season: Season | None
    forbidden: tuple[str, ...]
    home: str = ""
    events: tuple[Fact, ...] = ()


def read(premise: str) -> Reading:
    """What can be understood of ``premise``; never fails, whatever the text."""
    text, events = rephrased(clean(premise))
    whole = _with_what_happens(text, events)
    mentions = an_abstract(text) or (
        with_a_partner(text, find_mentions(whole))
        or two_things(text)
        or unknown_being(text)
        or owner_of_the_lost(text)
        or thing_as_hero(text)
    )
    if what_is_done(text):
        mentions = [m for m in mentions if m.name]
    mentions = without_the_dead(whole, mentions)
    if len(mentions) > 1 and all(m.being in lexicon().kin and m.name.lower() in ("", m.being) for m in mentions[:2]):
        mentions = [Mention(noun="child", being="child", spans=[(0, 0)]), *mentions]
    each_of = several(text, mentions)
    mentions = each_of or with_who_opens(text, mentions)
    name_the_kinds(text, mentions)
    slotted = tuple(with_slots(event, text, mentions, None) for event in events)
    want, owner = want_said(text, [m for m in mentions if m.start < len(text)], slotted)
    owner = each_of[0] if each_of else owner
    if mentions and want and all(is_inside(m, want) and not m.name for m in mentions):
        spoken_of = unknown_being(text) or thing_as_hero(text)
        mentions = (
            mentions
            if any(s.noun in (m.being, m.noun) for m in mentions for s in spoken_of)
            else [*spoken_of, *mentions]
        )
        mentions = mentions if spoken_of else [Mention(noun="child", being="child", spans=[(0, 0)]), *mentions]
    mentions = [m for n, m in enumerate(mentions) if not (n and _is_only_liked(text, m))]
    mentions = [m for n, m in enumerate(mentions) if not (n and (_is_a_sight(m, want) or _is_to_come(text, m, want)))]
    if want_of_a_question(text) is not None:  # "what do teddy bears do": it is not they who ask
        mentions = [m for m in mentions if m.name or not m.is_bare or not m.is_plural]
    there = {m.being for m in mentions if re.match(r"(?:an?|the|my|our) ", text[m.start :], re.IGNORECASE)}
    forbidden = tuple(word for word in forbidden_in(text) if word not in there)  # "the queen bee … but no bee wants"
    mentions = [m for m in mentions if m.name or m.being not in _FRIENDS or not is_inside(m, want)] or mentions[:1]
    mentions = [m for m in mentions if not (m.being in forbidden and not m.name)]
    if owner is not None and owner in mentions and not is_inside(owner, want):
        mentions = [owner, *(m for m in mentions if m is not owner)]
    mentions = _each(mentions)
    people = tuple(person_of(whole, m, mentions, want) for m in mentions)
    phrase = want.phrase if want else implied(text, people, mentions)
    people = tuple(replace(p, is_sought=p.is_sought or is_away(n, phrase, text)) for n, p in enumerate(people))
    phrase = "find {p1} again" if phrase == "meet again" and len(people) > 1 else phrase
    phrase, people = with_who_is_missed(phrase, mentions, people)
    phrase = with_slots(phrase, text, mentions, next(iter(mentions), None), by_kind=False)
    phrase, people = with_who_is_meant(phrase, people)
    if want is None and re.match(r"(?:see|find) (?!out )", phrase):
        people = (*people[:1], *(replace(p, is_sought=is_named_in(phrase, p)) for p in people[1:]))
    people = _with_facts(whole, mentions, people, phrase)
    people = _with_a_reason(text, mentions, people, want)
    phrase = with_who_is_afraid(phrase, people)
    home = "" if people else where_they_live(text, phrase, ())
    begins = left_unsaid(text, mentions, _all_said(phrase, home, people, mentions, (*events, *forbidden)), phrase)
    people = tuple(replace(p, facts=tuple(fact for fact in p.facts if not is_told_in(fact, begins))) for p in people)
    begins = tuple(till_found(clause, people) for clause in begins)
    people = tuple(
        replace(p, facts=tuple(replace(fact, what=till_found(fact.what, people)) for fact in p.facts)) for p in people
    )
    done = (FactKind.DEED, FactKind.HAS)
    deeds = [f"{{p0}} {fact.what}" for p in people[:1] for fact in p.facts if fact.kind in done]
    happens = [*deeds, *begins, *(event for event in events if not event.startswith("in the end "))]
    phrase = phrase or want_of_habits(people) or (want_of_what_is(happens[-1], people) if happens else "")
    phrase = phrase or want_of_two(text, mentions)
    return Reading(
        people=people,
        want=phrase,
        settings=settings_in(whole, forbidden),
        want_setting=_goal_setting(phrase, forbidden) if phrase else None,
        props=props_in(whole, forbidden),
        time=first_in(lexicon().times, text, forbidden),
        weather=first_in(lexicon().weathers, text, forbidden),
        season=first_in(lexicon().seasons, text, forbidden),
        forbidden=forbidden,
        home=home,
        events=_in_order(begins, [_told(event, whole, mentions) for event in events]),
    )


def _in_order(begins: tuple[str, ...], events: list[Fact]) -> tuple[Fact, ...]:
    """What is so from the start, first what came before everything else; then what happens."""
    first = [fact for fact in events if fact.kind is FactKind.BEGINS]
    rest = [fact for fact in events if fact.kind is not FactKind.BEGINS]
    return (*first, *(Fact(FactKind.BEGINS, clause) for clause in begins), *rest)


def _all_said(
    want: str, home: str, people: tuple[Person, ...], mentions: list[Mention], events: tuple[str, ...]
) -> str:
    """Every word that the plan has from the premise by now."""
    facts = (fact.what for person in people for fact in person.facts)
    traits = (word for mention in mentions for word in mention.adjectives)
    return " ".join((want, home, *facts, *traits, *events))


def _with_what_happens(text: str, events: tuple[str, ...]) -> str:
    if not events:
        return text
    stop = "" if text.endswith((".", "!", "?")) else "."
    return " ".join([f"{text}{stop}", *(f"Then {event}." for event in events)])


def _told(event: str, whole: str, mentions: list[Mention]) -> Fact:
    """What happens, as a fact: somebody's first appearance, what is so in the end, or anything else."""
    at = whole.find(event)
    event = re.sub(r"\b(?:my|our)\b", "the", event)
    if event.startswith("at first "):
        return Fact(FactKind.BEGINS, with_slots(event.removeprefix("at first "), "", mentions, None))
    if event.startswith("in the end "):
        return Fact(FactKind.ENDS, event.removeprefix("in the end "))
    is_arrival = any(
        at <= m.start < at + len(event) and re.match(r"(?:an?|some|two|three) ", whole[m.start :]) for m in mentions[1:]
    )
    return Fact(FactKind.ARRIVAL if is_arrival else FactKind.EVENT, with_slots(event, whole[:at], mentions, None))


# --- who -------------------------------------------------------------------------------------------


def _each(mentions: list[Mention]) -> list[Mention]:
    """``two brothers`` as two people; others spoken of in the plural as one of them, unless their number is told."""
    each: list[Mention] = []
    room = max(2, PEOPLE_MAX - len(mentions) + 1)
    for n, mention in enumerate(mentions):
        is_many = mention.count > 1 and not mention.name and (n == 0 or mention.is_counted or mention.being == "twin")
        each += [mention] * (min(mention.count, room) if is_many else 1)
    return each[:PEOPLE_MAX]


def _is_a_sight(mention: Mention, want: Want | None) -> bool:
    """``see the dinosaurs``, ``a story full of frogs``: many that are only spoken of."""
    if want is None or not mention.is_plural or mention.is_counted or mention.name or not is_inside(mention, want):
        return False
    return mention.is_bare or re.match(r"(?:see|visit|watch|hear) ", goal_of(want.phrase)) is not None


def _is_only_liked(text: str, mention: Mention) -> bool:
    """``loves unicorns``: there is none, unless the story brings one."""
    is_any = mention.is_bare and mention.is_plural and not mention.is_counted and not mention.name
    return is_any and re.search(r"\b(?:loves?|likes?|adores?|hates?|collects?) $", text[: mention.start]) is not None


def _is_to_come(text: str, mention: Mention, want: Want | None) -> bool:
    """``choose a new king``: there is none yet."""
    is_new = re.match(r"an? new ", text[mention.start :]) is not None and not mention.name
    return (
        is_new and is_inside(mention, want) and want is not None and want.phrase.startswith(("choose", "elect", "find"))
    )


# --- what they want --------------------------------------------------------------------------------


def _goal_setting(want: str, forbidden: tuple[str, ...]) -> Setting | None:
    """Where the want is to be had: what stands after "to", else the first place it names."""
    goal = re.search(r" to (?:the |a |an )?(.+)", want)
    found = settings_in(goal[1], forbidden) if goal else ()
    return next(iter(found or settings_in(want, forbidden)), None)


def _with_facts(text: str, mentions: list[Mention], people: tuple[Person, ...], want: str) -> tuple[Person, ...]:
    """Each with what is said of them; a deed that is the want is no habit. Nobody is without a home that is told."""
    alone = [m for n, m in enumerate(mentions) if not any(m is earlier for earlier in mentions[:n])]
    by_mention = list(zip(alone, facts_said(text, alone), strict=True))
    told = [next(facts for other, facts in by_mention if other is mention) for mention in mentions]
    told = [tuple(_by_number(fact, alone, mentions) for fact in facts) for facts in told]
    said = [tuple(_short_of(fact, want) for fact in facts if not _is_of(fact, want)) for facts in told]
    ends = frozenset(end for mention in mentions for _, end in mention.spans)
    home = where_they_live(text, want, tuple(fact.what for facts in said for fact in facts), ends)
    is_told = any(home.partition(" ")[2] in fact.what for facts in said for fact in facts)
    is_told = is_told or any(word in home.split() for person in people for word in person.noun.split())
    if home and people and not is_told:
        said[0] = (*said[0], Fact(FactKind.HABIT, home))
    return tuple(
        replace(person, facts=tuple(dict.fromkeys((*person.facts, *facts)))[:4])
        for person, facts in zip(people, said, strict=True)
    )


def _with_a_reason(
    text: str, mentions: list[Mention], people: tuple[Person, ...], want: Want | None
) -> tuple[Person, ...]:
    """``… because the moon promised her a secret``: why the hero wants it, once, as a fact."""
    found = re.search(r"\bbut because ([^.!?;:]+)", text) or re.search(r"(?<!not )\bbecause ([^.!?;:]+)", text)
    reason = re.split(r",? (?:so|but) ", found[1])[0].strip(" ,") if found else ""
    reason = f"there is {reason.removeprefix('of ')}" if re.match(r"of an? ", reason) else reason
    words = reason.lower().split()
    is_short = 2 < len(words) <= _REASON_WORDS_MAX
    if not found or not people or not is_short or len(people[0].facts) > 3 or lexicon().refused & set(words):
        return people
    if words[0] in ("it", "its") or (want is not None and reason.startswith(want.phrase)):
        return people
    told = with_slots(reason, text[: found.start()], mentions, _who_has_a_reason(words[0], mentions))
    told = re.sub(r"(?<=[^\W\d_] )\{p0\}(?!’)", PRONOUNS[people[0].pronouns or Pronouns.THEY].object, told)
    why = Fact(FactKind.WHY, told)
    return (replace(people[0], facts=(*people[0].facts, why)), *people[1:])


def _who_has_a_reason(first: str, mentions: list[Mention]) -> Mention | None:
    """The hero, unless the reason begins with a pronoun that suits somebody else better."""
    if first not in ("he", "she"):
        return None
    gender = Pronouns.HE if first == "he" else Pronouns.SHE
    is_other = gender_of(mentions[0]) is not gender and any(gender_of(m) is gender for m in mentions[1:])
    return None if is_other else mentions[0]


def _by_number(fact: Fact, alone: list[Mention], mentions: list[Mention]) -> Fact:
    """The fact with slots that count everybody: two of ``mentions`` may be one of ``alone``."""
    numbers = [next(n for n, m in enumerate(mentions) if m is each) for each in alone]
    return replace(fact, what=SLOT.sub(lambda m: f"{{p{numbers[int(m[1])]}}}", fact.what))


def _short_of(fact: Fact, want: str) -> Fact:
    """``comes down to earth to learn how to ride`` → ``comes down to earth``, where it is wanted to learn."""
    tail = f" to {want.split(' ')[0]} "
    is_deed = fact.kind is FactKind.DEED and bool(want) and tail in f"{fact.what} "
    return replace(fact, what=fact.what.split(tail)[0]) if is_deed else fact


def _is_of(fact: Fact, want: str) -> bool:
    rest = fact.what.partition(" ")[2]
    is_deed = fact.kind in (FactKind.HABIT, FactKind.NEVER, FactKind.DEED, FactKind.DOES_NOT) and bool(want)
    if fact.kind is FactKind.DOES_NOT and fact.what.startswith("want to ") and want.startswith("get out of "):
        return True
    if want.startswith("find ") and fact.what.startswith(("look for ", "search for ", "hunt for ")):
        return True
    if fact.what.startswith("miss ") and want.startswith("say a proper goodbye"):
        return True
    if fact.kind is FactKind.NEVER_YET:
        return bool(want) and base_of(fact.what.split()[0]) == want.split()[0]
    told = [word for word in rest.split() if word not in _LINKING]
    if is_deed and len(told) > 1 and want.split()[-len(told) :] == told:
        return True
    is_same = fact.kind in (FactKind.HABIT, FactKind.DEED) and fact.what.split()[:1] == want.split()[:1] != ["have"]
    return is_deed and (is_same or fact.what in want or want in fact.what or (len(rest.split()) > 1 and rest in want))

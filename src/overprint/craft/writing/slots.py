"""The values of a template's slots: names, pronouns, bodies, the want in its forms."""

import re

from overprint.core.scene import Species
from overprint.core.story import Character, Outline
from overprint.craft.writing.facts import FactKind, facts_of, is_overcome
from overprint.craft.writing.language import PRONOUNS, inflect_phrase, plural, with_article
from overprint.craft.writing.naming import with_kind
from overprint.craft.writing.own_ways import passion_of
from overprint.craft.writing.retelling import rest_in_the_past
from overprint.craft.writing.spine import Spine
from overprint.craft.writing.story_data import people, pools
from overprint.craft.writing.vocabulary import hand_of, lexicon, nose_of
from overprint.craft.writing.want_kinds import goal_of, spoken
from overprint.craft.writing.want_words import by_its_name, want_words

_PREFIX = {"hero": "", "pal": "p", "helper": "x", "who": "w"}


def about(slot: str, character: Character | None) -> dict[str, str]:
    """Slots about one character: ``hero``, ``he``, …; with a prefix for ``pal`` (p), ``helper`` (x) and ``who`` (w)."""
    p = _PREFIX[slot]
    forms = PRONOUNS[character.pronouns] if character else PRONOUNS[next(iter(PRONOUNS))]
    noun = character.noun if character else "somebody"
    being = lexicon().beings.get(noun) or lexicon().beings.get(noun.split()[-1] if noun.split() else "")
    species = being.species if being else Species.CHILD
    hand = hand_of(species)
    is_plural = forms.was == "were"
    values = {
        slot: character.name if character else "somebody",
        f"{p}he": forms.subject,
        f"{p}him": forms.object,
        f"{p}his": forms.possessive,
        f"{p}himself": forms.reflexive,
        f"{p}was": forms.was,
        f"{p}is": "are" if is_plural else "is",
        f"{p}has": "have" if is_plural else "has",
        f"{p}likes": "like" if is_plural else "likes",
        f"{p}noun": noun,
        f"{p}noun_a": with_article(noun),
        f"{p}nouns": plural(noun),
        f"{p}hand": hand,
        f"{p}hands": f"{hand}s",
        f"{p}nose": nose_of(species),
    }
    return values | {f"{slot}_the": named_with_kind(character)} | ({"noun_who": noun} if slot == "who" else {})


def named_with_kind(character: Character | None) -> str:
    """``Quince the fox``; only the name where the kind is in it or says nothing."""
    if character is None:
        return "somebody"
    return with_kind(character, _told_trait(character))


def _told_trait(character: Character) -> str:
    """``imaginary ``, of somebody whom a premise calls so, unless it shows in what they do or is told as a fact."""
    facts = " ".join(character.facts)
    left_out = {*pools().hero_traits, *(trait for flaw in people().flaw for trait in flaw.traits)}
    told = [trait for trait in character.traits if trait not in left_out and trait not in facts]
    kept = [trait for trait in character.traits if trait in ("little", "old", "tiny") and trait not in facts]
    return f"{(told or kept)[0]} " if told or kept else ""


_CLAUSE = re.compile(r" (?:that|who|whose|which|what|where|why|how|whether|if) ")


def _in_the_past(want: str) -> str:
    """``tell them that the river is rising`` → ``told them that the river was rising``."""
    told = inflect_phrase(want, "past").replace("whatever happens", "whatever happened")
    clause = _CLAUSE.search(told)
    return told if clause is None else f"{told[: clause.end()]}{rest_in_the_past(told[clause.end() :])}"


def want_slots(want: str) -> dict[str, str]:
    """The words of the want, and each of them as the hero says it (``my_…``): "my grandmother’s key"."""
    words = want_words(want)
    return words | {f"my_{name}": spoken(text, 1) for name, text in words.items()}


def _shares_the_fear(spine: Spine, want: str) -> bool:
    """Whether the companion is afraid of what the hero wants to be brave about."""
    fears = facts_of(spine.companion) if spine.companion else ()
    return any(fact.kind is FactKind.FEARS and is_overcome(fact, want) for fact in fears)


_DEFINITE = ("the ", "her ", "his ", "their ", "a ")
_WIDE = re.compile(
    r"(?:[^\W\d_]+ ){0,3}?(?:city|town|village|country|kingdom|desert|jungle|forest|woods?|mountains|sea|sky|valley"
    r"|swamp|attic|garden|meadow|cave|sewers?|pond|lake|rainforest|savannah|market|suburbs?|countryside)(?: of [^,]+)?"
)


def _at(place: str) -> str:
    """``in`` the city, ``at`` the house behind the bakery."""
    return "in" if _WIDE.fullmatch(place) else "at"


def base_values(outline: Outline, spine: Spine) -> dict[str, str]:
    """Slots that stay the same throughout a book."""
    hero = spine.hero
    want = hero.want or "see what would happen"
    place = outline.chapters[0].beats[0].place
    return {
        **about("hero", hero),
        **about("pal", spine.companion or hero),
        **want_slots(want),
        "HERO": hero.name.upper(),
        "PAL": (spine.companion or hero).name.upper(),
        "want": want,
        "wanting": inflect_phrase(goal_of(by_its_name(want)), "gerund"),
        "wanted": _in_the_past(goal_of(by_its_name(want))),
        "mywant": spoken(want, 1),
        "yourwant": spoken(want, 2),
        "trait": hero.traits[0] if hero.traits else spine.flaw.traits[0],
        "home": place if place.startswith(_DEFINITE) else "home",
        "a_thing": spine.things[0],
        "b_thing": spine.things[1],
        "a_keep": spine.things[2],
        "at_home": f"{_at(place)} {place}" if place.startswith(_DEFINITE) else "at home",
        "thing": "luggage",
        "passion": passion_of(hero) or "things",
        "pfear": "That too, and soup with bits in" if _shares_the_fear(spine, want) else "Soup with bits in",
    }

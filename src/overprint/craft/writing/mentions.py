"""Who is spoken of in a premise: names, kinds, adjectives, owners."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from overprint.core.story import Pronouns
from overprint.craft.writing.cleaning import is_caseless
from overprint.craft.writing.language import base_of
from overprint.craft.writing.vocabulary import lexicon, word_set

TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e00-\u0fff])*(?:[’-][^\W\d_]+)*|[.,;:!?]")
MENTIONS_MAX = 12
_CROWDS = {"hundred": 4, "dozen": 4, "thousand": 4}
_NUMBERS = _CROWDS | {
    word: n
    for n, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty"], start=2
    )
}
_ARTICLES = word_set("a an the one some another this that every") | _NUMBERS.keys()
_OWNERS = word_set("her his their its my our your")
_STOPS = word_set(
    "who that which and or but with in on at to from of is was are wants has called named for by into lives the a an "
    "so because her his their its my our your when while until whose about over under than as if before after no how "
    "wanted wished longed needed loved hated then been being he she it they everything nothing everybody nobody"
)
_PLACES = word_set("town village city land kingdom island street country planet county queendom republic")
_PLACE_LEADS = word_set("in at to from near of on around across")
_ADJECTIVE_ENDINGS = tuple(sorted(word_set("y ful less ous ish ive ing ed able ible al ant ent ic est er")))
_PLURALS = {
    "mice": "mouse",
    "wolves": "wolf",
    "children": "child",
    "geese": "goose",
    "fairies": "fairy",
    "puppies": "puppy",
}
_ONE_ALL_THE_SAME = word_set(
    "bus gas genius iris lens news atlas octopus walrus cactus christmas circus chess always was his its this "
    "us rhinoceros "
    "hippopotamus platypus dais virus bonus minus plus yes"
)
_AFTER_A_NAME = word_set(
    ", and the who is has was can cannot can’t must isn’t never always only really just desperately doesn’t didn’t "
    "won’t wouldn’t wasn’t hasn’t couldn’t had will"
)
_SAID_OF = re.compile(
    r"(?:\b(?:be|become|becomes|becoming|being) |n’t |\b(?:turn|turns|turning|turned|change|changes|changing) into "
    r"|\bdress(?:es|ed|ing)? up as "
    r"|\b(?:not|nor|(?<!help )(?<!company )of|allergic to|fears|like|as|than|except|without|no|without any) "
    r"(?:any |even )?"
    r"|\b(?:story|book|tale|present) for )$",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b(?:is|was|are|were|been) (?:really |only |now |secretly |actually |also |just |still )?$", re.IGNORECASE
)
_NOT_TITLES = ("miss", "sir")
_FORMS_OF_ADDRESS = ("mr", "mrs", "miss", "mister", "sir", "ms", "dr")
_JOINED = re.compile(r" and(?: (?:her|his|their|its|the|an?|my|our)(?: [^\W\d_]+){1,3})? ?", re.IGNORECASE)
# "makes friends with a cat": there are no others
_MAKES = re.compile(
    r"\b(?:makes?|made|making|become|becomes|became|stay|stays|are|were) (?:[^\W\d_]+ )?$", re.IGNORECASE
)
# "Ines has a brother": he is hers.
_HAS_ONE = re.compile(r"\b(?:has|have|had|got|gets?) $", re.IGNORECASE)
# "a dinosaur egg" is no dinosaur.
_HEADS = word_set(
    "egg eggs suit costume hat food mask bone bones park tooth tail school show stripes print prints puppet pond house "
    "basket bed collar kennel hutch cage coop shop museum book song farm shed statue poster café cafe hotel hospital "
    "clock agency office club soup den cave castle island party parade mountain"
)
_SAY_NO_KIND = word_set(
    "worst best greatest hundred dozen what which last first only next other same own real second third whole"
)
_NO_ADJECTIVES = word_set(
    "best hundred hospital carnival festival metal animal forest music hearing flower butter winter"
)
_WITH_WHO = ("who", "called", "named", "with", "small", "new", "else")
_VAGUE = frozenset(("", "friend", "best friend", "child", "neighbour", "hero"))


@dataclass(slots=True)
class Mention:
    """One character as spoken of. ``start`` and ``end`` are positions in the cleaned premise of every mention.

    ``is_joined``: told with whoever stands before, ``Hazel and her first mate Pip``. ``is_bare``: without an article.
    """

    name: str = ""
    noun: str = ""
    being: str = ""
    adjectives: list[str] = field(default_factory=list)
    owner: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    is_plural: bool = False
    count: int = 1
    is_counted: bool = False
    is_joined: bool = False
    is_bare: bool = False

    @property
    def start(self) -> int:
        return self.spans[0][0]


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


def tokens_of(text: str) -> list[Token]:
    return [Token(m[0], m.start(), m.end()) for m in TOKEN.finditer(text)]


def find_mentions(text: str) -> list[Mention]:
    """Everybody in ``text``, in order of appearance, each once, at most twelve."""
    tokens, at = tokens_of(text), 0
    found: list[Mention] = []
    while at < len(tokens) and len(found) < MENTIONS_MAX:
        mention, after = _mention_at(tokens, at)
        if mention is None:
            at += 1
            continue
        if mention.owner[:1].isupper() and _is_name(tokens, at):
            _merge(found, Mention(name=mention.owner, spans=[(tokens[at].start, tokens[at].end)]))
        mention.is_joined = bool(found and _JOINED.fullmatch(text[found[-1].spans[-1][1] : mention.start]))
        if found and not mention.owner and _HAS_ONE.search(text[: mention.start]):
            known = lexicon().names.get(found[0].name.lower())
            mention.owner = {Pronouns.SHE: "her", Pronouns.HE: "his"}.get(known, "their") if known else "their"
        is_the_exception = bool(mention.name) and re.search(r"\bexcept (?:for )?$", text[: mention.start])
        if is_the_exception or not _is_said_of_another(text[: mention.start], mention, found):
            is_expected = re.search(r"\b(?:having|expecting) (?:an? )?$", text[: mention.start]) is not None
            is_made = is_expected or (mention.being == "friend" and _MAKES.search(text[: mention.start]))
            if not is_made:
                _merge(found, mention)
        at = after
    return _without_collective(found)


def _is_said_of_another(before: str, mention: Mention, found: list[Mention]) -> bool:
    """``is not`` a witch, ``might be`` a witch, ``are`` twins, ``afraid of`` mice: nobody new."""
    if _SAID_OF.search(before):
        return True
    link = _LINK.search(before)
    if link is None or before[: link.start()].lower().endswith("there "):
        return False
    subject = next((m for m in reversed(found) if any(link.start() - end <= 1 for _, end in m.spans)), None)
    if subject is not None and subject.being in _VAGUE:
        subject.noun, subject.being = mention.noun, mention.being
        subject.adjectives += mention.adjectives
        _say_of_all(before, subject, mention, found)
    if subject is None and found and found[0].being in _VAGUE and re.search(r"\bbut s?he $", before[: link.start()]):
        found[0].noun, found[0].being = mention.noun, mention.being
    follows_pronoun = re.search(r"\b(?:who|she|he|they|it|that) $", before[: link.start()], re.IGNORECASE)
    says_who = re.search(r"\b(?:hero|heroine|character|star|it) $", before[: link.start()], re.IGNORECASE)
    return subject is not None or follows_pronoun is not None or says_who is None


def _say_of_all(before: str, subject: Mention, said: Mention, found: list[Mention]) -> None:
    """``Leo and Max are twin boys``: Leo is one of them too."""
    for other in found:
        is_joined = said.is_plural and before[other.spans[-1][1] : subject.start] == " and "
        if is_joined and other.being in _VAGUE:
            other.noun, other.being = said.noun, said.being


def _without_collective(found: list[Mention]) -> list[Mention]:
    """``Two friends, Ana and Luis``: the friends are Ana and Luis, not somebody else; and so with ``three mice``."""
    kept: list[Mention] = []
    for one, other in pairwise(found):
        if one.name and one.is_plural and not other.noun and other.is_joined:
            other.noun, other.being = one.noun, one.being
            one.is_plural, one.count = False, 1
    for n, mention in enumerate(found):
        named = [m for m in found if m.name and m is not mention]
        follow = [m for m in found[n + 1 : n + 5] if m.name and m.being in ("", mention.being)]
        is_one_of_them = mention.is_plural and not mention.name and mention.being in {*_VAGUE, "twin", "cousin"}
        if mention.is_plural and not mention.name and len(follow) >= 2 and _is_next(mention, follow[0]):
            for other in follow:
                other.noun, other.being = other.noun or mention.noun, other.being or mention.being
        elif not (is_one_of_them and len(named) > 1):
            kept.append(mention)
    return kept


def _is_next(one: Mention, other: Mention) -> bool:
    return other.start - one.spans[0][1] <= len(", called ")


def _merge(found: list[Mention], new: Mention) -> None:
    for old in found:
        same_name = bool(new.name and old.name) and _is_same_name(old.name.lower().split(), new.name.lower().split())
        same_kind = not new.name and not new.owner and new.being and old.being == new.being and not new.is_plural
        known_noun = not new.name and new.owner and old.being == new.being and old.owner
        if same_name or same_kind or known_noun:
            old.spans += new.spans
            old.noun, old.being = old.noun or new.noun, old.being or new.being
            old.adjectives += [word for word in new.adjectives if word not in old.adjectives]
            return
    found.append(new)


def _is_same_name(one: list[str], other: list[str]) -> bool:
    """``Captain Rosa`` and ``Rosa`` are the same."""
    return one == other or one[-1:] == other or other[-1:] == one


def _mention_at(tokens: list[Token], at: int) -> tuple[Mention | None, int]:
    token = tokens[at]
    if token.low in _ARTICLES | _OWNERS or (token.text.endswith(("’s", "s’")) and _next_being(tokens, at + 1)):
        found = _noun_phrase(tokens, at + 1, is_bare=token.low == "that")
        if found is not None:
            mention, after = found
            _own(mention, token)
            return mention, _with_name(tokens, mention, after)
        return None, at
    if _is_name(tokens, at):
        return _named(tokens, at)
    found = _noun_phrase(tokens, at, is_bare=True)
    if found is not None:
        mention, after = found
        mention.is_bare = True
        return mention, _with_name(tokens, mention, after)
    return None, at


def _own(mention: Mention, token: Token) -> None:
    if token.low in _OWNERS:
        mention.owner = token.low
    elif token.text.endswith(("’s", "s’")):
        mention.owner = re.sub(r"’?s?’?$", "", token.text)
    mention.count = _NUMBERS.get(token.low, mention.count)
    mention.is_counted = mention.is_counted or token.low in _NUMBERS
    mention.is_plural = mention.is_plural or mention.count > 1 or token.low == "some"
    mention.spans[0] = (token.start, mention.spans[0][1])


def _next_being(tokens: list[Token], at: int) -> bool:
    return _noun_phrase(tokens, at) is not None


def _noun_phrase(tokens: list[Token], at: int, is_bare: bool = False) -> tuple[Mention, int] | None:
    """Adjectives and a kind of being, within five words from ``at``; ``is_bare``: no article stands before."""
    beings = lexicon().beings
    for n in range(at, min(at + 5, len(tokens))):
        word = tokens[n]
        if (
            word.text in _NOT_TITLES
            or word.low.endswith("n’t")
            or not word.text[0].isalpha()
            or (word.low in _STOPS and n > at - 1)
        ):
            return None
        if is_bare and word.low in ("someone", "somebody") and tokens[min(n + 1, len(tokens) - 1)].low not in _WITH_WHO:
            return None
        is_deed = is_bare and n and base_of(word.low) == word.low
        if is_deed and tokens[n - 1].low in lexicon().kin | {"they", "we", "you", "i", "to", "who"}:
            return None
        if is_bare and n and tokens[n - 1].low in ("he", "she", "it", "who") and base_of(word.low) is not None:
            return None
        if singular(word.low) == "cleaner" and n and tokens[n - 1].low in ("vacuum", "pool", "pipe"):
            return None
        if word.low == "bee" and n and tokens[n - 1].low == "spelling":
            return None
        two = f"{word.low} {tokens[n + 1].low}" if n + 1 < len(tokens) else ""
        for noun, size in ((two, 2), (word.low, 1), (singular(word.low), 1)):
            if noun and noun in beings:
                after = tokens[n + 1].low if size == 1 and n + 1 < len(tokens) else ""
                if after in _HEADS:
                    return None
                if size == 1 and n + 2 < len(tokens) and f"{after} {tokens[n + 2].low}" in beings:
                    continue
                if (
                    word.low not in lexicon().kin
                    and (after in beings or (size == 1 and singular(after) in beings))
                    and after not in ("friend", *_FORMS_OF_ADDRESS)
                    and after not in _STOPS
                ):
                    continue
                return _phrase(tokens, at, n, noun, size, noun == singular(word.low) != word.low)
        if base_of(word.low) and not _is_adjective(word.low) and (n > at or is_bare):
            return None
    return None


def _phrase(tokens: list[Token], at: int, n: int, noun: str, size: int, plural: bool) -> tuple[Mention, int]:
    before = [token.low for token in tokens[at:n] if token.low not in ("very", "rather", "quite", "really", "so")]
    before = " ".join(before).replace("ice cream", "ice_cream").split()
    adjectives = [word for word in before if _is_adjective(word)]
    modifiers = [word.replace("_", " ") for word in before if not _is_adjective(word) and word not in _SAY_NO_KIND]
    modifiers = [word for word in modifiers if not word.endswith("’s")]
    end = n + size
    spans = [(tokens[at].start, tokens[end - 1].end)]
    count = max((_NUMBERS.get(word, 1) for word in before), default=1)
    full = " ".join([*[word for word in modifiers if word not in _NUMBERS][-2:], noun])
    mention = Mention(noun=full, being=noun, adjectives=adjectives, spans=spans, is_plural=plural)
    mention.count, mention.is_counted = max(count, 2 if plural else 1), count > 1
    return mention, end


def _is_adjective(word: str) -> bool:
    known = lexicon()
    ends_like_one = word.endswith(_ADJECTIVE_ENDINGS) and word not in known.beings and word not in _NO_ADJECTIVES
    return word in known.traits or word in known.colours or ends_like_one


def singular(word: str) -> str:
    """``mice`` → ``mouse``, ``pirates`` → ``pirate``; other words stay."""
    if word in _ONE_ALL_THE_SAME:
        return word
    if word in _PLURALS:
        return _PLURALS[word]
    if word.endswith("ies") and word not in ("pies", "movies", "cookies", "zombies", "genies", "ties"):
        return f"{word[:-3]}y"
    if word.endswith(("xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _with_name(tokens: list[Token], mention: Mention, after: int) -> int:
    """Takes in a name that follows: ``her cat Soot``, ``a fox called Bramble``, ``her cat, Soot,``."""
    at = after
    if at < len(tokens) and tokens[at].low in ("called", "named"):
        at += 1
        if (
            at < len(tokens)
            and tokens[at].text[0].isalpha()
            and (tokens[at].text[0].isupper() or is_caseless(tokens[at].text))
        ):
            return _take_name(tokens, mention, at)
        return after
    is_kind = at + 1 < len(tokens) and tokens[at].low == "the" and tokens[at + 1].text.islower()
    if is_kind and mention.being in ("friend", "best friend") and _noun_phrase(tokens, at + 1) is None:
        mention.noun, mention.being = tokens[at + 1].low, ""
        mention.spans[0] = (mention.spans[0][0], tokens[at + 1].end)
        return at + 2
    if at + 1 < len(tokens) and tokens[at].text == "," and _is_name(tokens, at + 1):
        last = at + 1
        while last + 1 < len(tokens) and tokens[last + 1].text[0].isupper():
            last += 1
        if last + 1 == len(tokens) or tokens[last + 1].text in ",.;!?":
            return _take_name(tokens, mention, at + 1)
    if at < len(tokens) and _is_name(tokens, at):
        being = lexicon().beings.get(mention.being)
        after = _take_name(tokens, mention, at)
        if being is not None and being.is_title and not mention.owner:
            mention.name = f"{mention.being.title()} {mention.name}"
        return _with_kind(tokens, mention, after)
    return after


def _with_kind(tokens: list[Token], mention: Mention, after: int) -> int:
    """Takes in what somebody is, told after the name: ``Otto the owl``, ``Mira, a girl``."""
    n = after + 1 if after < len(tokens) and tokens[after].text == "," else after
    leads = tokens[n].low if n < len(tokens) else ""
    if leads not in ("a", "an", "the") or (n == after and leads != "the"):
        return after
    found = _noun_phrase(tokens, n + 1)
    if found is None:
        return after
    kind, end = found
    mention.noun, mention.being = kind.noun, kind.being
    mention.adjectives += kind.adjectives
    mention.spans[0] = (mention.spans[0][0], kind.spans[0][1])
    return end


def _take_name(tokens: list[Token], mention: Mention, at: int) -> int:
    words = [tokens[at]]
    while len(words) < 3 and at + len(words) < len(tokens):
        following = tokens[at + len(words)]
        if not following.text[0].isupper() or following.low in lexicon().not_names or following.text.endswith("’s"):
            break
        words.append(following)
    mention.name = " ".join(re.sub(r"’s?$", "", word.text) for word in words)
    mention.spans[0] = (mention.spans[0][0], words[-1].end)
    return at + len(words)


def _is_name(tokens: list[Token], at: int) -> bool:
    token, known = tokens[at], lexicon()
    plain = re.sub(r"’s?$", "", token.low)
    if not token.text[0].isalpha() or {plain, singular(plain)} & known.not_names or plain in known.refused:
        return False
    if is_caseless(token.text):
        return (
            len(token.text) <= 12
            and plain not in known.foreign
            and any(t.text.isascii() and t.text.isalpha() for t in tokens)
        )
    if not token.text[0].isupper() or (plain in known.beings and at == 0):
        return False
    if plain in known.names:
        return True
    if re.search(r"-[^\W\d_A-Z]", token.text) or _is_name_of_a_thing(tokens, at):
        return False
    if at and (_is_in_a_place(tokens, at) or _is_of_a_place(tokens, at)):
        return False
    if at == 0 or tokens[at - 1].text in ".!?;:":
        return _opens_like_a_name(tokens, at, plain)
    return len(plain) > 1


def _is_name_of_a_thing(tokens: list[Token], at: int) -> bool:
    """``a soapbox called the Purple Comet``, ``her ship, the Silver Mango``."""
    while at and tokens[at - 1].text[0].isupper():
        at -= 1
    return at > 1 and tokens[at - 1].low == "the" and tokens[at - 2].low in ("called", "named", ",")


def _is_in_a_place(tokens: list[Token], at: int) -> bool:
    """``in Peru``, ``in ancient Egypt``, ``in old New York``: where it is, not who."""
    if tokens[at].text.endswith("’s"):
        return False
    for n in range(at - 1, max(-1, at - 4), -1):
        if tokens[n].low in _PLACE_LEADS:
            return True
        if tokens[n].low in (*_FORMS_OF_ADDRESS, "captain", "aunt", "uncle", "king", "queen", "professor"):
            return False
        if (
            not (tokens[n].low == "the" or tokens[n].text[0].isupper() or _is_adjective(tokens[n].low))
            or tokens[n].low in lexicon().names
        ):
            return False
    return False


def _is_of_a_place(tokens: list[Token], at: int) -> bool:
    """``the town of Little Wobbling``: a name, but of nobody."""
    while at and tokens[at - 1].text[0].isupper():
        at -= 1
    return at > 1 and tokens[at - 1].low == "of" and tokens[at - 2].low in _PLACES


def _opens_like_a_name(tokens: list[Token], at: int, plain: str) -> bool:
    known = lexicon()
    if base_of(plain) or plain in known.traits or {plain, singular(plain)} & known.beings.keys() or len(plain) < 2:
        return False
    if tokens[at].text.endswith("’s"):
        return True
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None:
        return False
    return following.low in _AFTER_A_NAME or base_of(following.low) is not None or following.text[0].isupper()


def _named(tokens: list[Token], at: int) -> tuple[Mention, int]:
    """A name and what follows it: ``Mira, a girl``, ``Otto the owl``, ``Tom``."""
    mention = Mention(spans=[(tokens[at].start, tokens[at].end)])
    after = _take_name(tokens, mention, at)
    end = _with_kind(tokens, mention, after)
    if mention.noun:
        return mention, end
    titled = {"dr": "doctor", "doctor": "doctor", "professor": "professor", "prof": "professor"}
    if kind := titled.get(mention.name.split()[0].lower()):
        mention.noun = mention.being = kind
        return mention, after
    lone = lexicon().beings.get(mention.name.split()[0].lower())
    if lone is not None:
        mention.noun = mention.being = mention.name.split()[0].lower()
    return mention, after

"""Takes from a premise what asks for the book, and leaves what the book is about.

``Please write a birthday book for Freddie, who is turning six and loves owls`` becomes ``Freddie, who loves owls``.
"""

import re

from overprint.craft.writing.language import base_of, third_person

_BOOK = (
    r"(?:(?:picture|birthday|bedtime|gift|story|chapter|board|adventure|detective|mystery|space|ghost|love|funny) ?)*"
)
_FRAME = re.compile(
    r"^(?:(?:please|hello|hi|hey|so|ok|okay|kindly)[,!.]? )*"
    r"(?:(?:can|could|would|will) (?:you|we) (?:please )?"
    r"|i(?:’d| would)? (?:want|like|need|love)(?: you to| to (?:have|read|see))? "
    r"|(?:my|our) (?:\w+ ){1,3}?(?:wants?|would (?:like|love)|needs?|asked for) "
    r"(?=an? (?:\w+ ){0,2}?(?:story|book|tale|poem) ))?"
    r"(?:(?:please )?(?:tell|write|make|create|invent|give|draw|imagine|do)(?: (?:me|us|my \w+|a child))? )?"
    r"(?:(?:an?|the|some|one)? ?(?:(?:nice|short|funny|little|children’s|kids|new|silly|gentle|exciting|rhyming) )*"
    rf"{_BOOK} ?(?:story|stories|storybook|book|tale|fairy ?tale|adventure|mystery|poem|something)(?:: |, | ))?"
    r"(?:(?:about|of|where|in which|on how|that is about|for my \w+ about|for(?= (?:my|our|[A-Z]))) (?:how (?!to ))?)",
    re.IGNORECASE,
)
# "For Amelie and Jude, who …", "A detective story: who …", "a birthday book for Freddie who …".
_FOR_A_NAME = re.compile(rf"^(?i:(?:an? |the )?{_BOOK} ?(?:story|book|tale) )?(?i:for) (?=[A-Z])")
_KIND_AND_COLON = re.compile(r"^(?:an? |the )?(?:\w+ ){0,2}(?:story|book|tale|mystery|adventure|poem): ", re.IGNORECASE)
_REQUEST = re.compile(
    r"(?:please|can you|could you|would you|i want|i need|i would like|i’d like|write|tell)\b.*?\b"
    r"(?:write|tell|story|book|tale|poem)\b.*?\babout ",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"^(?:once upon a time,? |once,? (?!an? (?:day|week|month|year)|in )|one day,? |long ago,? )*"
    r"(?:there (?:once )?(?:was|were|is|are|lived) (?=(?:once )?(?:an?|two|three|some)\b))?"
    r"(?:once (?!an? |in ))?",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"^(?:what (?:would happen )?if"
    r"|(?:where|why|how|who|what|when) (?:do|does|did|is|are|was|were|don’t|doesn’t|can’t)) ",
    re.IGNORECASE,
)
# "a pirate story for my nephew Kofi": he is the pirate.
_OF_A_KIND = re.compile(
    r"^.{0,24}?\b(pirate|knight|princess|prince|wizard|witch|superhero|astronaut|fairy|mermaid|explorer|cowboy|ninja) "
    r"(?:story|book|tale|adventure) for (?:(?:my|our) (?:\w+ ){0,2}?)?([A-Z][^\W\d_]+)(?= ?[.,!]| who|$| about)"
)
# "something for my grandchildren Elsie, Bertie and Wilf about a magic caravan": it is they who find it.
_FOR_SEVERAL = re.compile(
    r"^.{0,40}?\b(?:story|book|tale|poem|something) for (?:(?:my|our) (?:\w+ ){0,2})?"
    r"((?:[A-Z][^\W\d_]+, )*[A-Z][^\W\d_]+ and [A-Z][^\W\d_]+) about "
    r"((?:an?|the) (?:[a-z’-]+ ){0,3}[a-z’-]+)(?=[.!?]|$)"
)
_FOR_SOMEBODY = re.compile(
    r"^.{0,40}?\b(?:story|book|tale) for (?:my (?:\w+ )?)?([A-Z][^\W\d_]+)"
    r"(?:,? who .{1,40}?,)? about ((?!an? |the |how ).+)"
)
# "… for my class of five year olds", "… for toddlers"
_AUDIENCE = re.compile(
    r",? (?:to read )?(?:for|to) (?:my |our |the |a )?(?:\w+ ){0,2}?"
    r"(?:class|pupils|students|toddlers|preschoolers|reception|year[ -]olds?|nursery|kindergarten|children|kids)"
    r"(?: of [^.!?]*)?(?=[.!?]*$)",
    re.IGNORECASE,
)
# "no princes, no dragons, just a princess who …"
_NOT_BUT = re.compile(r"^((?:no [^\W\d_]+(?:,| and| or) )+)(?:but )?(?:just|only) ", re.IGNORECASE)
_NOT_A_BUT = re.compile(r"^not (an? [^\W\d_]+),? (?:but )?(?:just|only) ", re.IGNORECASE)
# "He takes me along": who asks is there too.
_TAKES_ME = re.compile(r"\b(takes|took|brings|brought|lets|invites|visits|gives|tells|asks|follows|helps) me\b")
# "She teaches me how to pick locks": it is the child who learns.
_TEACHES_ME = re.compile(r"\b(?:[Ss]he|[Hh]e|[Tt]hey) (?:teach(?:es)?|taught|shows?|showed) me (?:how )?to ")
_KIN_TEACHES_ME = re.compile(
    r"^(?:[Mm]y |[Oo]ur )?([^\W\d_]+(?: [A-Z][^\W\d_]+)?) (?:is teaching|teach(?:es)?|taught|shows?|showed) "
    r"me (?:how )?to "
)
# "A story for Ella's 6th birthday about a unicorn": Ella is in it too.
_BIRTHDAY = re.compile(
    r"^.{0,40}?\b(?i:story|book|tale|present|gift) for (?:(?:my|our) (?:\w+ )?)?([A-Z][^\W\d_]+)"
    r"(?:’s (?:\w+ )?birthday,? |,? (?:who is |aged |age )[^.]{0,24}?(?=about (?:an?|the) )|(?= about (?:an?|the) )) ?"
    r"(?:about|with|in which|where) (.+)"
)
# "a story about me (Freya) and my best friend": Freya is the one who asks.
_ME = re.compile(r"\bme,? (?=[A-Z][a-z]+\b)")
# "My students love volcanoes and want a story about a volcano that sneezes": it is the volcano's story.
_WHO_ASKS = re.compile(
    r"^(?i:(?:my|our|the) (?:[^\W\d_]+ )?[^\W\d_]+ (?:loves?|likes?|adores?) ([^.!?]+?),? (?:and|so) "
    r"(?:they |he |she )?"
    r"(?:all )?(?:wants?|would like|needs?|asked for) (?:an? )?(?:new |funny |little )?"
    r"(?:story|book|tale|poem) (?:about|with|of) )(.+)"
)
_WHO_I_AM = re.compile(
    r"^(?:hello,? |hi,? )?I(?:’m| am)\b[^.]{0,14}?(?:,| and|\.) (?=I (?:want|would|like|need)\b)", re.IGNORECASE
)
_NUMBER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
# "Otto is 5 and he loves trains": the cleaning takes figures away.
_AGES = re.compile(r" (?:who )?(?:is|aged|turning) (?:years old )?(?=(?:and )?(?:he|she|they) |,|\.)", re.IGNORECASE)
_AGES_IN_WORDS = re.compile(
    rf"(?:,? (?:who )?(?:is |who’s )?(?:aged |age |turning |turns |nearly |almost )+{_NUMBER}(?: years old)?"
    rf"|,? (?:who )?is {_NUMBER}(?: years old)?(?= and\b|,|\.)|, {_NUMBER}(?: years old)?(?=,))"
    r"(?: (?:today|tomorrow|soon|next \w+|in \w+|on \w+))?(?: and(?= (?:wants|loves|likes|is|has)\b))?",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(?:,? who)? (?:is|turns|turning|aged|age)(?: years? old)? and (?=(?:wants|loves|likes|is|has)\b)", re.IGNORECASE
)
# "who is nearly 5, loves mermaids": figures are gone by now
_NEARLY = re.compile(r",? who is (?:nearly|almost|just|only|about)? ?,? ?(?=(?:loves|likes|adores|hates|wants)\b)")
# "Our teacher is leaving and we want to say thank you": those who want it are somebody too.
# "Dad lost his job, so we’re opening a stall"
_WE_ARE = re.compile(r"(?<=[a-z])(?:,? (?:and|so|but))(?: now)? (?:we|I)(?:’re|’m| are| am) (?:all )?([^\W\d_]+ing) ")
_OF_A_CHILD = {"have": "has", "don’t want": "doesn’t want", "do not want": "does not want"}
_WE_TOO = re.compile(
    r"(?<=[a-z])(?:(?:,? and| so| but)(?: now)?|\.) (?:[Ww]e|I|i) (?:all )?"
    r"(don’t want|do not want|want|need|decide|hope|try|have(?= to)|sit|miss|like|love)\b"
)


# "a story without any animals about a girl"
_BUT_NO = re.compile(
    r"\b(story|book|tale) (?:without|with no) (?:any |an? )?([^\W\d_]+)(?: please)?,? (about|in which|where|just|only) "
    r"([^.!?]+)",
    re.IGNORECASE,
)
# "my name is Kofi and I am 6 and I want a story about a shark"
_MY_NAME = re.compile(
    r"^(?:hello|hi|hey)?,? ?(?i:my name is|i am called|i’m called) ([A-Z][^\W\d_]+)\b"
    r".*?\b(?:story|book|tale|poem) (?:about|with|of) (.+)"
)


# "I’m Hannah and I have diabetes and I want to be a mermaid"
_I_AM = re.compile(r"(?i:hello,? |hi,? )?(?:I’m|I am|[Mm]y name is) ([A-Z][^\W\d_]+)(?:,? and|,|\.)? (?=I\b)")
_I_HAVE = re.compile(r"\bI (have|want|am|like|love|can|cannot|can’t|live|need)\b")
_THEY_HAVE = {"have": "has", "am": "is", "like": "likes", "love": "loves", "want": "wants", "live": "lives"} | {
    "need": "needs",
    "can": "can",
    "cannot": "cannot",
    "can’t": "can’t",
}


def unframed(text: str) -> str:
    """``text`` without what asks for it; a text that asks for nothing comes back as it was."""
    text = _told_by_a_child(text)
    own = _I_AM.match(text)
    if own and not re.search(r"\b(?:story|book|tale|poem)\b", text):
        text = _I_HAVE.sub(lambda m: _THEY_HAVE[m[1].lower()], f"{own[1]} {text[own.end() :]}")
    text = _MY_NAME.sub(r"\2. \1.", _BUT_NO.sub(_but_no, text))
    text = _OF_A_KIND.sub(r"\2, a \1", text)
    text = _FOR_SEVERAL.sub(r"\1 find \2", text)
    text = _BIRTHDAY.sub(r"\2. \1.", _WHO_I_AM.sub("", text))
    text = _WHO_ASKS.sub(_asked_for, text)
    asks = _FRAME.match(text)
    text = _AUDIENCE.sub("", text) if asks and asks.end() else text
    text = _FOR_SOMEBODY.sub(r"\1 loves \2", _request_first(text))
    text = _without_frame(_KIND_AND_COLON.sub("", text))
    text = _FOR_A_NAME.sub("", text)
    text = _NEARLY.sub(" who ", text)
    text = _YEARS.sub(" who ", _AGES_IN_WORDS.sub(_who, text))
    text = _ME.sub("", text)
    denied = _NOT_BUT.match(text)
    text = f"{text[denied.end() :]}. {_there_are_none(denied[1])}" if denied else text
    other = _NOT_A_BUT.match(text)
    text = f"{text[other.end() :]}. It is not {other[1]}." if other else text
    text = re.sub(r"\bwith (?:us|me)\b", "with a child", text)
    text = _TAKES_ME.sub(r"\1 a child", text)
    text = _KIN_TEACHES_ME.sub(r"A child and \1. The child wants to learn to ", text)
    text = _TEACHES_ME.sub("A child wants to learn to ", text)
    text = _WE_ARE.sub(lambda m: f". a child {third_person(base_of(m[1]) or m[1])} ", text)
    return _WE_TOO.sub(lambda m: f". a child {_OF_A_CHILD.get(m[1]) or third_person(m[1])}", text)


# "we are moving house", "I found an egg in my sock drawer": whoever asks is the hero.
_TOLD_BY_A_CHILD = re.compile(
    r"^(?:one day,? |yesterday,? |last night,? |today,? )?(?:I|we)(?: (?=[^\W\d_])|(?=’))(?!(?:want|would like"
    r"|need|’d like)"
    r" (?:an? |the |you |some |to (?:read|hear|have) )(?:\w+ ){0,2}(?:story|book|tale|poem)?\b)",
    re.IGNORECASE,
)
_OF_THEM = {
    "am": "is",
    "are": "is",
    "have": "has",
    "’m": "is",
    "’re": "is",
    "’ve": "has",
    "do": "does",
    "don’t": "doesn’t",
}
_FINITE = ("was", "were", "had", "did", "can", "cannot", "can’t", "will", "won’t", "could", "must", "never", "didn’t")


def _told_by_a_child(text: str) -> str:
    """``We are moving house`` → ``A child is moving house``; whatever asks for a book stays."""
    found = _TOLD_BY_A_CHILD.match(text)
    if found is None or re.search(r"\b(?:story|book|tale|poem)\b", text):
        return text
    verb, _, rest = text[found.end() :].partition(" ")
    base = base_of(verb)
    is_plain = base == verb.lower() and base is not None
    told = _OF_THEM.get(verb) or (third_person(base) if is_plain and base and verb not in _FINITE else verb)
    rest = re.sub(r"\b(?:I|we) (?=[^\W\d_])", "they ", rest)
    return f"A child {told} {rest}"


def without_ages(text: str) -> str:
    """``Otto is and he loves trains`` → ``Otto and he loves trains``: what the cleaning left of an age."""
    return _AGES.sub(" ", text)


def _but_no(found: re.Match[str]) -> str:
    """``a story with no animals, just a girl`` → ``story about a girl. There are no animals``."""
    lead = "about" if found[3].lower() in ("just", "only") else found[3]
    return f"{found[1]} {lead} {found[4]}. There are no {found[2]}"


def _asked_for(found: re.Match[str]) -> str:
    """What the story is to be about; with what is loved besides, where one thing alone would be no story."""
    is_story = len(found[2].split()) > 3
    return found[2] if is_story else f"A child loves {found[1]} and {found[2]}"


def _there_are_none(denied: str) -> str:
    """``no princes, no dragons,`` → ``There are no princes. There are no dragons.``"""
    return " ".join(f"There are no {word}." for word in re.findall(r"\bno ([^\W\d_]+)", denied, re.IGNORECASE))


def _who(age: re.Match[str]) -> str:
    """What is left of an age: nothing, or a "who" for the clause that went on from it."""
    return " who" if age[0].rstrip().endswith("and") else ""


def _request_first(text: str) -> str:
    """``My class loves frogs. Please write about a toad`` with the request first, and what came before after it."""
    parts = re.split(r"(?<=[.!?])\s+", text)
    at = next((n for n, part in enumerate(parts) if n and _REQUEST.match(part)), 0)
    return " ".join([*parts[at:], *parts[:at]])


def _without_frame(text: str) -> str:
    if _CONDITIONAL.match(text):
        return text
    found = _FRAME.match(text)
    rest = text[found.end() :] if found else text
    once = _ONCE.match(rest)
    rest = rest[once.end() :] if once else rest
    return rest if len(rest.split()) > 1 or (found and rest) else text

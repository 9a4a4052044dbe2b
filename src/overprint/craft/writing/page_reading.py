"""Reads one page's text for its picture: who is on it, what each does, feels and holds, and what else is there.

Works on anybody's text, so a person's edit changes the picture: "Mira sat down in the boat" seats her in it.
"""

import re
from dataclasses import dataclass, field

from overprint.core.scene import Expression, Pose, PropKind, RelationKind
from overprint.core.story import Character, Pronouns
from overprint.craft.writing.language import PRONOUNS, base_of, sentences
from overprint.craft.writing.vocabulary import lexicon, stage_words

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_UNREAL = {"not", "never", "to", "would", "could", "might", "cannot", "should", "must", "if", "no", "nobody", "without", "wanted", "didn’t", "didn't", "couldn’t", "couldn't", "wouldn’t", "than", "nor", "will", "shall", "can"}  # fmt: skip
_HOLDING = {"hold", "carry", "lift", "clutch", "grip", "grab", "raise", "take", "pick", "catch", "give", "wave", "fly", "tie", "bring", "light", "open", "put", "wear", "read", "find", "keep", "fetch"}
_HELD = {PropKind.LANTERN, PropKind.BALLOON, PropKind.BOOK, PropKind.KITE, PropKind.UMBRELLA, PropKind.STAR, PropKind.KEY, PropKind.MAP, PropKind.FLOWER, PropKind.BASKET, PropKind.LETTER}


@dataclass(slots=True)
class Part:
    """What the page says of one character; ``None`` where it says nothing."""

    character: Character
    pose: Pose | None = None
    expression: Expression | None = None
    holding: PropKind | None = None


@dataclass(slots=True)
class PageReading:
    """``parts`` in order of appearance; ``relations`` between ids and prop kinds."""

    parts: list[Part] = field(default_factory=list)
    props: list[PropKind] = field(default_factory=list)
    relations: list[tuple[str, RelationKind, str]] = field(default_factory=list)

    def part(self, character: Character) -> Part | None:
        return next((part for part in self.parts if part.character.id == character.id), None)


def names_of(character: Character, everybody: tuple[Character, ...]) -> list[str]:
    """What a character is called on a page: the name, its last word, and "the fox" while there is only one."""
    words = character.name.split()
    names = [character.name, *(word for word in words if len(words) > 1 and len(word) > 3 and word.lower() not in lexicon().beings)]
    kinds = [other.noun for other in everybody]
    if character.noun and kinds.count(character.noun) == 1:
        names.append(f"the {character.noun}")
    return names


def is_named(character: Character, everybody: tuple[Character, ...], text: str) -> bool:
    return any(_position(name, text) >= 0 for name in names_of(character, everybody))


def _position(name: str, text: str) -> int:
    flags = re.IGNORECASE if name.startswith("the ") else 0
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags)
    return found.start() if found else -1


def read_page(paragraphs: tuple[str, ...], everybody: tuple[Character, ...]) -> PageReading:
    """What the words of a page say to draw."""
    text = " ".join(paragraphs)
    present = sorted((min(p for name in names_of(c, everybody) if (p := _position(name, text)) >= 0), n) for n, c in enumerate(everybody) if is_named(c, everybody, text))
    reading = PageReading([Part(everybody[n]) for _, n in present], props_in(text))
    last: dict[Pronouns, Part] = {}
    for sentence in sentences(text):
        _read_sentence(_without_speech(sentence), reading, everybody, last)
    return reading


def _without_speech(sentence: str) -> str:
    """What is said aloud is not done; it is left out."""
    return re.sub(r"“[^”]*”?|^[^“]*”", " , ", sentence)


def _read_sentence(sentence: str, reading: PageReading, everybody: tuple[Character, ...], last: dict[Pronouns, Part]) -> None:
    subjects = _subjects(sentence, reading, everybody, last)
    words = [(m.start(), m[0].lower()) for m in _WORD.finditer(sentence)]
    for n, (position, word) in enumerate(words):
        acting = [part for start, part in subjects if start <= position]
        if not acting or {w for _, w in words[max(0, n - 3) : n]} & _UNREAL:
            continue
        group = _group(sentence, subjects, position) or acting[-1:]
        for part in group:
            _note(part, word, words, n, reading)
    _note_relations(sentence, subjects, reading)


def _subjects(sentence: str, reading: PageReading, everybody: tuple[Character, ...], last: dict[Pronouns, Part]) -> list[tuple[int, Part]]:
    """Where in a sentence each character, or a pronoun for them, stands."""
    found: list[tuple[int, Part]] = []
    for part in reading.parts:
        for name in names_of(part.character, everybody):
            flags = re.IGNORECASE if name.startswith("the ") else 0
            found += [(m.start(), part) for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w|’s\b)", sentence, flags)]
    for _, part in sorted(found, key=lambda pair: pair[0]):
        last[part.character.pronouns] = part
    for pronouns, part in last.items():
        subject = PRONOUNS[pronouns].subject
        found += [(m.start(), part) for m in re.finditer(rf"\b{subject}\b", sentence, re.IGNORECASE) if pronouns in (Pronouns.SHE, Pronouns.HE)]
    if re.search(r"\bthey\b", sentence, re.IGNORECASE):
        start = re.search(r"\bthey\b", sentence, re.IGNORECASE)
        found += [(start.start(), part) for part in reading.parts[:3]] if start else []
    return sorted({(position, part.character.id): (position, part) for position, part in found}.values(), key=lambda pair: pair[0])


def _group(sentence: str, subjects: list[tuple[int, Part]], position: int) -> list[Part]:
    """``Mira and Soot sat``: all of those joined by "and" directly before the verb."""
    before = [(start, part) for start, part in subjects if start <= position]
    group = before[-1:]
    for start, part in reversed(before[:-1]):
        between = sentence[start : group[0][0]]
        if start == group[0][0] or re.fullmatch(r"[\w’ ]+?(?: and|,) ", between) and len(between.split()) <= 4:
            group.insert(0, (start, part))
        else:
            break
    return [part for _, part in group]


def _note(part: Part, word: str, words: list[tuple[int, str]], n: int, reading: PageReading) -> None:
    stage, base = stage_words(), base_of(word) or word
    pose = stage.poses.get(base)
    if pose is not None and base_of(word) is not None and not (pose is Pose.READ and word == "read" and PropKind.BOOK not in reading.props and PropKind.LETTER not in reading.props and PropKind.MAP not in reading.props):
        part.pose = part.pose if part.pose in (Pose.SIT, Pose.SLEEP, Pose.FLY, Pose.HUG, Pose.READ) and pose in (Pose.HOLD, Pose.WALK) else pose
    feeling = stage.expressions.get(word) or stage.expressions.get(base)
    if feeling is not None:
        part.expression = feeling
    if base in _HOLDING:
        following = [w for _, w in words[n + 1 : n + 8]]
        held = next((kind for w in following if (kind := lexicon().props.get(w)) in _HELD and w not in ("light", "lights", "fire")), None)
        if held is not None and part.holding is None:
            part.holding = held


def _note_relations(sentence: str, subjects: list[tuple[int, Part]], reading: PageReading) -> None:
    inside = re.search(r"\b(?:in|into|aboard|inside) (?:the|her|his|their|its|a|an|[\w’]+’s) (?:\w+ ){0,3}?(boat|ship|raft|balloon|basket|bed)\b", sentence, re.IGNORECASE)
    if inside and inside[1].lower() != "bed":
        kind = lexicon().props[inside[1].lower()]
        for start, part in subjects:
            if start < inside.start():
                reading.relations.append((part.character.id, RelationKind.IN, kind.value))
    patterns = (
        (RelationKind.FOLLOWING, r"\b(?:followed|behind|after)\b"),
        (RelationKind.BESIDE, r"\b(?:beside|next to|together with|side by side)\b"),
        (RelationKind.FACING, r"\b(?:looked at|turned to|faced|asked|told|stared at)\b"),
    )
    for kind_of, pattern in patterns:
        found = re.search(pattern, sentence)
        before = [part for start, part in subjects if found and start < found.start()]
        after = [part for start, part in subjects if found and start > found.start()]
        if before and after and before[-1] is not after[0]:
            reading.relations.append((before[-1].character.id, kind_of, after[0].character.id))


def props_in(text: str) -> list[PropKind]:
    """Things a page speaks of as being there, in order, at most four."""
    low, found = text.lower(), dict[PropKind, int]()
    for word, kind in lexicon().props.items():
        if word in ("light", "fire", "books", "message", "comet", "chart", "stars", "doors", "doorway", "gate"):
            continue
        for m in re.finditer(rf"\b{re.escape(word)}\b", low):
            if not re.search(r"\b(?:no|not|without|like|never)\b[^.,;!?]{0,12}$", low[max(0, m.start() - 24) : m.start()]):
                found[kind] = min(found.get(kind, m.start()), m.start())
    return sorted(found, key=lambda kind: found[kind])[:4]

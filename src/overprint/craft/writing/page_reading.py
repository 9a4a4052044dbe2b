"""Reads one page's text for its picture: who is on it, what each does, feels and holds, and what else is there.

Works on anybody's text, so a person's edit changes the picture: "Mira sat down in the boat" seats her in it.
"""

import re
from dataclasses import dataclass, field

from overprint.core.scene import Expression, Pose, PropKind, RelationKind
from overprint.core.story import Character, Pronouns
from overprint.craft.writing.language import PRONOUNS, base_of, sentences
from overprint.craft.writing.vocabulary import lexicon, stage_words, word_set

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_UNREAL = word_set(
    "not never to would could might cannot should must if no nobody without wanted than nor will shall "
    "can didn’t didn't couldn’t couldn't wouldn’t wouldn't"
)
_HOLDING = word_set(
    "hold carry lift clutch grip grab raise take pick catch give wave fly tie bring light open put wear "
    "read find keep fetch"
)
_DETERMINERS = word_set("the a an his her its their")
_NOT_HELD = {PropKind.BOAT, PropKind.CAMPFIRE, PropKind.DOOR}
_INVERTED_WORDS = 3  # "up on the wall sat Soot": how soon after the verb its subject comes
_WITH = re.compile(r"\bwith (?:the|a|an|her|his|its|their) (?:[\w’-]+ ){0,2}?([\w’-]+)", re.IGNORECASE)
_ASLEEP = re.compile(r"\b(?:asleep|(?:went|gone|drifted|fell) to sleep)\b", re.IGNORECASE)
_ACTIVE = (Pose.SIT, Pose.SLEEP, Pose.FLY, Pose.HUG, Pose.READ)
_BUSY = (*_ACTIVE, Pose.WAVE, Pose.POINT, Pose.CHEER, Pose.RUN, Pose.JUMP, Pose.REACH)
_NOT_THINGS = word_set("light fire books message comet chart stars doors doorway gate")


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


def names_of(character: Character, nearby: tuple[Character, ...]) -> list[str]:
    """What a character is called on a page: the name, a word of it, and "the fox" while only one fox is ``nearby``."""
    words = character.name.split()
    names = [
        character.name,
        *(word for word in words if len(words) > 1 and len(word) > 3 and word.lower() not in lexicon().beings),
    ]
    kinds = [other.noun for other in nearby]
    if character in nearby and character.noun and kinds.count(character.noun) == 1:
        names.append(f"the {character.noun}")
    return names


def is_named(character: Character, nearby: tuple[Character, ...], text: str) -> bool:
    return any(_position(name, text) >= 0 for name in names_of(character, nearby))


def _position(name: str, text: str) -> int:
    flags = re.IGNORECASE if name.startswith("the ") else 0
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, flags)
    return found.start() if found else -1


def read_page(
    paragraphs: tuple[str, ...],
    everybody: tuple[Character, ...],
    nearby: tuple[Character, ...] | None = None,
    pair: tuple[Character, ...] = (),
) -> PageReading:
    """What the words of a page say to draw. Those ``nearby`` (all, if not given) may be meant by "the fox"; "they" are
    at least the ``pair``, even where only one of them is named."""
    text, near = " ".join(paragraphs), everybody if nearby is None else nearby
    found = [(_first_position(character, near, text), character) for character in everybody]
    present = sorted(((position, n) for n, (position, _) in enumerate(found) if position >= 0))
    reading = PageReading([Part(everybody[n]) for _, n in present], props_in(text))
    if re.search(r"\b(?:they|both)\b", text, re.IGNORECASE):
        for character in pair:
            if reading.part(character) is None and len(reading.parts) < 2:
                reading.parts.append(Part(character))
    last: dict[Pronouns, Part] = {}
    for sentence in sentences(text):
        _read_sentence(_without_speech(sentence), reading, near, last)
    return reading


def _first_position(character: Character, nearby: tuple[Character, ...], text: str) -> int:
    positions = [_position(name, text) for name in names_of(character, nearby)]
    return min((position for position in positions if position >= 0), default=-1)


def _without_speech(sentence: str) -> str:
    """What is said aloud is not done; it is left out."""
    return re.sub(r"“[^”]*”?|^[^“]*”", " , ", sentence)


def _read_sentence(
    sentence: str, reading: PageReading, everybody: tuple[Character, ...], last: dict[Pronouns, Part]
) -> None:
    subjects = _subjects(sentence, reading, everybody, last)
    words = [(m.start(), m[0].lower()) for m in _WORD.finditer(sentence)]
    for n, (position, word) in enumerate(words):
        inverted = _after_the_verb(words, n, subjects)
        if _is_noun(words, n) or (not inverted and _is_somebody_elses(sentence, words, n, subjects)):
            continue
        acting = [part for start, part in subjects if start <= position] or inverted
        if not acting or {w for _, w in words[max(0, n - 3) : n]} & _UNREAL:
            continue
        group = _group(sentence, subjects, position) or acting[-1:]
        for part in group:
            _note(part, word, words, n, reading)
    _note_sleep_and_company(sentence, subjects)
    _note_relations(sentence, subjects, reading)


def _is_noun(words: list[tuple[int, str]], n: int) -> bool:
    """``in a row``, ``shook hands``: no deed."""
    return words[n][1] == "hands" or (n > 0 and words[n - 1][1] in _DETERMINERS)


def _after_the_verb(words: list[tuple[int, str]], n: int, subjects: list[tuple[int, Part]]) -> list[Part]:
    """``Up on the wall sat Soot``: the subject of a verb that comes first, a finite one."""
    if words[n][1].endswith("ing") or base_of(words[n][1]) in (None, words[n][1]):
        return []
    if subjects and subjects[0][0] < words[n][0]:
        return []
    soon = {start for start, _ in words[n + 1 : n + 1 + _INVERTED_WORDS]}
    return [part for start, part in subjects[:1] if start in soon]


def _note_sleep_and_company(sentence: str, subjects: list[tuple[int, Part]]) -> None:
    """What somebody is rather than does: ``he was asleep``, ``she came out with a telescope``."""
    asleep = _ASLEEP.search(sentence)
    if asleep and not _UNREAL - {"to"} & set(sentence[: asleep.start()].lower().split()[-3:]):
        for part in [part for start, part in subjects if start < asleep.start()][-1:]:
            part.pose = Pose.SLEEP
    for found in _WITH.finditer(sentence):
        kind = lexicon().props.get(found[1].lower())
        for part in [part for start, part in subjects if start < found.start()][-1:] or [p for _, p in subjects[:1]]:
            if kind is not None and kind not in _NOT_HELD and part.holding is None:
                part.holding = kind


def _is_somebody_elses(sentence: str, words: list[tuple[int, str]], n: int, subjects: list[tuple[int, Part]]) -> bool:
    """``Mira told a story, and the ember sat up``: it was not Mira who sat."""
    if n and "," in sentence[words[n - 1][0] : words[n][0]]:
        return False
    if n < 2 or words[n - 2][1] not in _DETERMINERS or base_of(words[n][1]) is None:
        return False
    return (
        all(start not in (words[n - 2][0], words[n - 1][0]) for start, _ in subjects) and words[n - 1][1][-2:] != "ly"
    )


def _subjects(
    sentence: str, reading: PageReading, everybody: tuple[Character, ...], last: dict[Pronouns, Part]
) -> list[tuple[int, Part]]:
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
        found += [
            (m.start(), part)
            for m in re.finditer(rf"\b{subject}\b", sentence, re.IGNORECASE)
            if pronouns in (Pronouns.SHE, Pronouns.HE)
        ]
    if re.search(r"\bthey\b", sentence, re.IGNORECASE):
        start = re.search(r"\bthey\b", sentence, re.IGNORECASE)
        found += [(start.start(), part) for part in reading.parts[:3]] if start else []
    return sorted(
        {(position, part.character.id): (position, part) for position, part in found}.values(), key=lambda pair: pair[0]
    )


def _group(sentence: str, subjects: list[tuple[int, Part]], position: int) -> list[Part]:
    """``Mira and Soot sat``: all of those joined by "and" directly before the verb."""
    before = [(start, part) for start, part in subjects if start <= position]
    group = before[-1:]
    for start, part in reversed(before[:-1]):
        between = sentence[start : group[0][0]]
        if start == group[0][0] or (re.fullmatch(r"[\w’ ]+?(?: and|,) ", between) and len(between.split()) <= 4):
            group.insert(0, (start, part))
        else:
            break
    return [part for _, part in group]


def _note(part: Part, word: str, words: list[tuple[int, str]], n: int, reading: PageReading) -> None:
    stage, base = stage_words(), base_of(word) or word
    pose = stage.poses.get(base)
    if (
        pose is not None
        and base_of(word) is not None
        and not (
            pose is Pose.READ
            and word == "read"
            and PropKind.BOOK not in reading.props
            and PropKind.LETTER not in reading.props
            and PropKind.MAP not in reading.props
        )
    ):
        part.pose = (
            part.pose
            if part.pose in (_BUSY if pose is Pose.HOLD else _ACTIVE) and pose in (Pose.HOLD, Pose.WALK)
            else pose
        )
    feeling = stage.expressions.get(word) or stage.expressions.get(base)
    if feeling is not None:
        part.expression = feeling
    if base in _HOLDING:
        following = [w for _, w in words[n + 1 : n + 8]]
        held = next(
            (
                kind
                for w in following
                if (kind := lexicon().props.get(w)) not in (None, *_NOT_HELD) and w not in ("light", "lights", "fire")
            ),
            None,
        )
        if held is not None and part.holding is None:
            part.holding = held


def _note_relations(sentence: str, subjects: list[tuple[int, Part]], reading: PageReading) -> None:
    inside = re.search(
        r"\b(?:in|into|aboard|inside) (?:the|her|his|their|its|a|an|[\w’]+’s) (?:\w+ ){0,3}?"
        r"(boat|ship|raft|balloon|basket|bed)\b",
        sentence,
        re.IGNORECASE,
    )
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
        if word in _NOT_THINGS or word not in low:
            continue
        for m in re.finditer(rf"\b{re.escape(word)}\b", low):
            if not re.search(
                r"\b(?:no|not|without|like|never)\b[^.,;!?]{0,12}$", low[max(0, m.start() - 24) : m.start()]
            ):
                found[kind] = min(found.get(kind, m.start()), m.start())
    return sorted(found, key=lambda kind: found[kind])[:4]

"""What a film is made of beside a sentence: a script that a person wrote, or a finished story."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from overprint.core.codec import Json, decode
from overprint.core.files import StoredFile
from overprint.core.film import (
    SCENES_MAX,
    SECONDS_MAX,
    SECONDS_MIN,
    WORDS_MAX,
    Card,
    FilmBrief,
    Storyboard,
    scenes_most,
)
from overprint.core.language import language_of
from overprint.core.problems import Invalid, LimitReached
from overprint.core.story import PREMISE_MIN_CHARACTERS, ChapterText, Outline
from overprint.core.story_checks import sheets_wanted
from overprint.core.told import Told
from overprint.core.words import clean_text, says_something
from overprint.craft.narration import Pace, sentences, spoken_seconds, told_within
from overprint.features.videos import rules

SCRIPT_MAX_CHARACTERS = 20_000
_HEADING = re.compile(r"\s*(?:#+\s|(?:scene|szene|scène|escena)\s+\d+\b|(?:int|ext)\.)", re.IGNORECASE)
_SAYS = re.compile(r"\s*([^\W\d_][\w .'’-]{0,38}?)\s*:\s+(\S.*)")
# How a line of a script is told: said, and asked.
_VERBS = {"en": ("said", "asked"), "de": ("sagte", "fragte"), "fr": ("dit", "demanda"), "es": ("dijo", "preguntó")}
_MARKS = '“”"„«»'


def script_of(text: str) -> tuple[str, ...]:
    """The words of each scene of a script. Scenes are parted by empty lines or headings (``Scene 2``, ``INT. …``,
    ``# …``); what is in square or round brackets on a line of its own is not said; ``NAME: words`` is said by them.

    A scene whose words are too long for one becomes several. Raises ``Invalid`` for a script that says nothing, and
    ``LimitReached`` for one that is too long.
    """
    if len(text) > SCRIPT_MAX_CHARACTERS:
        raise LimitReached(f"A script has at most {SCRIPT_MAX_CHARACTERS} characters.", "Make two films of it.")
    language = language_of(text)
    told = [" ".join(_told(line, language) for line in lines) for lines in _scenes(text)]
    parts = (part for words in told for part in _parted(words, language))
    script = tuple(filter(says_something, parts))
    check_script(script)
    return script


def premise_of(title: str) -> str:
    """What stands for a premise where a story is filmed. Titles may be shorter than a premise: they stand quoted."""
    return title if len(title) >= PREMISE_MIN_CHARACTERS else f"“{title}”"


def parted(script: Sequence[str], words_most: int) -> tuple[str, ...]:
    """Scenes that say more than so many letters become several. Raises as ``script_of``."""
    language = language_of(" ".join(script))
    parts = tuple(part for words in script for part in _parted(words, language, words_most))
    check_script(parts)
    return parts


def check_script(script: Sequence[str]) -> None:
    """Raises as ``script_of``."""
    if not script or not all(map(says_something, script)):
        raise Invalid("This script says nothing.", "Write what is said in each scene.", field="script")
    if any(len(words) > WORDS_MAX for words in script):
        raise LimitReached(f"A scene says at most {WORDS_MAX} letters.", "Make several scenes of it.")
    if len(script) > SCENES_MAX or script_seconds(script, at_most=math.inf) > SECONDS_MAX:
        raise LimitReached(
            f"A film has at most {SCENES_MAX} scenes and lasts at most {SECONDS_MAX} seconds.",
            "Shorten the script, or make two films of it.",
        )


def script_seconds(script: Sequence[str], at_most: float = SECONDS_MAX) -> int:
    """How long a film lasts in which all this is said, about."""
    return round(min(at_most, max(SECONDS_MIN, math.ceil(sum(map(spoken_seconds, script))))))


def _scenes(text: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for line in [*text.splitlines(), ""]:
        is_heading = bool(_HEADING.match(line))
        if lines and (is_heading or not line.strip()):
            yield lines
            lines = []
        is_direction = line.strip()[:1] in ("[", "(") and line.strip()[-1:] in ("]", ")")
        if line.strip() and not is_heading and not is_direction:
            lines.append(line)


def _told(line: str, language: str) -> str:
    """A line as a story tells it, so that it is heard who speaks, and by whom."""
    found = _SAYS.fullmatch(line.rstrip())
    if found is None:
        return clean_text(line)
    name, words = clean_text(found[1]), clean_text(found[2]).strip(_MARKS)
    said, asked = _VERBS.get(language, _VERBS["en"])
    if name.isupper():
        name = name.title()
    end = words[-1:]
    spoken = words[:-1] + "," if end == "." else words if end in "!?…" else words + ","
    return f"“{spoken}” {asked if end == '?' else said} {name}."


def _parted(words: str, language: str, words_most: int = WORDS_MAX) -> Iterator[str]:
    """By sentences, each part as long as one scene's words may be."""
    part = ""
    for first, last in sentences(words, language):
        sentence = words[first:last].strip()
        if part and len(part) + 1 + len(sentence) > words_most:
            yield part
            part = ""
        part = f"{part} {sentence}".strip()
        while len(part) > words_most:
            cut = part.rfind(" ", 0, words_most) + 1 or words_most
            yield part[:cut].strip()
            part = part[cut:]
    if part:
        yield part


def scripted_in(outline: Outline, text: ChapterText) -> tuple[Outline, ChapterText]:
    """As ``rules.told_in`` for what a person wrote: every word is said, whatever time it takes."""
    beats, script = outline.chapters[0].beats, [page.paragraphs[0] for page in text.pages]
    shown = tuple(replace(beats[n * len(beats) // len(script)], summary=said) for n, said in enumerate(script))
    return replace(outline, chapters=(replace(outline.chapters[0], beats=shown),)), text


def retold(told: Told, brief: FilmBrief, picture: StoredFile | None = None) -> Storyboard:
    """A finished story as a storyboard: as much of it as fits the film. ``picture``: a person's own, for the first
    scene. Raises ``Invalid`` for a story without pictures."""
    pages = [page for page in told.pages if says_something(page.words)]
    if not pages:
        raise Invalid("There is nothing in this book that can be filmed.", "Make it first, with its pictures.")
    words = [page.words for page in pages]
    pace = Pace(scenes_most(brief.seconds, brief.scene_seconds), brief.scene_seconds)
    chosen = told_within(words, brief.seconds, pace, language_of(" ".join(words)))
    lengths = rules.lengths_for([said for _, said in chosen], brief.seconds)
    scenes = [pages[number].scene for number, _ in chosen]
    cards = tuple(
        Card(
            words=said,
            scene=rules.framed(scene),
            move=rules.move_for(place, len(scenes), scene.camera.shot, brief.camera),
            seconds=long,
            sheets={who: told.sheets[who] for who in sheets_wanted(scene)},
            id=place + 1,
            picture=None if place else picture,
        )
        for place, ((_, said), scene, long) in enumerate(zip(chosen, scenes, lengths, strict=True))
    )
    return Storyboard(brief.title or clean_text(told.title), cards, told.people)


# What the documented settings of a job are called in a film's brief; and which name files of the library.
_SETTINGS = {"aspect_ratio": "aspect", "duration": "seconds", "resolution": "definition"}
_FILES = {"picture_id": "picture", "driving_id": "driving", "lut_id": "lut"}
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


def prompted(
    prompt: str, look: Mapping[str, Json], settings: Mapping[str, Json]
) -> tuple[FilmBrief, Mapping[str, UUID]]:
    """A film of a prompt in the ``look`` of a preset, and the assets that it is made of, by what they are for;
    ``settings`` go before the preset, by the names of a brief's fields or the documented ones, in either way of
    writing them. Raises ``Invalid``."""
    said = {_CAPITAL.sub("_", name).lower(): value for name, value in settings.items()}
    named = {_FILES[name]: value for name, value in said.items() if name in _FILES and value is not None}
    told = {_SETTINGS.get(name, name): value for name, value in said.items() if name not in _FILES}
    brief = decode(FilmBrief, {**look, **told, "premise": prompt}, at="settings")
    return brief, {name: decode(UUID, value, at="settings") for name, value in named.items()}

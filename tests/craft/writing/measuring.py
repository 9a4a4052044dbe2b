"""Books for the tests, forty premises of many kinds, and how a text is measured."""

import re
from dataclasses import dataclass
from functools import cached_property

from overprint.core.scene import Scene
from overprint.core.story import Brief, ChapterTask, ChapterText, Plan, PlanTask, ScenesTask
from overprint.craft.writing.language import sentences, word_count
from overprint.craft.writing.planning import plan
from overprint.craft.writing.staging import scenes
from overprint.craft.writing.telling import write
from overprint.craft.writing.verse import syllables

PREMISES = [
    "Mira is not a witch, but her cat Soot might be. She wants to sail to the moon in a paper boat.",
    "A grandmother who wants to learn to skateboard",
    "A robot who wants to know what crying is",
    "wants more time",
    "A lighthouse at the end of the world",
    "An old teapot that nobody uses any more",
    "A cow who wants to be a moosician",
    "Twins Ada and Ben who do everything together, until only one can be captain",
    "Ana and Luis have quarrelled and neither will say sorry",
    "Nina is scared of the first day of school",
    "A postwoman on a tiny island delivers letters in a storm",
    "A dragon who can't breathe fire",
    "Leo wants to win the race",
    "A hedgehog looking for a friend",
    "Tom and his sister Nell want to build a rocket, but they have no money",
    "A boy wants silence",
    "Grandpa Joe has lost his hat and wants to find it",
    "The baker's daughter wants to be a knight",
    "A doctor in a hospital for toys",
    "A small bear doesn't want to go to bed.",
    "Captain Rosa and her parrot, Beak, sail to the end of the sea.",
    "Zuri the giraffe wants a hat that fits. Her friend Bo is a very small elephant.",
    "A fox wants to find out who rings the bell at midnight",
    "Sam, who is never late, must learn to whistle.",
    "Two dragons open a bakery in a small village.",
    "A lost red umbrella wants to find its owner",
    "Old Mr Finch, a clockmaker, wants to mend the town clock. His granddaughter Pip never stops talking.",
    "In a snowy winter forest, a mouse carries a letter to a lighthouse.",
    "A knight who is afraid of mice must rescue a princess from a dragon",
    "Ines misses her best friend Kofi",
    "A pirate who hates water wants to sail around the world",
    "Bram and Nell and Otto the owl look for the last snowflake. There is no rain.",
    "A bus driver who drives the night bus",
    "A shy fox wants to sing with the birds",
    "Juniper, a wolf, must deliver a birthday cake to the top of the mountain",
    "A girl who is afraid of the dark",
    "A penguin wants to see Africa",
    "Ada wants to help her grandmother, who has forgotten everything",
    "asdf",
    "林林 wants to go to the moon with a fox",
]


@dataclass(frozen=True)
class Told:
    """A whole book: its plan, its words and its pictures."""

    brief: Brief
    plan: Plan
    chapters: tuple[ChapterText, ...]
    seed: int

    @cached_property
    def scenes(self) -> tuple[Scene, ...]:
        outline = self.plan.outline
        each = (scenes(ScenesTask(outline, n, text), self.seed).scenes for n, text in enumerate(self.chapters))
        return tuple(scene for chapter in each for scene in chapter)

    @cached_property
    def pages(self) -> list[str]:
        return ["\n".join(page.paragraphs) for chapter in self.chapters for page in chapter.pages]

    @cached_property
    def words(self) -> int:
        return sum(word_count(page) for page in self.pages)

    @cached_property
    def sentences(self) -> list[str]:
        paragraphs = [p for chapter in self.chapters for page in chapter.pages for p in page.paragraphs]
        return [sentence for paragraph in paragraphs for sentence in sentences(paragraph)]


def tell(brief: Brief, seed: int = 1) -> Told:
    planned = plan(PlanTask(brief), seed)
    outline = planned.outline
    chapters = tuple(
        write(ChapterTask(outline, n, brief.age, brief.tone, brief.genre), seed) for n in range(len(outline.chapters))
    )
    return Told(brief, planned, chapters, seed)


def grade(book: Told) -> float:
    """The Flesch-Kincaid grade of a book: about the school year in which it is read with ease."""
    words = re.findall(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*", " ".join(book.pages))
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(book.sentences) + 11.8 * spoken / len(words) - 15.59

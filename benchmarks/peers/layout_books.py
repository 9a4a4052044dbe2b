"""The books that ``benchmarks.layout`` sets, written by the embedded writer and drawn by the embedded illustrator.

A book is a folder with ``book.json``: title, trim, and chapters of pages, each with paragraphs and perhaps the name of
a picture in the folder.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from overprint.core.book import picture_size_px
from overprint.core.story import Age, Brief, ChapterTask, Genre, Outline, PlanTask, ScenesTask, Trim
from overprint.craft.drawing import Order, delivery, draw_bytes, order_bytes
from overprint.craft.writing.planning import plan
from overprint.craft.writing.staging import scenes
from overprint.craft.writing.telling import write

PREMISES = (
    "A shy fox wants to fly a lantern boat to the moon",
    "Two brothers sail a bathtub to the end of the sea",
    "A robot gardener wants to grow a star in the desert",
    "Mira is not a witch, but her cat Soot might be one",
)
NOVEL_WORDS = 105_000
PICTURES, DPI = 28, 150


def write_picture_book(folder: Path) -> None:
    folder.mkdir()
    brief = Brief(PREMISES[0], pages=PICTURES, chapters=4, age=Age.YOUNG, picture_dpi=DPI)
    made = plan(PlanTask(brief), brief.seed)
    chapters: list[dict[str, Any]] = []
    for index, chapter in enumerate(made.outline.chapters):
        text = write(ChapterTask(made.outline, index, brief.age, brief.tone, brief.genre), brief.seed)
        pages = []
        staged = scenes(ScenesTask(made.outline, index, text), brief.seed).scenes
        for number, (page, scene) in enumerate(zip(text.pages, staged, strict=True)):
            looks = {actor.who: made.sheets[actor.who] for actor in scene.actors}
            width, height = picture_size_px(brief.trim, DPI)
            drawn = delivery(draw_bytes(order_bytes(Order(scene, looks, brief.style, width, height, number))))
            name = f"{index}-{number}.jpg"
            (folder / name).write_bytes(drawn.data)
            spots = [
                [box.x, box.y, box.width, box.height, box is thing.face]
                for thing in drawn.shown
                if thing.what in looks
                for box in (thing.face, thing.box)
                if box
            ]
            pages.append({"paragraphs": list(page.paragraphs), "picture": name, "alt": scene.caption, "spots": spots})
        chapters.append({"title": chapter.title, "pages": pages})
    _save(folder, made.outline.title, Trim.SQUARE, chapters)


def write_novel(folder: Path) -> None:
    folder.mkdir()
    chapters: list[dict[str, Any]] = []
    words = 0
    while words < NOVEL_WORDS:
        seed = len(chapters) + 1
        genre = list(Genre)[seed % 10]
        brief = Brief(PREMISES[seed % 4], age=Age.MIDDLE, chapters=6, pages=24, seed=seed, genre=genre)
        outline = plan(PlanTask(brief), seed).outline
        paragraphs = list(_longer(_told(brief, outline)))
        words += sum(len(paragraph.split()) for paragraph in paragraphs)
        chapters.append({"title": outline.title, "pages": [{"paragraphs": paragraphs, "picture": None}]})
    _save(folder, "A Long Novel", Trim.NOVEL, chapters)


def _told(brief: Brief, outline: Outline) -> Iterator[str]:
    for index in range(len(outline.chapters)):
        for page in write(ChapterTask(outline, index, brief.age, brief.tone, brief.genre), brief.seed).pages:
            yield from page.paragraphs


def _longer(paragraphs: Iterator[str]) -> Iterator[str]:
    """Paragraphs of the length that novels have, a few hundred letters, no two alike."""
    kept = ""
    for number, paragraph in enumerate(paragraphs):
        kept = f"{kept} {paragraph}".strip()
        if len(kept) > 180 + number * 97 % 400:
            yield kept
            kept = ""
    if kept:
        yield kept


def _save(folder: Path, title: str, trim: Trim, chapters: list[dict[str, Any]]) -> None:
    (folder / "book.json").write_text(json.dumps({"title": title, "trim": trim, "chapters": chapters}))

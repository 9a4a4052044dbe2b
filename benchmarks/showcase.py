"""The pictures that the studio's own pages show: a book to leaf through, the eight looks, the card for shared links.

Not a measurement: it makes a book with this very program and puts its pages, as they are in print, where the landing
page finds them. Run it when the writer or the illustrator have become better, and look at what came out.
Run: ``./overprint bench showcase [--seed 7]``.
"""

import argparse
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2  # type: ignore[import-untyped]
from PIL import Image, ImageChops, ImageDraw, ImageFont

from overprint.core.scene import (
    Actor,
    Camera,
    Expression,
    Mood,
    Place,
    Pose,
    PropKind,
    Scene,
    Setting,
    Sheet,
    Shot,
    Species,
    Time,
)
from overprint.core.story import Style
from overprint.craft.drawing.drawing import draw

PREMISE = "A shy fox wants to fly a lantern boat to the moon"
ASKED = ("--style", "watercolour", "--age", "3-5", "--pages", "8", "--chapters", "1", "--trim", "20x20cm")
SOURCE = Path(__file__).parents[1] / "src" / "overprint"
PICTURES = SOURCE / "http" / "static" / "pictures"
WORDS = SOURCE / "features" / "front" / "showcase.json"
FONT = SOURCE / "craft" / "typesetting" / "fonts" / "FrauncesSoft-Bold.ttf"
PAGE_PX, LOOK_PX, CARD_PX = 880, 360, (1200, 630)
ALL_MAX_BYTES = 1_000_000
XHTML = "{http://www.w3.org/1999/xhtml}"
GROUND, INK, CYAN, MAGENTA, YELLOW = "#e9eff3", "#0f1a2e", "#00a7dd", "#e5197d", "#ffd91c"


def made_book(seed: int, folder: Path) -> Path:
    """The folder of the finished book."""
    command = [sys.executable, "-m", "overprint", "make", "book", PREMISE, *ASKED, "--seed", str(seed)]
    subprocess.run([*command, "--data", str(folder / "data"), "--out", str(folder / "book")], check=True)
    return folder / "book"


def page_words(epub: Path) -> Iterator[dict[str, object]]:
    """What stands on each page, and what its picture shows."""
    with zipfile.ZipFile(epub) as archive:
        for name in sorted(name for name in archive.namelist() if name.startswith("EPUB/text/")):
            page = ElementTree.fromstring(archive.read(name))
            said = ["".join(found.itertext()) for kind in ("h1", "h2", "p") for found in page.iter(XHTML + kind)]
            alts = [found.get("alt", "") for found in page.iter(XHTML + "img")]
            yield {"words": [line for line in said if re.search(r"[^\W\d]", line)], "alt": " ".join(filter(None, alts))}


def webp(picture: Image.Image, quality: int = 78) -> bytes:
    held = io.BytesIO()
    picture.convert("RGB").save(held, "WEBP", quality=quality, method=6)
    return held.getvalue()


def looks() -> Iterator[tuple[str, bytes]]:
    """The same scene in every style."""
    sheets = {
        "fox": Sheet(Species.FOX, "#e8793a", "#fff1de", "#4f86b8", "#d98aa8"),
        "owl": Sheet(Species.OWL, "#8b6b4f", "#f2e2c8", "#4f86b8", "#e0b03a"),
    }
    actors = (
        Actor("fox", Pose.HOLD, Expression.HAPPY, Place.LEFT, holding=PropKind.LANTERN),
        Actor("owl", Pose.WAVE, Expression.JOY, Place.RIGHT),
    )
    scene = Scene(
        Setting.GARDEN,
        "the garden behind the hill",
        "A fox and an owl.",
        time=Time.DAY,
        mood=Mood.JOYFUL,
        camera=Camera(Shot.MEDIUM),
        actors=actors,
    )
    for style in Style:
        side = 2 * LOOK_PX
        drawn = draw(scene, sheets, style=style, width_px=side, height_px=side, seed=5).raster("png")
        yield style.value, webp(Image.open(io.BytesIO(drawn)).resize((LOOK_PX, LOOK_PX), Image.Resampling.LANCZOS))


def card(cover: Image.Image, spread: tuple[Image.Image, Image.Image]) -> bytes:
    """What is shown where somebody shares a link: the book, and one line."""
    picture = Image.new("RGB", CARD_PX, GROUND)
    fine = Image.new("RGB", (4 * 200, 4 * 200), "white")
    for colour, (x, y) in ((CYAN, (92, 84)), (MAGENTA, (136, 84)), (YELLOW, (114, 120))):
        disc = Image.new("RGB", fine.size, "white")
        ImageDraw.Draw(disc).ellipse([4 * (x - 38), 4 * (y - 38), 4 * (x + 38), 4 * (y + 38)], fill=colour)
        fine = ImageChops.multiply(fine, disc)
    inks = Image.new("RGB", CARD_PX, "white")
    inks.paste(fine.resize((200, 200), Image.Resampling.LANCZOS))
    picture = ImageChops.multiply(picture, inks)
    pen = ImageDraw.Draw(picture)
    lines = ("One sentence in.", "A finished book out.")
    pen.text((196, 68), "Overprint", font=ImageFont.truetype(str(FONT), 52), fill=INK)
    for number, line in enumerate(lines):
        font = ImageFont.truetype(str(FONT), 62)
        pen.text((60, 250 + 78 * number), line, font=font, fill=INK)
    pen.text((60, 470), "Words, pictures, PDF and e-book.", font=ImageFont.truetype(str(FONT), 30), fill="#4b586b")
    left, right = (page.resize((230, 230), Image.Resampling.LANCZOS) for page in spread)
    placed = (cover.resize((330, 330), Image.Resampling.LANCZOS), (770, 30)), (left, (690, 376)), (right, (920, 376))
    for page, at in placed:
        pen.rectangle([at[0] - 6, at[1] + 6, at[0] + page.width - 6, at[1] + page.height + 6], fill=CYAN)
        pen.rectangle([at[0] + 6, at[1] - 6, at[0] + page.width + 6, at[1] + page.height - 6], fill=MAGENTA)
    for page, at in placed:
        picture.paste(page, at)
    held = io.BytesIO()
    picture.quantize(256, Image.Quantize.MEDIANCUT).save(held, "PNG", optimize=True)
    return held.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--book", type=Path, help="the folder of a book that is made already")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book = chosen.book or made_book(chosen.seed, Path(folder))
        pdf = pypdfium2.PdfDocument(next(book.glob("*.pdf")))
        pages = [page.render(scale=PAGE_PX / page.get_size()[0]).to_pil() for page in pdf]
        told = list(page_words(next(book.glob("*-fixed-pages.epub"))))
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.iterdir():
        old.unlink()
    for number, page in enumerate(pages, 1):
        (PICTURES / f"page-{number}.webp").write_bytes(webp(page))
    for name, data in looks():
        (PICTURES / f"look-{name}.webp").write_bytes(data)
    (PICTURES / "card.png").write_bytes(card(pages[0], (pages[9], pages[10])))
    WORDS.write_text(json.dumps({"premise": PREMISE, "pages": told}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    size_bytes = sum(path.stat().st_size for path in PICTURES.iterdir())
    print(f"{len(pages)} pages, {len(Style)} looks and a card, {size_bytes / 1e6:.2f} MB, are in {PICTURES}")
    return int(size_bytes > ALL_MAX_BYTES)


if __name__ == "__main__":
    raise SystemExit(main())

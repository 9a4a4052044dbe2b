"""The e-book of fixed pages that reads itself aloud, judged by the real EPUBCheck, by Ace and in a browser."""

import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.narration import Narration
from overprint.core.story import Trim
from overprint.craft.narration import page_lines
from overprint.craft.typesetting import epub_fixed_bytes, payload
from overprint.craft.typesetting.epub_aloud import clock
from overprint.craft.typesetting.epub_fixed import epub_fixed
from overprint.craft.typesetting.reading import parts_read
from overprint.main.toolchain import chromium
from tests.craft.narration.conftest import PEOPLE, Told, tell
from tests.craft.narration.test_read_aloud import SMIL, XHTML, narrated
from tests.craft.typesetting.conftest import IDENTIFIER, SENTENCE, Sample, paint, story
from tests.craft.typesetting.test_epub import _assert_epubcheck_is_silent
from tests.craft.typesetting.test_spreads import _wide
from tests.support import ace

TRIM = Trim.SQUARE
_SPAN = f"{XHTML}span"

# In a browser: how much taller words get, and where they move, when every sentence is marked; and whether it is seen.
# Of large initials: whether they are marked with their sentence, and not with another.
_MARK = """<script>addEventListener('load', () => document.fonts.ready.then(() => {
  const boxes = () => [...document.querySelectorAll('.words, .title, .lines')].map(b => b.getBoundingClientRect());
  const before = boxes();
  const spans = [...document.querySelectorAll('span[id^="s-"]')];
  spans.forEach(span => span.classList.add('spoken-now'));
  const moved = boxes().map((b, n) => Math.abs(b.height - before[n].height) + Math.abs(b.top - before[n].top));
  const seen = new Set(spans.map(s => getComputedStyle(s).color + ' on ' + getComputedStyle(s).backgroundColor));
  const initials = [...document.querySelectorAll('p.drop')];
  const ground = () => initials.map(p => getComputedStyle(p, '::first-letter').backgroundColor);
  const own = ground();
  initials.forEach(p => p.querySelector('span').classList.remove('spoken-now'));
  document.title = 'marked ' + JSON.stringify([spans.length, Math.max(...moved), [...seen], own, ground()]);
}));</script>"""


@pytest.fixture(scope="module")
def sample() -> Sample:
    """An opening with a drop cap, words on pictures, a spread, a page without words, words that need a page of their
    own, letters that no font has."""
    dark, bright, wide = paint("dark", TRIM), paint("bright", TRIM), _wide(TRIM, slow=True)
    pages = (
        Page(PageKind.COVER, picture=dark[0]),
        Page(PageKind.TITLE, ("A story",)),
        Page(PageKind.DEDICATION, ("for everyone who ever lit a lantern",)),
        story(dark[0], " ".join([SENTENCE] * 5), heading="The Lantern"),
        story(bright[0], SENTENCE, "", "“Who is there?” asked Mira. “Nobody <here> & now!”"),
        story(wide[0], SENTENCE),
        story(dark[0]),
        story(bright[0], *[f"{SENTENCE} {SENTENCE}"] * 9),
        story(None, "A సితార and " + "long" * 30 + " stay. The end."),
        Page(PageKind.COLOPHON, ("Set in EB Garamond.",)),
    )
    doc = BookDoc(IDENTIFIER, "The Lantern Fox", "Ada & Friends", "en", TRIM, "", pages)
    return Sample(doc, {picture.content_hash: data for picture, data in (dark, bright, wide)})


@pytest.fixture(scope="module")
def heard(sample: Sample) -> dict[int, Told]:
    doc = sample.doc
    return {n: tell(doc, n) for n in range(1, len(doc.pages) + 1) if page_lines(doc, n, PEOPLE)}


@pytest.fixture(scope="module")
def made(sample: Sample, heard: dict[int, Told]) -> bytes:
    narration, sounds = narrated(sample.doc, heard)
    return epub_fixed(sample.doc, {**sample.pictures, **sounds}, narration) or b""


def test_epubcheck_and_ace_find_nothing_in_fixed_pages_that_read_themselves(made: bytes, tmp_path: Path) -> None:
    _assert_epubcheck_is_silent(made, tmp_path)
    path = tmp_path / "aloud.epub"
    path.write_bytes(made)
    assert ace.findings(path) == []


def test_every_sentence_of_a_page_is_on_the_leaf_that_has_its_words(
    sample: Sample, heard: dict[int, Told], made: bytes
) -> None:
    wanted = [
        parts_read(sample.doc, sample.doc.pages[number - 1])[cue.place][cue.first : cue.last]
        for number, page in heard.items()
        for cue in page.sound.facts.cues
    ]
    read = [words for _, sentences in _read(made) for words in sentences]
    assert [words.replace("\u200b", "") for words in read] == [words.replace("సితార", "\ufffd" * 5) for words in wanted]
    assert len(_read(made)) == len(heard) == 6


def test_clips_follow_one_another_and_add_up_to_what_the_package_says(heard: dict[int, Told], made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        package = archive.read("EPUB/package.opf").decode()
        smils = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".smil")}
        sounds = {name for name in archive.namelist() if "/audio/" in name}
    total_ms = 0
    for page, smil in zip(heard.values(), smils.values(), strict=True):
        clips = re.findall(r'src="../audio/([^"]+)" clipBegin="([\d.]+)s" clipEnd="([\d.]+)s"', smil)
        lasts_ms = sum(round(float(end) * 1000) - round(float(begin) * 1000) for _, begin, end in clips)
        assert lasts_ms / 1000 == pytest.approx(page.sound.facts.duration_seconds, abs=0.001)
        assert f">{clock(lasts_ms)}</meta>" in package
        assert {f"EPUB/audio/{name}" for name, _, _ in clips} < sounds
        assert all(after[1] == before[2] for before, after in pairwise(clips))
        total_ms += lasts_ms
    assert f'<meta property="media:duration">{clock(total_ms)}</meta>' in package
    assert 'rendition:layout">pre-paginated' in package and "synchronizedAudioText" in package


def test_a_page_looks_the_same_whether_it_is_read_aloud_or_not(sample: Sample, made: bytes) -> None:
    silent = epub_fixed(sample.doc, sample.pictures) or b""
    with zipfile.ZipFile(io.BytesIO(silent)) as before, zipfile.ZipFile(io.BytesIO(made)) as after:
        names = [name for name in before.namelist() if name.startswith("EPUB/text/")]
        for name in names:
            told = re.sub(r'<span id="s-[^>]+>(.*?)</span>', r"\1", after.read(name).decode())
            # A word too long for a line may break elsewhere where a sentence ends in it.
            assert told.replace("\u200b", "") == before.read(name).decode().replace("\u200b", "")
    assert silent == epub_fixed(sample.doc, sample.pictures, Narration("nobody", {}))


def test_marking_a_sentence_takes_its_initial_along_moves_no_word_and_can_be_read_on_any_ground(
    made: bytes, tmp_path: Path
) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        archive.extractall(tmp_path)
    files = sorted((tmp_path / "EPUB" / "text").glob("*.xhtml"))
    leaves = [file.read_text().partition("<body>")[2].partition("</body>")[0] for file in files]
    head = files[0].read_text().partition("<head>")[2].partition("</head>")[0]
    together = files[0].with_name("all.html")
    together.write_text(f"<!DOCTYPE html><head>{head}{_MARK}</head><body>{''.join(leaves)}</body>")
    command = [chromium() or "", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"]
    shown = subprocess.run(
        [*command, "--dump-dom", together.as_uri()], capture_output=True, text=True, timeout=120, check=True
    ).stdout
    marked = re.search(r"<title>marked (.*?)</title>", shown)
    assert marked, shown[:500]
    sentences, moved_px, seen, initials, others = json.loads(marked[1])
    assert sentences == sum(len(words) for _, words in _read(made))
    assert moved_px < 0.5
    assert seen == ["rgb(31, 27, 22) on rgb(255, 231, 163)"]
    assert initials == ["rgb(255, 231, 163)"] and others == ["rgba(0, 0, 0, 0)"]


def test_the_same_narration_gives_the_same_pages_in_another_process(sample: Sample, heard: dict[int, Told]) -> None:
    narration, sounds = narrated(sample.doc, heard)
    files = {**sample.pictures, **sounds}
    assert epub_fixed(sample.doc, files, narration) == epub_fixed_bytes(payload(sample.doc, files, narration))


def _read(made: bytes) -> list[tuple[str, list[str]]]:
    """For each page that is read aloud, in order: its file and the words of each sentence as they stand there."""
    found = []
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        for name in archive.namelist():
            if name.endswith(".smil"):
                file = name.replace("smil", "text", 1).replace(".smil", ".xhtml")
                spans = {s.get("id"): "".join(s.itertext()) for s in ET.fromstring(archive.read(file)).iter(_SPAN)}
                pars = ET.fromstring(archive.read(name)).iter(f"{SMIL}text")
                found.append((file, [spans[par.get("src", "").partition("#")[2]] for par in pars]))
    return found

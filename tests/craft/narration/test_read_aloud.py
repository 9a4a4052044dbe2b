"""The EPUB that reads itself aloud, judged by the real EPUBCheck."""

import hashlib
import io
import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from overprint.core.book import BookDoc, Page, PageKind
from overprint.core.narration import Narration, PageNarration
from overprint.core.problems import Invalid
from overprint.craft.narration import SOUND_MEDIA_TYPE, words_hash
from overprint.craft.typesetting import epub_bytes, payload
from overprint.craft.typesetting.epub_aloud import clock
from overprint.craft.typesetting.epub_file import epub
from tests.craft.narration.conftest import DOC, Told, tell
from tests.craft.typesetting.test_epub import _assert_epubcheck_is_silent
from tests.craft.typesetting.test_pdf import HOSTILE

SMIL = "{http://www.w3.org/ns/SMIL}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def narrated(doc: BookDoc, told: dict[int, Told]) -> tuple[Narration, dict[str, bytes]]:
    pages, files = {}, {}
    for number, page in told.items():
        content_hash = hashlib.sha256(page.sound.data).hexdigest()
        files[content_hash] = page.sound.data
        facts = page.sound.facts
        pages[str(number)] = PageNarration(
            words_hash(doc, doc.pages[number - 1]), content_hash, SOUND_MEDIA_TYPE, facts.duration_seconds, facts.cues
        )
    return Narration("test tone", pages), files


def made(doc: BookDoc, told: dict[int, Told]) -> bytes:
    narration, files = narrated(doc, told)
    return epub(doc, files, narration)


def test_epubcheck_finds_nothing_in_a_book_that_reads_itself(told: dict[int, Told], tmp_path: Path) -> None:
    _assert_epubcheck_is_silent(made(DOC, told), tmp_path)


def test_epubcheck_finds_nothing_when_the_words_are_hostile(tmp_path: Path) -> None:
    line = " ".join(HOSTILE) + "\x00\x0b\ud800\ufffe ]]> <b>&nbsp; “x” said. Y?"
    doc = replace(DOC, title=line[:300], author="", pages=(Page(PageKind.TITLE), Page(PageKind.STORY, (line, line))))
    _assert_epubcheck_is_silent(made(doc, {2: tell(doc, 2)}), tmp_path)


def test_epubcheck_finds_nothing_in_arabic(tmp_path: Path) -> None:
    doc = replace(DOC, language="ar", title="مصباح", pages=(Page(PageKind.STORY, ("من هناك؟ أنا.", "مرحبا!")),))
    _assert_epubcheck_is_silent(made(doc, {1: tell(doc, 1)}), tmp_path)


def test_every_sentence_has_its_words_and_its_time(told: dict[int, Told]) -> None:
    with zipfile.ZipFile(io.BytesIO(made(DOC, told))) as archive:
        page = ET.fromstring(archive.read("EPUB/text/003-story.xhtml"))
        smil = ET.fromstring(archive.read("EPUB/smil/003-story.smil"))
    words = {span.get("id"): "".join(span.itertext()) for span in page.iter(f"{XHTML}span") if span.text}
    read = [words[par.find(f"{SMIL}text").get("src").partition("#")[2]] for par in smil.iter(f"{SMIL}par")]  # type: ignore[union-attr]
    assert read == [
        *("The Hill", "Mira climbed the hill with Ember at her heels."),
        *("“Is that the lighthouse?” asked the fox.", "“It has no light!”"),
        *("“It will,” said Mira, “when we carry the lamp up.", "Come on!”"),
        *("Captain Otto called: “Mind the step.”", "They did & were glad."),
    ]


def test_clips_follow_one_another_and_add_up_to_what_the_package_says(told: dict[int, Told]) -> None:
    with zipfile.ZipFile(io.BytesIO(made(DOC, told))) as archive:
        package = archive.read("EPUB/package.opf").decode()
        smils = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".smil")]
    total_ms = 0
    for smil in smils:
        clips = re.findall(r'src="../audio/([^"]+)" clipBegin="([\d.]+)s" clipEnd="([\d.]+)s"', smil)
        total_ms += sum(round(float(end) * 1000) - round(float(begin) * 1000) for _, begin, end in clips)
        assert all(after[1] == (before[2] if before[0] == after[0] else "0.000") for before, after in pairwise(clips))
    assert f'<meta property="media:duration">{clock(total_ms)}</meta>' in package
    seconds = sum(page.sound.facts.duration_seconds for page in told.values())
    assert total_ms / 1000 == pytest.approx(seconds, abs=0.01)


def test_the_package_says_that_it_reads_itself(told: dict[int, Told]) -> None:
    with zipfile.ZipFile(io.BytesIO(made(DOC, told))) as archive:
        package, css = archive.read("EPUB/package.opf").decode(), archive.read("EPUB/css/book.css").decode()
        sounds = [entry for entry in archive.infolist() if "/audio/" in entry.filename]
    assert '<meta property="schema:accessibilityFeature">synchronizedAudioText</meta>' in package
    assert '<meta property="schema:accessMode">auditory</meta>' in package
    assert '<meta property="media:narrator">test tone</meta>' in package
    active = re.search(r'<meta property="media:active-class">([\w-]+)</meta>', package)
    assert active and f".{active[1]} {{" in css
    assert package.count("media-overlay=") == 3
    assert len(sounds) == len(told)
    assert all(entry.compress_type == zipfile.ZIP_STORED for entry in sounds)


def test_only_some_pages_may_be_narrated(told: dict[int, Told]) -> None:
    with zipfile.ZipFile(io.BytesIO(made(DOC, {4: told[4]}))) as archive:
        assert [name for name in archive.namelist() if "/smil/" in name] == ["EPUB/smil/003-story.smil"]
        assert b"#page-4" in archive.read("EPUB/smil/003-story.smil")
        assert archive.read("EPUB/package.opf").count(b"media-overlay=") == 1


def test_a_book_without_narration_stays_as_it_was() -> None:
    silent = epub(DOC, {})
    assert silent == epub(DOC, {}, Narration("nobody", {}))
    assert b"smil" not in silent


def test_the_same_narration_gives_the_same_archive_in_another_process(told: dict[int, Told]) -> None:
    narration, files = narrated(DOC, told)
    assert epub(DOC, files, narration) == epub_bytes(payload(DOC, files, narration))


def test_words_that_changed_since_are_told(told: dict[int, Told]) -> None:
    narration, files = narrated(DOC, told)
    changed = replace(DOC, pages=(*DOC.pages[:3], Page(PageKind.STORY, ("Other words.",)), *DOC.pages[4:]))
    with pytest.raises(Invalid, match="page 4 have changed"):
        epub(changed, files, narration)


@pytest.mark.parametrize("number", ["0", "7", "x", "-1", "٣"])
def test_a_page_that_is_not_there_is_told(told: dict[int, Told], number: str) -> None:
    narration, files = narrated(DOC, {3: told[3]})
    with pytest.raises(Invalid):
        epub(DOC, files, Narration("x", {number: narration.pages["3"]}))


def test_a_sound_that_is_missing_or_no_sound_is_told(told: dict[int, Told]) -> None:
    narration, files = narrated(DOC, told)
    for broken in ({}, dict.fromkeys(files, b"%PDF-1.7 and no sound")):
        with pytest.raises(Invalid, match="was not handed over"):
            epub(DOC, broken, narration)


def test_cues_that_run_backwards_or_leave_the_page_are_told(told: dict[int, Told]) -> None:
    narration, files = narrated(DOC, {3: told[3]})
    page = narration.pages["3"]
    first, second, *rest = page.cues
    for cues in (
        (second, first, *rest),
        (replace(first, last=999), second, *rest),
        (replace(first, place=77),),
        (replace(first, end_seconds=first.start_seconds),),
    ):
        with pytest.raises(Invalid):
            epub(DOC, files, Narration("x", {"3": replace(page, cues=cues)}))

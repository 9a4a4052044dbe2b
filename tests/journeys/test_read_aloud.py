"""A book read aloud, from the command line: the embedded voice speaks, and what comes out fits together."""

import io
import json
import re
import zipfile
from pathlib import Path

import av
import pytest

from tests.support import epubcheck
from tests.support.command_here import run_here
from tests.support.command_line import files_in, make_book

ALOUD = ("--age", "3-5", "--style", "flat", "--aloud")
CLIP = re.compile(r'<audio src="\.\./audio/(?P<name>[^"]+)" clipBegin="(?P<begin>[\d.]+)s" clipEnd="(?P<end>[\d.]+)s"')


def seconds_of(data: bytes) -> float:
    with av.open(io.BytesIO(data)) as opened:
        return float(opened.duration / av.time_base)


def test_a_book_reads_itself_aloud(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "book"
    make_book(out, data, *ALOUD)
    recipe = json.loads((out / "recipe.json").read_text())
    assert set(files_in(out)) == set(recipe["files"]) | {"recipe.json"}
    assert recipe["providers"]["speech"]["model"] == "espeak-ng@1"
    (ebook,) = out.glob("*-read-aloud.epub")
    (audiobook,) = out.glob("*.m4b")
    assert audiobook.stem == ebook.stem.removesuffix("-read-aloud")
    (fixed,) = out.glob("*-read-aloud-fixed-pages.epub")
    for each in (ebook, fixed):
        _assert_sound_and_words_fit(each)
    _assert_chapters_are_right(audiobook, ebook, recipe)
    verified = run_here("verify", str(audiobook), "--data", str(data))
    assert verified.returncode == 0, verified.stdout


def _assert_sound_and_words_fit(ebook: Path) -> None:
    """Every page's clips follow one another from its beginning to where its sound ends, and the book says who reads."""
    assert epubcheck.findings(ebook) == []
    with zipfile.ZipFile(ebook) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    clips: dict[str, list[tuple[float, float]]] = {}
    for name, data in files.items():
        if name.endswith(".smil"):
            for clip in CLIP.finditer(data.decode()):
                clips.setdefault(clip["name"], []).append((float(clip["begin"]), float(clip["end"])))
    sounds = {name.rpartition("/")[2]: data for name, data in files.items() if name.endswith(".m4a")}
    assert set(clips) == set(sounds)
    assert len(sounds) == 7  # the title page and six story pages
    for name, spans in clips.items():
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert edges[0] == 0
        assert edges[-1] == pytest.approx(seconds_of(sounds[name]), abs=0.002)
    colophon = next(data.decode() for name, data in files.items() if "colophon" in name)
    assert "Read aloud by a formant synthesiser (espeak-ng)." in colophon


def _assert_chapters_are_right(audiobook: Path, ebook: Path, recipe: dict[str, str]) -> None:
    with zipfile.ZipFile(ebook) as archive:
        contents = archive.read("EPUB/nav.xhtml").decode()
    with av.open(str(audiobook)) as opened:
        chapters = opened.chapters()
        assert opened.metadata["title"] == recipe["title"]
        assert opened.metadata["composer"] == "a formant synthesiser (espeak-ng)"
        assert [stream.type for stream in opened.streams if stream.type == "video"] == ["video"]  # its cover
    titles = [chapter["metadata"]["title"] for chapter in chapters]
    assert len(titles) == 3
    assert titles[0] == recipe["title"]
    assert all(title in contents for title in titles)
    edges = [float(chapter[name] * chapter["time_base"]) for chapter in chapters for name in ("start", "end")]
    assert edges[0] == 0
    assert edges[1:-1:2] == pytest.approx(edges[2::2], abs=0.002)
    assert edges[-1] == pytest.approx(seconds_of(audiobook.read_bytes()), abs=0.1)

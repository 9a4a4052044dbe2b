"""Whether every file of a book is sound: e-books, screen PDF, print edition, signatures."""

import io
import re
import zipfile
from pathlib import Path

import av
from tests.craft.typesetting.archival import departures
from tests.support import epubcheck

from benchmarks.proofs.made import Made
from overprint.core.credentials import State
from overprint.core.files import media_type_of
from overprint.craft.credentials.reading import read
from overprint.craft.typesetting.inspect import inspect_pdf

_CUE = re.compile(r'<audio src="\.\./([^"]+)" clipBegin="([0-9.]+)s" clipEnd="([0-9.]+)s"')
_ROUNDING_SECONDS = 0.0015
_PRINTED = ("-print-inside.pdf", "-print-cover.pdf", "-print-whole.pdf")


def ebooks(made: Made) -> list[str]:
    """What EPUBCheck finds: errors, warnings and advice alike."""
    return [f"{path.name}: {found}" for path in made.ebooks for found in epubcheck.findings(path)]


def screen(made: Made) -> list[str]:
    data = made.screen.read_bytes()
    report = inspect_pdf(data)
    found = departures(data)
    if not report.one_size:
        found.append("pages of different sizes")
    if made.wish.style == "flat" and report.image_count:
        found.append(f"{report.image_count} pictures are pixels that could be vectors")
    return found


def printed(made: Made) -> list[str]:
    """What preflight calls an error, and parts that are missing."""
    if made.wish.printer == "-":
        return []
    names = {path.name for path in made.folder.iterdir()}
    parts = {part for part in _PRINTED if any(name.endswith(part) for name in names)}
    found = [] if parts in ({_PRINTED[2]}, set(_PRINTED[:2])) else [f"of the print edition there is {sorted(parts)}"]
    for path in sorted(made.folder.glob("*-print-report.txt")):
        found += [line for line in path.read_text().splitlines() if line.startswith("error")]
    for path in sorted(made.folder.glob("*-print-*.pdf")):
        report = inspect_pdf(path.read_bytes())
        found += [] if "PDF/X-4" in report.standards else [f"{path.name} is no PDF/X-4"]
        if made.wish.style == "flat" and report.image_count:
            found.append(f"{path.name}: {report.image_count} pictures are pixels that could be vectors")
    return found


def signed(made: Made) -> list[str]:
    """Every file but those for the printer carries credentials that fit it."""
    found = []
    for path in sorted(path for path in made.folder.rglob("*.*") if "-print-" not in path.name):
        data = path.read_bytes()
        media_type = media_type_of(data)
        if media_type is None:
            continue
        state = read(data, media_type)
        if state is None or state.state is not State.INTACT:
            found.append(f"{path.name} is {state.state if state else 'not signed'}")
    return found


def aloud(made: Made) -> list[str]:
    """Both e-books that read themselves, an audiobook with chapters, and no cue beyond its sound."""
    if not made.wish.is_aloud:
        return []
    speaking = [path for path in made.ebooks if "-read-aloud" in path.stem]
    found = [] if len(speaking) == 2 else [f"{len(speaking)} e-books read themselves, where two should"]
    for path in speaking:
        found += [f"{path.name}: {fault}" for fault in _cues(path)]
    sounds = sorted(made.folder.glob("*.m4b"))
    if len(sounds) != 1:
        return [*found, "there is no audiobook"]
    with av.open(str(sounds[0]), mode="r") as sound:
        if not sound.duration or not sound.chapters():
            found.append("the audiobook is silent or has no chapters")
    return found


def _cues(path: Path) -> list[str]:
    """Cues that run backwards, leave a gap or end after their sound, or that there are none."""
    found: list[str] = []
    with zipfile.ZipFile(path) as archive:
        overlays = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".smil")]
        sounds = {name: _length_seconds(archive.read(name)) for name in archive.namelist() if name.endswith(".m4a")}
    cues = [
        (f"EPUB/{sound}", float(begin), float(end))
        for overlay in overlays
        for sound, begin, end in _CUE.findall(overlay)
    ]
    for (sound, begin, end), (following, after, _) in zip(cues, [*cues[1:], ("", 0.0, 0.0)], strict=True):
        if begin >= end:
            found.append("a sentence ends before it begins")
        if sound == following and abs(end - after) > _ROUNDING_SECONDS:
            found.append("there is a gap between two sentences")
        if end > sounds[sound] + _ROUNDING_SECONDS:
            found.append(f"a sentence ends {end - sounds[sound]:.3f} s after the sound of {sound}")
    return found if cues else ["no cues"]


def _length_seconds(sound: bytes) -> float:
    with av.open(io.BytesIO(sound), mode="r") as opened:
        return float(opened.duration or 0) / av.time_base

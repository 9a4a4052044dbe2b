"""An EPUB that reads itself aloud: sentences with names in the pages, and a media overlay that says when each sounds.

Times come from the narration, which timed every sentence to a sample; in the files they stand in whole milliseconds.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from overprint.core.book import BookDoc
from overprint.core.narration import Cue, Narration, PageNarration
from overprint.core.problems import Invalid, LimitReached
from overprint.craft.typesetting.escaping import text
from overprint.craft.typesetting.reading import parts_read, words_hash

SOUND_MAX_BYTES = 100_000_000
ACTIVE_CLASS = "spoken-now"
_MEDIA_TYPE = "audio/mp4"

Show = Callable[[str], str]
"""How a stretch of cleaned words stands on the page."""


def as_written(words: str) -> str:
    return words


@dataclass(frozen=True, slots=True)
class PageAloud:
    """One page's sentences and its sound file. ``name`` is the file's in the EPUB."""

    number: int
    name: str
    data: bytes
    cues: tuple[Cue, ...]

    def markup(self, place: int, words: str, show: Show = as_written) -> str:
        """``words`` (cleaned) as markup, every sentence of it with its name."""
        made, at = "", 0
        for order, cue in enumerate(self.cues):
            if cue.place == place:
                made += text(show(words[at : cue.first]), trimmed=False)
                said = text(show(words[cue.first : cue.last]), trimmed=False)
                made += f'<span id="{self._name(order)}">{said}</span>'
                at = cue.last
        return made + text(show(words[at:]), trimmed=False)

    def pars(self, file: str) -> str:
        """SMIL for each sentence; ``file`` is the page's."""
        return "".join(
            f'<par id="par-{self.number}-{order}"><text src="../text/{file}#{self._name(order)}"/>'
            f'<audio src="../audio/{self.name}" clipBegin="{_seconds(cue.start_seconds)}" '
            f'clipEnd="{_seconds(cue.end_seconds)}"/></par>\n'
            for order, cue in enumerate(self.cues)
        )

    @property
    def duration_ms(self) -> int:
        return sum(_ms(cue.end_seconds) - _ms(cue.start_seconds) for cue in self.cues)

    def _name(self, order: int) -> str:
        return f"s-{self.number}-{order}"


@dataclass(frozen=True, slots=True)
class Overlay:
    """The media overlay of one file of the book."""

    name: str
    duration_ms: int
    markup: str


def pages_aloud(doc: BookDoc, narration: Narration | None, files: Mapping[str, bytes]) -> dict[int, PageAloud]:
    """The narrated pages by number; ``files`` by content hash. Raises ``Invalid`` where words and sound do not fit."""
    known = {str(number): number for number in range(1, len(doc.pages) + 1)}
    told = narration.pages if narration else {}
    strange = sorted(set(told) - set(known))
    if strange:
        raise Invalid(f"There is no page {strange[0][:20]!r} to read aloud.", "Narrate the book again.")
    return {n: _page(doc, n, told[key], files) for key, n in known.items() if key in told and told[key].cues}


def _page(doc: BookDoc, number: int, page: PageNarration, files: Mapping[str, bytes]) -> PageAloud:
    here = doc.pages[number - 1]
    if page.words_hash != words_hash(doc, here) or not _fit(page.cues, parts_read(doc, here)):
        raise Invalid(f"The words of page {number} have changed since it was narrated.", "Narrate the page again.")
    data = files.get(page.content_hash)
    if data is None or page.media_type != _MEDIA_TYPE or data[4:8] != b"ftyp":
        raise Invalid(f"The sound of page {number} was not handed over.", "Narrate the page again.")
    if len(data) > SOUND_MAX_BYTES:
        raise LimitReached(f"The sound of page {number} is too big.", "Split the page.")
    return PageAloud(number, f"page-{number}.m4a", data, page.cues)


def _fit(cues: Sequence[Cue], parts: Sequence[str]) -> bool:
    """Whether cues go forward, in the words and in time, and lie inside the words."""
    place, at, second = 0, 0, 0.0
    for cue in cues:
        at = at if cue.place == place else 0
        forward = cue.place >= place and at <= cue.first < cue.last and second <= cue.start_seconds < cue.end_seconds
        if not forward or cue.place >= len(parts) or cue.last > len(parts[cue.place]):
            return False
        place, at, second = cue.place, cue.last, cue.end_seconds
    return True


def overlay(file: str, pages: Sequence[PageAloud]) -> Overlay:
    """The overlay of the file called ``file``, which holds ``pages``."""
    body = "".join(
        f'<seq id="seq-{page.number}" epub:textref="../text/{file}#page-{page.number}">\n{page.pars(file)}</seq>\n'
        for page in pages
    )
    markup = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<smil xmlns="http://www.w3.org/ns/SMIL" xmlns:epub="http://www.idpf.org/2007/ops" version="3.0">\n'
        f'<body epub:textref="../text/{file}#page-{pages[0].number}">\n{body}</body>\n</smil>\n'
    )
    return Overlay(file.replace(".xhtml", ".smil"), sum(page.duration_ms for page in pages), markup)


def clock(duration_ms: int) -> str:
    """``h:mm:ss.mmm``."""
    seconds, ms = divmod(duration_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{ms:03d}"


def _seconds(seconds: float) -> str:
    ms = _ms(seconds)
    return f"{ms // 1000}.{ms % 1000:03d}s"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)

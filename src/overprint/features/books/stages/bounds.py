"""What a book can need, before anybody has planned it: at most so many steps of each kind, of which a quote is made,
and which features of a plan."""

from collections.abc import Mapping

from overprint.core.story import CHARACTERS_MAX
from overprint.features.billing import Feature
from overprint.features.books.steps import MakeBook, Target

_EBOOKS = (Target.BOOK, Target.EPUB)
_OTHER_PAGES = 4  # the cover, the title page, the dedication, the colophon


def most(request: MakeBook) -> Mapping[str, int]:
    """The plan has as many chapters and pages as were asked for, and no more characters than a plan may have."""
    brief, target = request.brief, request.target
    counts = {"books.plan@1": 1, "books.write@1": brief.chapters}
    if target is Target.CHAPTERS:
        return counts
    pictures = brief.pages + 1
    counts |= {
        "books.cast@1": CHARACTERS_MAX,
        "books.portrait@1": CHARACTERS_MAX,
        "books.scenes@1": brief.chapters,
        "books.cover@1": 1,
        "books.illustrate@1": pictures,
        "books.sign@1": pictures,
    }
    if target is not Target.ILLUSTRATIONS:
        counts["books.compose@1"] = 1
        _add(counts, _files(request))
    return counts


def features(request: MakeBook) -> frozenset[str]:
    """What only some plans have: a print edition and a reading, where they are asked for and on the way of the job."""
    wanted: set[str] = set()
    if request.printer and request.target in (Target.BOOK, Target.PRINT):
        wanted.add(Feature.PRINT)
    if request.is_aloud and request.target in (Target.BOOK, Target.AUDIO):
        wanted.add(Feature.AUDIO)
    return frozenset(wanted)


def _files(request: MakeBook) -> Mapping[str, int]:
    """What is made of the composed book."""
    target = request.target
    counts: dict[str, int] = {}
    if target in (Target.BOOK, Target.PDF):
        _add(counts, {"books.pdf@1": 1, "books.sign@1": 1})
    if target in _EBOOKS:
        _add(counts, {"books.epub@1": 1, "books.epub_fixed@1": 1, "books.sign@1": 2})
    if target in (Target.BOOK, Target.PRINT) and request.printer:
        _add(counts, {"books.print@1": 1})
    if target in (Target.BOOK, Target.AUDIO) and request.is_aloud:
        spoken = request.brief.pages + _OTHER_PAGES
        _add(counts, {"books.voices@1": 1, "books.narrate@1": spoken})
        _add(counts, {"books.read_aloud@1": 1, "books.read_aloud_fixed@1": 1, "books.audiobook@1": 1})
        _add(counts, {"books.sign@1": 3})
    return counts


def _add(counts: dict[str, int], more: Mapping[str, int]) -> None:
    for kind, count in more.items():
        counts[kind] = counts.get(kind, 0) + count

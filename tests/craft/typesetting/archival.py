"""Whether a PDF keeps the rules of PDF/A (level a) and PDF/UA-1 that a program can judge, read from the file itself.

veraPDF cannot be had everywhere, so these are rules of ISO 19005-2/-3 and ISO 14289-1 in our own words: those that a
typesetter, a signature or a careless rewrite can break. What is found is told in words, one line a kind of fault.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from overprint.craft.typesetting.inspect import inspect_pdf

_PAINTING = frozenset({"Tj", "TJ", "'", '"', "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "Do", "sh", "EI"})
_OPENING, _CLOSING = frozenset({"BDC", "BMC"}), frozenset({"EMC"})
_PROGRAMS = ("/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Rendition", "/Trans")
_HEADINGS = tuple(f"/H{level}" for level in range(1, 7))
_TAGS_MAX = 200_000


def departures(data: bytes) -> list[str]:
    """Every rule that ``data`` breaks; none for a file that keeps them. Raises ``Invalid`` for what is no PDF."""
    report = inspect_pdf(data)
    claims = {claim for claim in report.standards if claim in ("PDF/A-2a", "PDF/A-3a", "PDF/UA-1")}
    found = [] if "PDF/UA-1" in claims and len(claims) == 2 else [f"it claims {', '.join(sorted(claims)) or 'nothing'}"]
    if not report.fonts_embedded:
        found.append("a font is not in the file")
    if any(not alternative.strip() for alternative in report.alternatives):
        found.append("a figure has no description")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found += [*_head(pdf), *_objects(pdf), *_structure(pdf)]
        found += [f"page {n}: {fault}" for n, page in enumerate(pdf.pages, 1) for fault in _page(page)]
        if "PDF/A-2a" in claims and "/Names" in pdf.Root and "/EmbeddedFiles" in pdf.Root.Names:
            found.append("PDF/A-2 holds no such file as is embedded")
    return found


def _head(pdf: pikepdf.Pdf) -> Iterator[str]:
    root: Any = pdf.Root
    if pdf.is_encrypted:
        yield "it is encrypted"
    if "/ID" not in pdf.trailer:
        yield "it has no identifier"
    if not str(root.get("/Lang", "")).strip():
        yield "it does not say its language"
    if not root.get("/MarkInfo", {}).get("/Marked", False):
        yield "it does not say that it is tagged"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False):
        yield "readers are not told to show its title"
    intents: Any = root.get("/OutputIntents", [])
    if not any(one.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in one for one in intents):
        yield "it does not say what its colours mean"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if not str(metadata.get("dc:title", "")).strip() or metadata["dc:title"] != str(pdf.docinfo.get("/Title", "")):
            yield "its two titles differ"
    if "/AcroForm" in root or ("/OpenAction" in root and isinstance(root.OpenAction, pikepdf.Dictionary)):
        yield "it acts by itself, or asks to be filled in"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Fonts that cannot be copied as text, filters and pictures that readers may treat differently, programs."""
    faults: dict[str, None] = {}
    for found in pdf.objects:
        if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if found.get("/Type") == "/Font" and found.get("/Subtype") == "/Type3":
            faults["a font is drawn by a program"] = None
        if found.get("/Subtype") == "/Type0" and "/ToUnicode" not in found:
            faults["a font's letters mean nothing to who copies them"] = None
        if str(found.get("/S", "")) in _PROGRAMS or "/JS" in found or "/AA" in found:
            faults["it has a program, a sound or a film in it"] = None
        if isinstance(found, pikepdf.Stream):
            faults |= dict.fromkeys(_stream(found))
    yield from faults


def _stream(found: pikepdf.Stream) -> Iterator[str]:
    if "/F" in found:
        yield "a part of it lies in another file"
    if "LZWDecode" in str(found.get("/Filter", "")):
        yield "a part of it is packed in a way that is forbidden"
    if found.get("/Subtype") == "/Image" and (found.get("/Interpolate", False) or "/Alternates" in found):
        yield "a picture may look different from reader to reader"


def _structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "it has no tags"
        return
    tree = pdf.Root.StructTreeRoot
    if "/ParentTree" not in tree:
        yield "its tags cannot be found from its pages"
    levels = [_HEADINGS.index(str(tag.S)) + 1 for tag in _tags(tree) if str(tag.get("/S", "")) in _HEADINGS]
    if any(after > before + 1 for before, after in zip([0, *levels], levels, strict=False)):
        yield "a level of headings is left out"


def _tags(tree: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Elements of the structure tree in reading order."""
    waiting: list[Any] = [tree.get("/K", pikepdf.Array())]
    for _ in range(_TAGS_MAX):
        if not waiting:
            return
        here = waiting.pop()
        if isinstance(here, pikepdf.Array):
            waiting += reversed(list(here))
        elif isinstance(here, pikepdf.Dictionary):
            yield here
            waiting.append(here.get("/K", pikepdf.Array()))


def _page(page: pikepdf.Page) -> Iterator[str]:
    """Everything that is painted is part of the text or said to be decoration."""
    depth, unmarked, transfers = 0, 0, False
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = instruction.operands, str(instruction.operator)
        depth += (name in _OPENING) - (name in _CLOSING)
        unmarked += name in _PAINTING and depth == 0
        transfers |= name == "gs" and any(key in _state(page, operands) for key in ("/TR", "/HTP"))
    if unmarked:
        yield f"{unmarked} things are painted outside of all tags"
    if depth:
        yield "a tag is not closed"
    if transfers:
        yield "it changes how colours come out"
    if page.obj.get("/Annots") and page.obj.get("/Tabs") != "/S":
        yield "who goes from link to link is not led in reading order"


def _state(page: pikepdf.Page, operands: Any) -> Any:
    resources: Any = page.resources
    return resources.get("/ExtGState", {}).get(str(operands[0]), {})

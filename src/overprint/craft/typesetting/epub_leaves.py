"""The leaves of a book as XHTML pages of one size: what ``leaf.typ`` does for paper, done for readers of fixed layout.

Lengths are pixels of the viewport, ``PX_PER_PT`` to a point. Typst measures a line from the height of its capitals, CSS
from the font's own box: the shifts below are the difference, in em, computed from the metrics of our two faces.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from overprint.core.book import BookDoc, PageKind
from overprint.craft.typesetting.contrast import PAPER, Colour
from overprint.craft.typesetting.epub_leaves_aloud import Say, silent
from overprint.craft.typesetting.epub_pages import BookPart, xhtml
from overprint.craft.typesetting.escaping import text
from overprint.craft.typesetting.geometry import Box, Format
from overprint.craft.typesetting.labels import Labels
from overprint.craft.typesetting.leaves import Leaf, Ornament, SetLines, SetPicture, SetText, SetTitle, SetVeil
from overprint.craft.typesetting.story import LETTERS_AN_EM

PX_PER_PT = 2
CSS = "../css/leaves.css"
# A browser that rounds a width up must not break a line that Typst did not.
_SLACK = 0.02
TEXT_SHIFT_EM, LINES_SHIFT_EM, TITLE_SHIFT_EM = 0.215, 0.128, 0.19
_DROP_MIN_LINES = 3.4
_HALO_PT, _HALO_RADIUS_PT, _PANEL_RADIUS_PT = 24.0, 12.0, 9.0
_KINDS = {kind.value: kind for kind in PageKind}
_FADE = ((0.25, 0.78), (0.52, 0.4), (0.8, 0.12), (1.0, 0.0))
_TOWARDS = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}


@dataclass(frozen=True, slots=True)
class Stage:
    """What all leaves of a book share. ``title_sizes_pt``: what each title was fitted to, and how wide it then is."""

    doc: BookDoc
    form: Format
    labels: Labels
    accent: Colour
    title_sizes_pt: Mapping[SetTitle, tuple[float, float]]


def leaf_part(stage: Stage, leaf: Leaf, number: int, say: Say = silent) -> BookPart:
    """One leaf as a file of its own; ``number`` counts from 1. ``say`` makes markup of what is read on it."""
    kind = _KINDS.get(leaf.template, PageKind.STORY)
    heading = leaf.text.heading if leaf.text else ""
    title = _name(stage, kind, heading, number)
    listed = bool(heading) or kind is PageKind.TITLE
    body = _page(stage, leaf, number, title, say)
    head = f'<meta name="viewport" content="width={_px(stage.form.width_pt)}, height={_px(stage.form.height_pt)}"/>'
    name = f"{number:03d}-{kind.value}.xhtml"
    return BookPart(name, kind, title, listed, (number,), xhtml(stage.doc, title, body, CSS, head))


def _name(stage: Stage, kind: PageKind, heading: str, number: int) -> str:
    labels = stage.labels
    named = {
        PageKind.COVER: labels.cover,
        PageKind.TITLE: stage.doc.title,
        PageKind.DEDICATION: labels.dedication,
        PageKind.COLOPHON: labels.colophon,
    }
    return heading or named.get(kind) or f"{labels.page} {number}"


def _page(stage: Stage, leaf: Leaf, number: int, title: str, say: Say) -> str:
    ground = _rgb(leaf.ground or PAPER)
    parts = [
        f'<span epub:type="pagebreak" role="doc-pagebreak" id="page-{number}" '
        f'aria-label="{text(stage.labels.page)} {number}"></span>',
        _picture(leaf.picture) if leaf.picture else "",
        *map(_veil, leaf.veils),
        *(_title(stage, line, say) if isinstance(line, SetTitle) else _lines(line, say) for line in leaf.lines),
        *(_ornament(stage, mark) for mark in leaf.ornaments),
        _words(leaf.text, say) if leaf.text else "",
        _folio(stage, number) if leaf.numbered else "",
    ]
    size = f"width:{_px(stage.form.width_pt)}px;height:{_px(stage.form.height_pt)}px"
    kept = "\n".join(part for part in parts if part)
    return f'<section class="leaf" aria-label="{text(title)}" style="{size};background:{ground}">\n{kept}\n</section>\n'


def _picture(picture: SetPicture) -> str:
    clip, placed = picture.clip, picture.placed
    inside = Box(placed.left_pt - clip.left_pt, placed.top_pt - clip.top_pt, placed.width_pt, placed.height_pt)
    told = f'alt="{text(picture.alt)}"' if picture.alt else 'alt="" role="presentation"'
    shown = f'<img src="../pictures/{picture.file}" {told} style="{_at(inside)}"/>'
    return f'<div class="picture" style="{_at(clip)};border-radius:{_px(picture.radius_pt)}px">{shown}</div>'


def _veil(veil: SetVeil) -> str:
    if veil.alpha <= 0:
        return ""
    full = _rgb(veil.colour, veil.alpha)
    if veil.shape == "panel":
        look = f"background:{full};border-radius:{_px(_PANEL_RADIUS_PT)}px"
    elif veil.shape == "halo":
        spread = _px(_HALO_PT)
        look = f"background:{full};border-radius:{_px(_HALO_RADIUS_PT)}px;box-shadow:0 0 {spread}px {spread}px {full}"
    else:
        look = f"background:linear-gradient(to {_TOWARDS[veil.edge]},{_shade_stops(veil)})"
    return f'<div class="veil" style="{_at(veil.box)};{look}"></div>'


def _shade_stops(veil: SetVeil) -> str:
    """Full up to ``hold``, then the same fading as on paper."""
    rest = 1 - veil.hold
    faded = [(veil.hold + rest * share, strength) for share, strength in _FADE]
    stops = [(0.0, 1.0), (veil.hold, 1.0), *faded]
    return ",".join(f"{_rgb(veil.colour, veil.alpha * strength)} {at:.1%}" for at, strength in stops)


def _title(stage: Stage, line: SetTitle, say: Say) -> str:
    size_pt, width_pt = stage.title_sizes_pt[line]
    wide = width_pt * (1 + _SLACK)
    box = Box(line.box.middle_pt[0] - wide / 2, line.box.top_pt, wide, line.box.height_pt)
    tag = "h1" if line.main else "p"
    style = f"{_standing(box, size_pt, TITLE_SHIFT_EM)};color:{_rgb(line.ink)}"
    return f'<{tag} class="title" style="{style}">{say(0, line.title)}</{tag}>'


def _lines(line: SetLines, say: Say) -> str:
    style = f"{_standing(line.box, line.size, LINES_SHIFT_EM)};color:{_rgb(line.ink)}"
    kind = "lines italic" if line.italic else "lines"
    paragraphs = "".join(f"<p>{say(n, words)}</p>" for n, words in enumerate(line.paragraphs, 1))
    return f'<div class="{kind}" style="{style}">{paragraphs}</div>'


def _words(words: SetText, say: Say) -> str:
    heading = ""
    if words.heading:
        kind = ' class="above-drop"' if words.drop else ""
        heading = f'<h1{kind} style="color:{_rgb(words.accent)}">{say(0, words.heading)}</h1>'
    paragraphs = [f"<p>{say(n, paragraph)}</p>" for n, paragraph in enumerate(words.paragraphs, 1)]
    if words.drop and paragraphs and fills_lines_beside_a_drop_cap(words):
        paragraphs[0] = paragraphs[0].replace("<p>", '<p class="drop">', 1)
    wide = words.box.grown(words.box.width_pt * _SLACK / 2, 0)
    kinds = ["words", *(["centred"] if words.centred else []), *(["justified"] if words.justified else [])]
    style = f"{_standing(wide, words.size, TEXT_SHIFT_EM)};color:{_rgb(words.ink)};--accent:{_rgb(words.accent)}"
    return f'<div class="{" ".join(kinds)}" style="{style}">{heading}{"".join(paragraphs)}</div>'


def fills_lines_beside_a_drop_cap(words: SetText) -> bool:
    """Surely: where Typst and a browser would disagree there is none."""
    a_line = words.width / words.size * LETTERS_AN_EM
    return len(words.paragraphs[0]) > _DROP_MIN_LINES * a_line


def _ornament(stage: Stage, mark: Ornament) -> str:
    box = Box(0, mark.top_pt, stage.form.width_pt, mark.size_pt)
    style = f"{_standing(box, mark.size_pt, TEXT_SHIFT_EM)};color:{_rgb(stage.accent)}"
    return f'<p class="ornament" aria-hidden="true" style="{style}">\u2767</p>'


def _folio(stage: Stage, number: int) -> str:
    form = stage.form
    box = Box(0, form.height_pt - 0.5 * form.margin_pt - 11, form.width_pt, 11)
    style = f"{_standing(box, 11, TEXT_SHIFT_EM)};color:{_rgb(stage.accent)}"
    return f'<p class="folio" aria-hidden="true" style="{style}">{number}</p>'


def _standing(box: Box, size_pt: float, shift_em: float) -> str:
    """Where words begin: as wide as ``box``, as tall as they are."""
    return (
        f"left:{_px(box.left_pt)}px;top:{_px(box.top_pt - shift_em * size_pt)}px;"
        f"width:{_px(box.width_pt)}px;font-size:{_px(size_pt)}px"
    )


def _at(box: Box) -> str:
    return (
        f"left:{_px(box.left_pt)}px;top:{_px(box.top_pt)}px;width:{_px(box.width_pt)}px;height:{_px(box.height_pt)}px"
    )


def _px(length_pt: float) -> str:
    return f"{length_pt * PX_PER_PT:.2f}".rstrip("0").rstrip(".")


def _rgb(colour: Colour, alpha: float = 1) -> str:
    red, green, blue = colour
    return f"rgb({red},{green},{blue})" if alpha >= 1 else f"rgba({red},{green},{blue},{alpha:.3f})"

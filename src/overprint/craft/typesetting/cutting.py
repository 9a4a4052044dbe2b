"""A font cut down to some of its letters, for an e-book that needs no more of them."""

import io
from pathlib import Path

from fontTools import subset

_NAMES_KEPT = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # who made it and under which licence, among them
_DROPPED = ["GPOS", "GSUB", "BASE", "VORG", "vhea", "vmtx", "DSIG"]


def cut(path: Path, letters: frozenset[int]) -> bytes:
    """The OpenType font at ``path`` with these code points and nothing else. The same input gives the same bytes."""
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = _NAMES_KEPT
    options.drop_tables = [*options.drop_tables, *_DROPPED]
    font = subset.load_font(str(path), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(letters))
    cutter.subset(font)
    kept = io.BytesIO()
    subset.save_font(font, kept, options)
    return kept.getvalue()

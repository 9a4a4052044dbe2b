"""Pictures hung into a finished PDF file, where small stand-ins kept their places.

Typst decodes every picture it sets in full, only to copy its file into the PDF as it is: for a picture book that was
most of its work. So it is given pictures of a few pixels, told where and how large they lie, and never sees the others.
"""

from collections.abc import Iterable

import pikepdf

from overprint.craft.typesetting.leaves import Leaf
from overprint.craft.typesetting.pictures import Print


def hang(made: pikepdf.Pdf, prints: Iterable[Print], leaves: Iterable[Leaf]) -> None:
    """Put the true pictures of ``leaves`` in place of those that stand in for them in ``made``.

    Raises ``RuntimeError`` if one is not there: rather no book than one of grey squares.
    """
    shown = {leaf.picture.file for leaf in leaves if leaf.picture}
    known = {one.stand_in: one for one in prints if one.stand_in and not one.vector and one.name in shown}
    hung = set()
    for found in made.objects if known else ():
        if isinstance(found, pikepdf.Stream) and found.get("/Subtype") == "/Image":
            standing = found.read_raw_bytes()
            if standing in known:
                _replace(found, known[standing])
                hung.add(standing)
    if len(hung) < len(known):
        raise RuntimeError(f"{len(known) - len(hung)} pictures found no place in the file")


def _replace(found: pikepdf.Stream, picture: Print) -> None:
    found.write(picture.data, filter=pikepdf.Name.DCTDecode)
    found.Width, found.Height = picture.width_px, picture.height_px

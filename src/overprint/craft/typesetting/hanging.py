"""Pictures hung into a finished PDF file, where small stand-ins kept their places.

Typst decodes every picture it sets in full, only to copy its file into the PDF as it is: for a picture book that was
most of its work. So it is given pictures of a few pixels, told where and how large they lie, and never sees the others.
"""

from collections.abc import Iterable

from overprint.craft.typesetting.leaves import Leaf
from overprint.craft.typesetting.pictures import Print
from overprint.craft.typesetting.splicing import Change, Written


def hang(written: bytes, prints: Iterable[Print], leaves: Iterable[Leaf]) -> bytes:
    """``written`` with the true pictures of ``leaves`` in place of those that stand in for them.

    Raises ``RuntimeError`` if one is not there: rather no book than one of grey squares.
    """
    shown = {leaf.picture.file for leaf in leaves if leaf.picture}
    known = {one.stand_in: one for one in prints if one.stand_in and not one.vector and one.name in shown}
    if not known:
        return written
    file = Written(written)
    found = {stand_in: written.find(stand_in) for stand_in in known}
    lost = sum(at < 0 for at in found.values())
    if lost:
        raise RuntimeError(f"{lost} pictures found no place in the file")
    return file.with_changes([_hung(file, found[stand_in], picture) for stand_in, picture in known.items()])


def _hung(file: Written, at: int, picture: Print) -> Change:
    size = {b"Width": picture.width_px, b"Height": picture.height_px}
    return file.with_stream(file.object_round(at), picture.data, size)

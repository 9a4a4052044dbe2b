"""Cover and inside as one PDF/X-4 file, as some printers take them."""

import io

import pikepdf


def in_one_file(cover: bytes, inside: bytes) -> bytes:
    """The cover, an empty page, the inside, an empty page. The same input gives the same bytes.

    Every page's trim is its whole sheet, as in the printers' own templates: an inset one was seen to be scaled up.
    """
    with pikepdf.open(io.BytesIO(cover)) as whole, pikepdf.open(io.BytesIO(inside)) as pages:
        left, bottom, right, top = (float(side) for side in pages.pages[0].mediabox)
        leaf = (right - left, top - bottom)
        whole.add_blank_page(page_size=leaf)
        whole.pages.extend(pages.pages)
        whole.add_blank_page(page_size=leaf)
        for page in whole.pages:
            page.trimbox = page.mediabox
            page.obj.BleedBox = page.mediabox
        kept = io.BytesIO()
        whole.save(
            kept, deterministic_id=True, force_version="1.6", object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return kept.getvalue()

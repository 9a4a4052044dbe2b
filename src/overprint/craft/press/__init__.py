"""The print edition: PDF/X-4 pages in inks, a cover that goes round the spine, and a report on both.

Pure like typesetting: no clock, no network; the same input gives the same bytes. ``press_bytes`` is for a child
process: it takes what ``payload`` packs, and ``read_press`` reads what it answers.
"""

from overprint.craft.press.child import PressReport, payload, press_bytes, read_press, told_whole
from overprint.craft.press.preflight import Finding, Level, preflight_cover, preflight_interior, told
from overprint.craft.press.press_file import interior_pdf
from overprint.craft.press.printers import Printer, get_printer, printers
from overprint.craft.press.wrap import wrap_pdf

__all__ = [
    "Finding",
    "Level",
    "PressReport",
    "Printer",
    "get_printer",
    "interior_pdf",
    "payload",
    "preflight_cover",
    "preflight_interior",
    "press_bytes",
    "printers",
    "read_press",
    "told",
    "told_whole",
    "wrap_pdf",
]

"""The print edition: PDF/X-4 pages in inks, a cover that goes round the spine, and a report on both.

Pure like typesetting: no clock, no network; the same input gives the same bytes. ``press_bytes`` is for a child
process: it takes what ``payload`` packs, and ``read_press`` reads what it answers. Nothing here loads what prints until
it runs.
"""

from overprint.craft.press.child import PressReport, payload, press_bytes, read_press, told_whole
from overprint.craft.press.findings import Finding, Level, told
from overprint.craft.press.printers import Printer, get_printer, printers

__all__ = [
    "Finding",
    "Level",
    "PressReport",
    "Printer",
    "get_printer",
    "payload",
    "press_bytes",
    "printers",
    "read_press",
    "told",
    "told_whole",
]

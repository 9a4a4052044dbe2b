"""Who did what to what, from where. Append-only: each team's lines are a chain of hashes that anybody can prove."""

from overprint.features.audit.rules import ROW_MAX_BYTES, SITE, Actor, Proven, prove_export
from overprint.features.audit.service import Audit, lines_of, record, record_by_system

__all__ = [
    "ROW_MAX_BYTES",
    "SITE",
    "Actor",
    "Audit",
    "Proven",
    "lines_of",
    "prove_export",
    "record",
    "record_by_system",
]

"""Who did what to what. Append-only: the app role may insert and read, nobody may change a line."""

from overprint.features.audit.store import record

__all__ = ["record"]

"""People. Until sign-in exists there is one: the owner of this machine."""

from overprint.features.accounts.store import LOCAL_OWNER_EMAIL, ensure_person

__all__ = ["LOCAL_OWNER_EMAIL", "ensure_person"]

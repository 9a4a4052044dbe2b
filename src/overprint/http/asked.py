"""What forms that look for something send, as plain text: what is empty or means nothing looks for nothing."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID


def read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def read_day(text: str, days_later: int = 0) -> datetime | None:
    """When a day such as 2026-11-22 begins (UTC), or one so much later."""
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=days_later), time(), UTC)
    except (ValueError, OverflowError):
        return None

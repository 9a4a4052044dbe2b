"""The front room's manifest. What speaks HTTP is loaded for a web process only."""

from overprint.features.billing import Plans, Quotes
from overprint.http.room import Room


def room(plans: Plans, quotes: Quotes, *, site_url: str, is_open: bool) -> Room:
    """``site_url``: our address, as others link to it. ``is_open``: whether anybody may try it as a guest."""
    from overprint.features.front.web import router

    return Room("front", open_pages=(router(plans, quotes, site_url=site_url, is_open=is_open),))

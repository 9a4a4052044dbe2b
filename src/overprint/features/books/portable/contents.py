"""What of a book travels: answers that cannot be had again for sure, and the files in them. The rest is made anew."""

from collections.abc import Mapping

# By the first part of the step's key. Looks are in the plan as well, but a quote knows no picture to be there before it
# knows what its characters look like.
KINDS = {
    "plan": "books.plan@1",
    "cast": "books.cast@1",
    "portrait": "books.portrait@1",
    "text": "books.write@1",
    "scene": "books.cover@1",
    "scenes": "books.scenes@1",
    "picture": "books.illustrate@1",
    "voices": "books.voices@1",
    "narrate": "books.narrate@1",
}
TRAVELS = frozenset(KINDS.values())
EDITED_KINDS = {part: KINDS[part] for part in ("text", "cast", "scene", "scenes", "picture")}


def kind_of(key: str, kinds: Mapping[str, str] = KINDS) -> str | None:
    """The kind of step that answers under ``key``; None for one that does not travel."""
    return kinds.get(key.partition("/")[0])

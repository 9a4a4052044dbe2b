"""What a film is made of, as far as somebody could see or hear a difference."""

from overprint.core.codec import Json, digest

# Of a brief: what its storyboard stands for by now, and in what other forms the film can be had.
_UNSEEN = ("premise", "title", "preset", "preset_id", "outputs")


def essence(brief: Json, board: Json, driving: Json = None, lut: Json = None) -> str:
    """The same for two films that are the same; hashed. Locks are seen by nobody. ``driving``: a clip that is followed,
    and ``lut``: a look that lies over it, each a stored file."""
    cards = [{name: value for name, value in card.items() if name != "is_locked"} for card in board["cards"]]
    follows = driving or brief.get("curves")
    unseen = _UNSEEN if follows else (*_UNSEEN, "orientation")
    shown = {name: value for name, value in brief.items() if name not in unseen}
    brought = [file["content_hash"] if file else None for file in (driving, lut)]
    return digest([shown, board["title"], board.get("people", []), cards, brought])

"""How files are named in the answers that travel: by what is in them, for where they lie means nothing elsewhere."""

from collections.abc import Callable, Mapping

from overprint.core.codec import Json

FILES = "files/"


def moved(value: Json, move: Callable[[Mapping[str, Json]], Json]) -> Json:
    """``value`` with every stored file in it changed by ``move``."""
    if isinstance(value, Mapping):
        if "content_hash" in value and "key" in value:
            return move(value)
        return {name: moved(item, move) for name, item in value.items()}
    if isinstance(value, list):
        return [moved(item, move) for item in value]
    return value

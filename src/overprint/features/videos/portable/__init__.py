"""Films that travel: out as one file (``sending``), and in from one that anybody may have made (``arriving``)."""

from overprint.features.videos.portable.arriving import holds_film
from overprint.features.videos.portable.sending import results_of
from overprint.features.videos.portable.travelling import Judged, Portables

__all__ = ["Judged", "Portables", "holds_film", "results_of"]

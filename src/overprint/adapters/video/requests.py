"""What everybody who films asks of a request before anything is drawn, sent or paid for."""

from overprint.ports.errors import Refused
from overprint.ports.video import VideoRequest

SIDE_MAX_PX = 4096
FPS_MAX = 60
FRAMES_MAX = FPS_MAX * 180


def check_request(request: VideoRequest, provider: str) -> None:
    """Raises ``Refused`` for what nobody can film."""
    size = request.width_px, request.height_px
    if not all(2 <= side <= SIDE_MAX_PX and side % 2 == 0 for side in size):
        raise Refused(f"A film of {size[0]} × {size[1]} pixels cannot be made: both must be even.", provider=provider)
    if not (1 <= request.frames <= FRAMES_MAX and 1 <= request.fps <= FPS_MAX):
        raise Refused(f"A clip has 1 to {FRAMES_MAX} frames, up to {FPS_MAX} a second.", provider=provider)

"""The embedded illustrator behind the ``image`` port: draws from the scene graph, in a child process."""

from overprint.craft.drawing import Order, delivery, draw_bytes, order_bytes
from overprint.ports.compute import ComputeFailed, ComputeLimit, ComputePort
from overprint.ports.errors import Refused, Unavailable
from overprint.ports.image import SIDE_MAX_PX, ImageAnswer, ImageRequest
from overprint.ports.provider import Provider

TIMEOUT_SECONDS = 120.0
MEMORY_BYTES = 3 * 1024**3
_NAME = "embedded"


class EmbeddedIllustrator:
    """Needs no network and no key. The same request always gives the same picture."""

    references_max = 0  # it draws a character from the sheet, the same each time

    def __init__(self, compute: ComputePort) -> None:
        self._compute = compute

    @property
    def provider(self) -> Provider:
        return Provider(name=_NAME, model="illustrator@5", label="procedural picture", is_idempotent=True)

    def kept_share(self, width_px: int, height_px: int) -> float:
        return 1.0  # it draws any size

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        _check(request)
        size = request.width_px, request.height_px
        order = Order(request.scene, request.sheets, request.style, *size, request.seed, request.is_spread)
        try:
            answer = await self._compute.run(
                draw_bytes, order_bytes(order), timeout_seconds=TIMEOUT_SECONDS, memory_bytes=MEMORY_BYTES
            )
        except ComputeFailed as failure:
            raise _failed(failure) from failure
        except ComputeLimit as limit:
            raise Refused(
                "This picture took too long or too much memory to draw. Ask for a smaller one.", provider=_NAME
            ) from limit
        picture = delivery(answer)
        return ImageAnswer(
            data=picture.data,
            media_type="image/jpeg",
            width_px=picture.width_px,
            height_px=picture.height_px,
            shown=picture.shown,
            vector=picture.vector,
        )


def _check(request: ImageRequest) -> None:
    if not (1 <= request.width_px <= SIDE_MAX_PX and 1 <= request.height_px <= SIDE_MAX_PX):
        raise Refused(
            f"A picture of {request.width_px} × {request.height_px} pixels cannot be drawn. "
            f"Ask for 1 to {SIDE_MAX_PX} pixels a side.",
            provider=_NAME,
        )
    missing = sorted({actor.who for actor in request.scene.actors} - set(request.sheets))
    if missing:
        names = ", ".join(repr(who[:40]) for who in missing)
        raise Refused(f"Nobody has said how {names} looks. Give a sheet for every actor of the scene.", provider=_NAME)


def _failed(failure: ComputeFailed) -> Refused | Unavailable:
    """An order that makes no sense is never tried again; a drawing child that died is."""
    if failure.kind == "Invalid":
        return Refused(failure.message, provider=_NAME)
    return Unavailable("The illustrator stopped in the middle of a picture. It will be tried again.", provider=_NAME)

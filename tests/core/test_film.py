"""Films before they are rendered."""

import pytest

from overprint.core.film import Aspect, Definition, frame_size_px


@pytest.mark.parametrize(
    ("aspect", "definition", "size"),
    [
        (Aspect.WIDE, Definition.HD, (1280, 720)),
        (Aspect.WIDE, Definition.FULL_HD, (1920, 1080)),
        (Aspect.TALL, Definition.FULL_HD, (1080, 1920)),
        (Aspect.SQUARE, Definition.HD, (720, 720)),
        (Aspect.PORTRAIT, Definition.FULL_HD, (1080, 1350)),
    ],
)
def test_the_shorter_side_of_a_frame_is_what_its_definition_says(
    aspect: Aspect, definition: Definition, size: tuple[int, int]
) -> None:
    assert frame_size_px(aspect, definition) == size

"""What lays frames compiled before the first film asks for it: ``python -m overprint.craft.motion.warming``.

Compiling takes a dozen seconds of a processor and is kept for all that come (``compiled.py``); two who do it at once
write the same. The environment's set-up runs it, while somebody waits for more than that anyway.
"""

from overprint.core.film import Move
from overprint.core.scene import Actor, Place, Pose, PropKind, Scene, Setting, Sheet, Species, Time, Weather
from overprint.core.story import Style
from overprint.craft.motion.child import ClipOrder
from overprint.craft.motion.frames import frames_of

_WITH_A_LAMP = Actor("fox", Pose.HOLD, place=Place.LEFT, holding=PropKind.LANTERN)
_SHOT = ClipOrder(
    Scene(Setting.FOREST, "", "", time=Time.NIGHT, weather=Weather.RAIN, actors=(_WITH_A_LAMP,)),
    sheets={"fox": Sheet(Species.FOX, "#e8793a", "#fff1de", "#4f86b8", "#2f8f83")},
    style=Style.FLAT,
    move=Move(pan=3),
    width_px=96,
    height_px=64,
    fps=24,
    frames=2,
    seed=1,
)


def main() -> None:
    """Lays the smallest shot that has everything in it: layers, rain, lights."""
    for _ in frames_of(_SHOT):
        pass


if __name__ == "__main__":
    main()

"""``benchmarks.video``, by MoviePy: the same layers, each where and as large as in our frames, the same rain and the
same dark corners, but without what leans, turns, blinks or shines; whole pixels at a time, which is all it has.

Run by a Python of its own, for MoviePy wants an older Pillow than Overprint has: ``PYTHON video_moviepy.py FOLDER``.
The folder has ``layers.npz``: ``size`` (width, height, frames a second), ``layer-00`` … far to near (RGBA; what falls
before one is ``layer-00-before``, RGBA of every frame) and ``place-00`` … (for each frame: left, top, times larger).
Says the CPU seconds that the film took, ffmpeg's among them.
"""

import resource
import sys
from pathlib import Path
from typing import Any

import numpy as np
from moviepy import CompositeVideoClip, ImageClip, VideoClip  # type: ignore[import-not-found]

_SETTINGS = ["-crf", "20", "-x264-params", "mbtree=0", "-threads", "1"]


def main(folder: Path) -> None:
    told = np.load(folder / "layers.npz")
    width, height, fps = map(int, told["size"])
    # What falls before a layer is behind it: "~" comes after "-".
    names = sorted((name for name in told if name.startswith("layer-")), key=lambda name: f"{name}~")
    places = [told[name.replace("layer", "place")] for name in names]
    seconds = len(places[0]) / fps
    clips = [
        _moved(_shown(told[name], fps), place, fps).with_duration(seconds)
        for name, place in zip(names, places, strict=True)
    ]
    used = _cpu_seconds()
    film = CompositeVideoClip(clips, size=(width, height)).with_duration(seconds)
    film.write_videofile(
        str(folder / "film.mp4"),
        fps=fps,
        codec="libx264",
        preset="veryfast",
        audio=False,
        pixel_format="yuv420p",
        ffmpeg_params=_SETTINGS,
        logger=None,
    )
    print(_cpu_seconds() - used)


def _shown(pictures: Any, fps: int) -> Any:
    if pictures.ndim == 3:
        return ImageClip(pictures)

    def at(seconds: float) -> Any:
        return pictures[min(len(pictures) - 1, round(seconds * fps))]

    mask = VideoClip(lambda seconds: at(seconds)[:, :, 3] / 255, is_mask=True)
    return VideoClip(lambda seconds: at(seconds)[:, :, :3]).with_mask(mask)


def _moved(clip: Any, place: Any, fps: int) -> Any:
    def at(seconds: float) -> Any:
        return place[min(len(place) - 1, round(seconds * fps))]

    if np.ptp(place[:, 2]) > 0 or place[0, 2] != 1:
        clip = clip.resized(lambda seconds: float(at(seconds)[2]))
    return clip.with_position(lambda seconds: (int(at(seconds)[0]), int(at(seconds)[1])))


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Editing across a process boundary, for the compute port: orders and answers are bytes, films are files in a folder.

What the work needs is imported when it runs, which is in a child process: importing this module loads no encoder.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from overprint.core.checks import FilmChecks
from overprint.core.codec import decode, encode
from overprint.core.film import CaptionStyle, Look, Mood, Output, Transition
from overprint.core.problems import Invalid
from overprint.craft.editing.captions import Caption
from overprint.craft.framing import pack, unpack

FILM_MEDIA_TYPE = "video/mp4"
SOUND_MEDIA_TYPE = "audio/mp4"
EDIT_MEMORY_BYTES = 1_000_000_000
CLIP, BEFORE, FINISHED = "clip.mp4", "before.mp4", "finished.mp4"
SOUND, FILM, MADE = "sound.m4a", "film.mp4", "made"
"""What files are called that works find in their folder, and leave there."""
_USUAL_PX = 1920 * 1080


@dataclass(frozen=True, slots=True)
class FinishOrder:
    """``frames``: how many of the clip are in the film; what it has beyond them is for the transition after it.

    ``captions`` are those that are drawn into the picture, by the scene's own clock. For its first ``overlap`` frames
    the scene before is still seen, from its frame ``before_frames`` on. Over the last ``credit_frames`` lie ``title``
    and ``credits``. ``width_px`` and ``height_px``: to what it is enlarged; 0 leaves it as it is. ``denoise``, 0 to 10:
    how much noise is taken out; ``is_steadied``: a hand that trembles is held.
    """

    captions: tuple[Caption, ...]
    frames: int
    fps: int
    opens: bool
    ends: bool
    caption_style: CaptionStyle = CaptionStyle.BAR
    look: Look = field(default_factory=Look)
    transition: Transition = Transition.CUT
    before_frames: int = 0
    overlap: int = 0
    title: str = ""
    credits: tuple[str, ...] = ()
    credit_frames: int = 0
    seed: int = 0
    width_px: int = 0
    height_px: int = 0
    denoise: int = 0
    is_steadied: bool = False


@dataclass(frozen=True, slots=True)
class SoundOrder:
    """``starts_seconds``: when each narration begins; ``seconds``: how long the film is."""

    seconds: float
    starts_seconds: tuple[float, ...]
    mood: Mood
    seed: int


@dataclass(frozen=True, slots=True)
class JoinOrder:
    """How many ``clips`` there are, at how many frames a second; ``frames`` of all of them, of which size."""

    title: str
    fps: int
    clips: int
    frames: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class FilmSound:
    """An M4A file; its loudness (LUFS) and highest point (dBTP) were measured before encoding."""

    data: bytes
    loudness_lufs: float
    peak_dbtp: float


def finish_order(order: FinishOrder, lut: bytes = b"") -> bytes:
    """What :func:`finish_clip` takes. ``lut``: a ``.cube`` file."""
    return pack({"order": encode(order)}, {"lut": lut})


def finish_timeout_seconds(order: FinishOrder) -> float:
    """Ample: a second for a frame of 1080p, and as much again for whatever is done to all of it besides."""
    times = max(1.0, order.width_px * order.height_px / _USUAL_PX) * (2 if order.denoise else 1)
    return 60.0 + order.frames * (times + order.is_steadied)


def finish_clip(payload: bytes, folder: Path) -> Generator[int, None, bytes]:
    """``CLIP`` becomes ``FINISHED``, with what is still seen of ``BEFORE``, the clip of the scene before, where it is
    ordered to overlap; yields how many frames are done. Raises ``Invalid``."""
    from overprint.craft.editing.finishing import finish

    header, blobs = unpack(payload)
    try:
        order, lut = decode(FinishOrder, header["order"]), blobs["lut"]
    except KeyError:
        raise _damaged() from None
    yield from finish(folder / CLIP, folder / BEFORE, folder / FINISHED, order, lut)
    return b""


def sound_order(order: SoundOrder, narrations: Sequence[bytes]) -> bytes:
    """What :func:`sound_bytes` takes: an M4A file for every start."""
    return pack({"order": encode(order)}, {f"{n:03}": sound for n, sound in enumerate(narrations)})


def sound_timeout_seconds(seconds: float) -> float:
    return 60.0 + 2 * seconds


def sound_bytes(payload: bytes) -> bytes:
    """The sound of a film. Read the answer with :func:`film_sound`. Raises ``Invalid``."""
    from overprint.craft.editing.mixing import encoded, mixed
    from overprint.craft.editing.truepeak import true_peak_dbtp
    from overprint.craft.music.bed import bed
    from overprint.craft.narration.loudness import channels_lufs

    header, blobs = unpack(payload)
    try:
        order = decode(SoundOrder, header["order"])
        sounds = [(start, blobs[f"{n:03}"]) for n, start in enumerate(order.starts_seconds)]
    except KeyError:
        raise _damaged() from None
    music = bed(order.mood, order.seconds, order.seed) if order.mood is not Mood.NONE else None
    both = mixed(sounds, order.seconds, music)
    measured = {"loudness_lufs": channels_lufs(both, 48_000), "peak_dbtp": true_peak_dbtp(both)}
    return pack(measured, {"sound": encoded(both)})


def film_sound(answer: bytes) -> FilmSound:
    header, blobs = unpack(answer)
    return FilmSound(blobs["sound"], float(header["loudness_lufs"]), float(header["peak_dbtp"]))


def clip_name(number: int) -> str:
    """Of the finished clip at this place of the film, from 0."""
    return f"clip-{number:03}.mp4"


def join_order(order: JoinOrder) -> bytes:
    """What :func:`join_film` takes."""
    return pack({"order": encode(order)}, {})


def join_timeout_seconds(seconds: float) -> float:
    """It looks at every frame: of the largest and fastest film, two to three seconds of processor time a second."""
    return 120.0 + 20 * seconds


def join_film(payload: bytes, folder: Path) -> bytes:
    """Finished clips (:func:`clip_name`) and their ``SOUND`` become ``FILM``. Read what was found in it with
    :func:`checks_of`. Raises ``Invalid``, of a film that is not what it was to be too."""
    from overprint.craft.editing.joining import join
    from overprint.craft.editing.probing import Meant, probed

    header, _ = unpack(payload)
    try:
        order = decode(JoinOrder, header["order"])
    except KeyError:
        raise _damaged() from None
    clips, film = [folder / clip_name(n) for n in range(order.clips)], folder / FILM
    join(clips, folder / SOUND, film, fps=order.fps, title=order.title)
    checks = probed(film, Meant(order.width_px, order.height_px, order.fps, order.frames))
    if checks.problems:
        raise Invalid(f"This film does not stand up to its own check: {checks.problems[0]}", "Render the film again.")
    return pack({"checks": encode(checks)}, {})


def checks_of(answer: bytes) -> FilmChecks:
    return decode(FilmChecks, unpack(answer)[0]["checks"])


def package_order(output: Output) -> bytes:
    """What :func:`package_film` takes: what is to become of a film."""
    return pack({"output": output.value}, {})


def package_timeout_seconds(seconds: float) -> float:
    return 120.0 + 30 * seconds


def package_film(payload: bytes, folder: Path) -> bytes:
    """``FILM`` as something else: the files of a folder of their own, ``MADE``. Raises ``Invalid``."""
    from overprint.craft.editing.packaging import package

    header, _ = unpack(payload)
    try:
        output = Output(header["output"])
    except (KeyError, ValueError):
        raise _damaged() from None
    made = folder / MADE
    made.mkdir()
    package(folder / FILM, output, made)
    return b""


def _damaged() -> Invalid:
    return Invalid("This order is damaged.", "Order it again.")

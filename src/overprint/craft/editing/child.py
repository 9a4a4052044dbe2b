"""Editing across a process boundary: bytes in, bytes out, for the compute port.

What the work needs is imported when it runs, which is in a child process: importing this module loads no encoder.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field

from overprint.core.checks import FilmChecks
from overprint.core.codec import decode, encode
from overprint.core.film import CaptionStyle, Look, Mood, Output, Transition
from overprint.core.problems import Invalid
from overprint.craft.editing.captions import Caption
from overprint.craft.framing import pack, unpack, unpack_views

FILM_MEDIA_TYPE = "video/mp4"
SOUND_MEDIA_TYPE = "audio/mp4"
EDIT_MEMORY_BYTES = 1_000_000_000


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


@dataclass(frozen=True, slots=True)
class JoinedFilm:
    """An MP4 file, and what was found in it."""

    data: bytes
    checks: FilmChecks


def finish_order(order: FinishOrder, clip: bytes, before: bytes = b"", lut: bytes = b"") -> bytes:
    """What :func:`finish_bytes` takes. ``before``: the clip of the scene before; ``lut``: a ``.cube`` file."""
    return pack({"order": encode(order)}, {"clip": clip, "before": before, "lut": lut})


def finish_timeout_seconds(frames: int) -> float:
    return 60.0 + frames


def finish_bytes(payload: bytes) -> Generator[int, None, bytes]:
    """A finished clip; yields how many frames are done. Raises ``Invalid``."""
    from overprint.craft.editing.finishing import finished

    header, blobs = unpack_views(payload)
    try:
        order, clip, before = decode(FinishOrder, header["order"]), blobs["clip"], blobs["before"]
        lut = bytes(blobs["lut"])
    except KeyError:
        raise _damaged() from None
    return (yield from finished(clip, before, order, lut))


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


def join_order(order: JoinOrder, clips: Sequence[bytes], sound: bytes) -> bytes:
    """What :func:`join_bytes` takes: finished clips in their order, and the sound of all of them."""
    blobs = {f"clip-{n:03}": clip for n, clip in enumerate(clips)}
    return pack({"order": encode(order)}, blobs | {"sound": sound})


def join_timeout_seconds(seconds: float) -> float:
    """It looks at every frame: of the largest and fastest film, two to three seconds of processor time a second."""
    return 120.0 + 20 * seconds


def join_bytes(payload: bytes) -> bytes:
    """The film, probed. Read the answer with :func:`joined_film`. Raises ``Invalid``, of a film that is not what it was
    to be too."""
    from overprint.craft.editing.joining import joined
    from overprint.craft.editing.probing import Meant, probed

    header, blobs = unpack_views(payload)
    try:
        order = decode(JoinOrder, header["order"])
        clips = [blobs[f"clip-{n:03}"] for n in range(order.clips)]
        sound = blobs["sound"]
    except KeyError:
        raise _damaged() from None
    with joined(clips, sound, fps=order.fps, title=order.title) as film:
        checks = probed(film, Meant(order.width_px, order.height_px, order.fps, order.frames))
        if checks.problems:
            raise Invalid(
                f"This film does not stand up to its own check: {checks.problems[0]}", "Render the film again."
            )
        return pack({"checks": encode(checks)}, {"film": film})


def joined_film(answer: bytes) -> JoinedFilm:
    header, blobs = unpack_views(answer)
    return JoinedFilm(bytes(blobs["film"]), decode(FilmChecks, header["checks"]))


def package_order(output: Output, film: bytes) -> bytes:
    """What :func:`package_bytes` takes: a film, and what is to become of it."""
    return pack({"output": output.value}, {"film": film})


def package_timeout_seconds(seconds: float) -> float:
    return 120.0 + 30 * seconds


def package_bytes(payload: bytes) -> bytes:
    """A film as something else. Read the answer with :func:`packages`. Raises ``Invalid``."""
    from overprint.craft.editing.packaging import packaged

    header, blobs = unpack_views(payload)
    try:
        output, film = Output(header["output"]), blobs["film"]
    except (KeyError, ValueError):
        raise _damaged() from None
    return pack({}, packaged(film, output))


def packages(answer: bytes) -> Mapping[str, bytes]:
    """Files by their names in a folder."""
    return unpack(answer)[1]


def _damaged() -> Invalid:
    return Invalid("This order is damaged.", "Order it again.")

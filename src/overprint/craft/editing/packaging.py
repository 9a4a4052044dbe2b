"""A finished film as something else: WebM, a ladder for streaming, a loop of one moment."""

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.video.frame import PictureType, VideoFrame
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream
from PIL import Image

from overprint.core.film import Output
from overprint.core.problems import Invalid
from overprint.craft.editing.mixing import RATE_HZ
from overprint.craft.editing.opening import opened
from overprint.craft.motion.encoder import BT709

SEGMENT_SECONDS = 3
"""A segment ends with the first keyframe after so long: there is one a second, so none lasts over four."""
RUNGS_PX = (480, 288)
"""Shorter sides below that of the film itself, which is the highest rung as it is."""
LOOP_SECONDS, LOOP_FPS, LOOP_SIDE_PX = 2.0, 12, 480
_LIMITED = 1
_RUNG_CRF = {480: "24", 288: "26"}
_RUNG_SOUND_BITS = 96_000
_X264 = "mbtree=0:scenecut=0"
_VP9 = {
    "deadline": "realtime",
    "cpu-used": "6",
    "crf": "31",
    "b": "0",
    "row-mt": "0",
    "threads": "1",
    "lag-in-frames": "0",
}
_OPUS_BITS = 112_000
_BYTE_RANGE = re.compile(r'BYTERANGE[:=]"?(\d+)@(\d+)')
_PLAYLIST_END = "#EXT-X-ENDLIST\n"


def package(film: Path, output: Output, folder: Path) -> None:
    """Writes what it becomes into ``folder``. Raises ``Invalid``."""
    if output is Output.WEBM:
        _webm(film, folder / "film.webm")
    elif output is Output.HLS:
        _hls(film, folder)
    else:
        _loop(film, output, folder / f"loop.{output.value}")


def _webm(film: Path, path: Path) -> None:
    with opened(film, "Render the film again.") as source:
        with av.open(str(path), "w", format="webm", options={"fflags": "+bitexact"}) as made:
            _transcode(source, made, source.streams.video[0].height, "libvpx-vp9", _VP9, "libopus", _OPUS_BITS)


def _transcode(
    source: av.container.InputContainer,
    made: av.container.OutputContainer,
    height_px: int,
    codec: str,
    options: Mapping[str, str],
    sound_codec: str,
    sound_bits: int,
) -> None:
    """Keyframes stay where they are, so that every version can be cut at the same places."""
    film = source.streams.video[0]
    film.codec_context.thread_count = 1
    rate = film.average_rate or Fraction(30)
    width_px = round(film.width * height_px / film.height / 2) * 2
    picture = made.add_stream(codec, rate=rate, options=dict(options))
    assert isinstance(picture, VideoStream)
    picture.width, picture.height, picture.pix_fmt = width_px, height_px, "yuv420p"
    coder = picture.codec_context
    coder.gop_size, coder.time_base = 10 * round(rate), Fraction(1) / rate
    coder.color_range, coder.colorspace, coder.color_primaries, coder.color_trc = _LIMITED, BT709, BT709, BT709
    heard = list(source.streams.audio[:1])
    speech = _Speech(made, sound_codec, sound_bits) if heard else None
    count = 0
    for frame in source.decode(film, *heard):
        if isinstance(frame, VideoFrame):
            is_key = frame.key_frame
            shown = frame if height_px == film.height else _scaled(frame, width_px, height_px)
            shown.pts, shown.time_base = count, Fraction(1) / rate
            shown.pict_type = PictureType.I if is_key else PictureType.NONE
            made.mux(picture.encode(shown))
            count += 1
        elif speech is not None and isinstance(frame, AudioFrame):
            speech.add(frame)
    made.mux(picture.encode(None))
    if speech is not None:
        speech.end()


class _Speech:
    """The sound of a film, encoded anew."""

    def __init__(self, made: av.container.OutputContainer, codec: str, bits_a_second: int) -> None:
        stream = made.add_stream(codec, rate=RATE_HZ, layout="stereo")
        assert isinstance(stream, AudioStream)
        stream.bit_rate = bits_a_second
        self._made, self._stream = made, stream
        self._resampler = av.AudioResampler(stream.format, "stereo", RATE_HZ, stream.frame_size)

    def add(self, frame: AudioFrame | None) -> None:
        for part in self._resampler.resample(frame):
            self._made.mux(self._stream.encode(part))

    def end(self) -> None:
        self.add(None)
        self._made.mux(self._stream.encode(None))


def _scaled(frame: VideoFrame, width_px: int, height_px: int) -> VideoFrame:
    return frame.reformat(
        width=width_px,
        height=height_px,
        format="yuv420p",
        interpolation="AREA",
        src_colorspace=Colorspace.ITU709,
        dst_colorspace=Colorspace.ITU709,
        dst_color_range=ColorRange.MPEG,
    )


def _hls(film: Path, folder: Path) -> None:
    """A playlist of playlists; each rung is one file of which parts are played (fragmented MP4, byte ranges)."""
    with opened(film, "Render the film again.") as source:
        stream = source.streams.video[0]
        sides = stream.width, stream.height
        seconds = float((stream.duration or 1) * (stream.time_base or 1))
        fps = float(stream.average_rate or 30)
    short = min(sides)
    rungs = [(short, *sides), *((px, *_smaller(sides, px)) for px in RUNGS_PX if px < short)]
    for name, _, height_px in rungs:
        with opened(film, "Render the film again.") as source, _rung_file(folder, name) as made:
            if name == short:
                _copied(source, made)
            else:
                options = {"preset": "veryfast", "crf": _RUNG_CRF[name], "threads": "1", "x264-params": _X264}
                _transcode(source, made, height_px, "libx264", options, "aac", _RUNG_SOUND_BITS)
        _refuse_cut(folder / f"{name}p.m3u8", folder / f"{name}p.m4s")
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for name, width_px, height_px in rungs:
        bits = round((folder / f"{name}p.m4s").stat().st_size * 8 / seconds)
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={round(bits * 1.5)},AVERAGE-BANDWIDTH={bits},"
            f"RESOLUTION={width_px}x{height_px},FRAME-RATE={fps:.3f}"
        )
        lines.append(f"{name}p.m3u8")
    (folder / "film.m3u8").write_text("\n".join(lines) + "\n")


def _refuse_cut(playlist: Path, segments: Path) -> None:
    """FFmpeg says nothing of a disk that becomes full while it writes for streaming. Raises ``OSError``."""
    text = playlist.read_text()
    ends = [int(size) + int(start) for size, start in _BYTE_RANGE.findall(text)]
    if not text.endswith(_PLAYLIST_END) or max(ends, default=0) > segments.stat().st_size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), segments.name)


def _smaller(sides: tuple[int, int], short_px: int) -> tuple[int, int]:
    width_px, height_px = (round(side * short_px / min(sides) / 2) * 2 for side in sides)
    return width_px, height_px


@contextmanager
def _rung_file(folder: Path, name: int) -> Iterator[av.container.OutputContainer]:
    options = {
        "hls_time": str(SEGMENT_SECONDS),
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "hls_flags": "single_file+independent_segments",
        "hls_segment_filename": str(folder / f"{name}p.m4s"),
    }
    with av.open(str(folder / f"{name}p.m3u8"), "w", format="hls", options=options) as made:
        yield made


def _copied(source: av.container.InputContainer, made: av.container.OutputContainer) -> None:
    streams = [*source.streams.video[:1], *source.streams.audio[:1]]
    copies = {stream.index: made.add_stream_from_template(stream) for stream in streams}
    for packet in source.demux(streams):
        if packet.dts is not None:
            packet.stream = copies[packet.stream.index]
            made.mux(packet)


def _loop(film: Path, output: Output, path: Path) -> None:
    """Two seconds out of the middle, forwards and backwards, so that they have no seam."""
    frames = _moment(film)
    if not frames:
        raise Invalid("There is no moment in this film to show.", "Render the film again.")
    path_and_back = [*frames, *frames[-2:0:-1]]
    each_ms = round(1000 / LOOP_FPS)
    if output is Output.GIF:
        sheet = Image.fromarray(np.concatenate([np.asarray(frame) for frame in frames[::4]]))
        palette = sheet.quantize(255, Image.Quantize.MEDIANCUT)
        path_and_back = [frame.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for frame in path_and_back]
    first, *rest = path_and_back
    # What a kind of picture knows nothing of, it passes over.
    first.save(path, save_all=True, append_images=rest, duration=each_ms, loop=0, quality=72, method=3)


def _moment(film: Path) -> list[Image.Image]:
    with opened(film, "Render the film again.") as source:
        stream = source.streams.video[0]
        stream.codec_context.thread_count = 1
        seconds = float((stream.duration or 0) * (stream.time_base or 1))
        begins = max(0.0, seconds / 2 - LOOP_SECONDS / 2)
        share = LOOP_SIDE_PX / max(stream.width, stream.height, LOOP_SIDE_PX)
        size = round(stream.width * share), round(stream.height * share)
        source.seek(int(begins * av.time_base))
        frames: list[Image.Image] = []
        for frame in source.decode(stream):
            at = (frame.time or 0.0) - begins
            if at >= LOOP_SECONDS:
                break
            if at >= len(frames) / LOOP_FPS - 1e-6:
                shown = frame.reformat(
                    width=size[0], height=size[1], format="rgb24", interpolation="AREA", src_colorspace="ITU709"
                )
                frames.append(Image.fromarray(shown.to_ndarray()))
    return frames

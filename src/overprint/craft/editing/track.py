"""The caption track beside a film, as WebVTT (W3C)."""

from collections.abc import Sequence

from overprint.craft.editing.captions import Caption

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def web_vtt(captions: Sequence[Caption]) -> str:
    cues = (
        f"{_clock(caption.start_seconds)} --> {_clock(caption.end_seconds)}\n{caption.words.translate(_ESCAPED)}\n"
        for caption in captions
    )
    return "\n".join(["WEBVTT\n", *cues])


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"

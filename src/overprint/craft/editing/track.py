"""The caption track beside a film, as WebVTT (W3C), with the time of every word where that is known."""

from collections.abc import Iterator, Sequence

from overprint.craft.editing.captions import Caption

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def web_vtt(captions: Sequence[Caption]) -> str:
    cues = (
        f"{_clock(caption.start_seconds)} --> {_clock(caption.end_seconds)}\n{''.join(_timed(caption))}\n"
        for caption in captions
    )
    return "\n".join(["WEBVTT\n", *cues])


def _timed(caption: Caption) -> Iterator[str]:
    """A time inside a cue must lie between its ends, and after the one before it."""
    before, at = caption.start_seconds, 0
    for word in caption.spoken:
        yield caption.words[at : word.first].translate(_ESCAPED)
        if before < word.start_seconds < caption.end_seconds:
            yield f"<{_clock(word.start_seconds)}>"
            before = word.start_seconds
        at = word.first
    yield caption.words[at:].translate(_ESCAPED)


def _clock(seconds: float) -> str:
    milliseconds = round(seconds * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"

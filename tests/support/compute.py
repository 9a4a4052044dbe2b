"""Compute for rooms' tests: what one test had worked out, the next one need not."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from overprint.adapters.compute.inline import InlineCompute
from overprint.ports.compute import Answering

ANSWERS_MAX = 200
ANSWER_MAX_BYTES = 500_000
_answers: dict[object, tuple[bytes, Mapping[str, bytes]]] = {}


class RememberingCompute(InlineCompute):
    """A work is a function of its payload and files alone, so what it makes is the same in every test of this
    process."""

    def _perform(
        self, work: Callable[..., Answering], payload: bytes, folder: Path | None, yielded: list[int]
    ) -> bytes:
        given = _files_in(folder)
        hashes = tuple((name, hashlib.sha256(data).digest()) for name, data in given.items())
        asked = (work, hashlib.sha256(payload).digest(), hashes)
        if asked in _answers:
            answer, made = _answers[asked]
            for name, data in made.items():
                assert folder is not None
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_bytes(data)
            return answer
        answer = super()._perform(work, payload, folder, yielded)
        made = {name: data for name, data in _files_in(folder).items() if name not in given}
        if len(answer) + sum(map(len, made.values())) <= ANSWER_MAX_BYTES and len(_answers) < ANSWERS_MAX:
            _answers[asked] = answer, made
        return answer


def _files_in(folder: Path | None) -> dict[str, bytes]:
    if folder is None:
        return {}
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}

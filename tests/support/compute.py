"""Compute for rooms' tests: what one test had worked out, the next one need not."""

import hashlib

from overprint.adapters.compute.inline import InlineCompute
from overprint.ports.compute import Work

ANSWERS_MAX = 200
ANSWER_MAX_BYTES = 500_000
_answers: dict[tuple[Work, bytes], bytes] = {}


class RememberingCompute(InlineCompute):
    """A work is a function of its payload alone, so an answer is the same in every test of this process."""

    def _perform(self, work: Work, payload: bytes, yielded: list[int]) -> bytes:
        asked = (work, hashlib.sha256(payload).digest())
        if asked in _answers:
            return _answers[asked]
        answer = super()._perform(work, payload, yielded)
        if len(answer) <= ANSWER_MAX_BYTES and len(_answers) < ANSWERS_MAX:
            _answers[asked] = answer
        return answer

"""What both adapters ask of a piece of work before they take it."""

import sys
from types import FunctionType

from overprint.adapters.compute.frames import BODY_MAX_BYTES, is_allowed
from overprint.ports.compute import ComputeFailed, ComputeLimit, Work

OUR_CODE = ("overprint.",)


def name_of(work: Work, prefixes: tuple[str, ...]) -> str:
    """``module:function`` of a function at the top level of an allowed module; else ``ComputeFailed``."""
    name = f"{getattr(work, '__module__', '?')}:{getattr(work, '__qualname__', '?')}"
    module = sys.modules.get(getattr(work, "__module__", ""))
    is_top_level = isinstance(work, FunctionType) and getattr(module, work.__name__, None) is work
    if not is_top_level or not is_allowed(name, prefixes):
        raise ComputeFailed(
            "UnknownWork", f"{name[:200]} cannot run in a child: it must be a plain function at the top of its module."
        )
    return name


def check_payload(payload: bytes) -> None:
    if len(payload) > BODY_MAX_BYTES:
        raise ComputeLimit(f"The payload has {len(payload)} bytes; {BODY_MAX_BYTES} is the most a child takes.")


def check_bounds(timeout_seconds: float, memory_bytes: int) -> None:
    if not 0 < timeout_seconds < float("inf") or memory_bytes <= 0:
        raise ValueError("Work needs a positive time limit and a positive memory limit.")

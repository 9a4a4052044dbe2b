"""What numba keeps is made anew when a file changes that any of it came from."""

import ast
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numba.core.errors import TypingError

from overprint.craft.motion import compiled
from overprint.craft.motion.forms import Floats
from overprint.craft.motion.memory import memory

FOLDER = Path(compiled.__file__).parent
BESIDE = "overprint.craft.motion."


def test_every_file_that_something_is_compiled_from_is_watched() -> None:
    reached = {path.name for path in FOLDER.glob("*.py") if {"numba", BESIDE + "compiled"} & set(_imported(path))}
    waiting = sorted(reached)
    while waiting:
        beside = {name.removeprefix(BESIDE) + ".py" for name in _imported(FOLDER / waiting.pop())}
        found = {name for name in beside - reached if (FOLDER / name).exists()}
        reached |= found
        waiting += found
    assert reached == set(compiled.FILES)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@compiled.compiled
def _second(array: Floats) -> float:
    return float(memory(array)[1])


def test_bare_memory_is_only_taken_of_rows_that_follow_one_another() -> None:
    numbers = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert _second(numbers) == 1
    for array in (numbers.T, numbers[:, ::2]):
        with pytest.raises(TypingError, match="do not follow one another"):
            _second(array)

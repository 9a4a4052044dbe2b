"""What numba keeps is made anew when a file changes that any of it came from."""

import ast
from collections.abc import Iterator
from pathlib import Path

from overprint.craft.motion import compiled

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

"""What answers itself in a film that comes in: its storyboard is taken as it was given, and its cut is reckoned.

Neither travels, and both cost nothing. But before they are there nobody could tell which clips are of use, and the
price would be that of a film which brings none. So they stand beside what it brings, each for what it was made of.
"""

from collections.abc import Mapping

from overprint.core.codec import Json, decode, encode
from overprint.engine.pipeline import Registry
from overprint.engine.recipe import essence, resolve
from overprint.engine.spec import StepSpec
from overprint.engine.store import Edit
from overprint.features.videos.pipeline import MAKE, cut_of
from overprint.features.videos.steps import CUT, CutIn


def known(registry: Registry, request: Json, brought: Mapping[str, Edit]) -> Mapping[str, Edit]:
    """By the keys of their steps; ``request`` has a whole storyboard. The cut only where all narrations are brought: it
    stands as long as they do."""
    (taken,) = registry.plan(MAKE, request)
    board, given = request["board"], resolve(taken.input, {})
    found = {taken.key: _made(taken, given, board)}
    steps = {step.key: step for step in registry.expand(MAKE, request, registry.get_kind(taken.kind), given, board)}
    outputs = {taken.key: board, **{key: edit.output for key, edit in brought.items()}}
    cut = steps.get(CUT)
    if cut is not None and cut.all_needs().keys() <= outputs.keys():
        need = resolve(cut.input, outputs)
        found[CUT] = _made(cut, need, encode(cut_of(decode(CutIn, need))))
    return found


def _made(step: StepSpec, need: Json, output: Json) -> Edit:
    return Edit(output, essence(step.kind, need, step.seed))

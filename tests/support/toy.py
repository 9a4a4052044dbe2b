"""A small pipeline for tests of the engine: fan-out by expansion, soft needs, fan-in, and paid calls that are counted.

``toy.make@1``: ``root`` answers ``width``; its expansion adds ``width`` leaves and ``join`` needs them softly.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from overprint.core.problems import Invalid
from overprint.engine.context import StepContext
from overprint.engine.pipeline import Pipeline, StepKind
from overprint.engine.recipe import all_of, ref
from overprint.engine.spec import Queue, StepSpec


@dataclass(frozen=True)
class Order:
    """``fails`` names leaves that cannot be made; ``slow_seconds`` is how long each leaf takes."""

    name: str
    width: int = 3
    fails: tuple[int, ...] = ()
    slow_seconds: float = 0.0


@dataclass(frozen=True)
class RootIn:
    name: str
    width: int


@dataclass(frozen=True)
class RootOut:
    name: str
    parts: dict[str, str]


@dataclass(frozen=True)
class LeafIn:
    part: str
    fails: bool = False
    slow_seconds: float = 0.0


@dataclass(frozen=True)
class LeafOut:
    text: str


@dataclass(frozen=True)
class JoinIn:
    leaves: dict[str, LeafOut]


@dataclass(frozen=True)
class JoinOut:
    text: str


@dataclass
class Counter:
    """How often each body ran, by kind and input; kept outside the database on purpose.

    ``passes``: where there are any, each leaf takes one before it is made, and waits for it.
    """

    runs: list[tuple[str, Any]] = field(default_factory=list)
    passes: asyncio.Semaphore | None = None

    def of(self, kind: str) -> int:
        return sum(1 for name, _ in self.runs if name == kind)


def toy_pipeline(counter: Counter) -> Pipeline:
    async def root(context: StepContext, need: RootIn) -> RootOut:
        counter.runs.append(("root", need))
        return RootOut(need.name, {str(n): f"{need.name}-{n}" for n in range(need.width)})

    async def leaf(context: StepContext, need: LeafIn) -> LeafOut:
        counter.runs.append(("leaf", need))
        if counter.passes is not None:
            await counter.passes.acquire()
        if need.slow_seconds:
            await context.progress(0.5, "half way")
            await asyncio.sleep(need.slow_seconds)
        if need.fails:
            raise Invalid("This leaf cannot be made.")
        return LeafOut(need.part.upper())

    async def join(context: StepContext, need: JoinIn) -> JoinOut:
        counter.runs.append(("join", need))
        return JoinOut(" ".join(leaf.text for _, leaf in sorted(need.leaves.items())))

    def plan(order: Order) -> Sequence[StepSpec]:
        return (
            StepSpec("root", "toy.root@1", "Begin", {"name": order.name, "width": order.width}),
            StepSpec("join", "toy.join@1", "Join", {"leaves": all_of("leaf/")}, needs=("root",)),
        )

    def leaves(order: Order, need: RootIn, made: RootOut) -> Sequence[StepSpec]:
        return [
            StepSpec(
                f"leaf/{n}",
                "toy.leaf@1",
                f"Leaf {n}",
                {
                    "part": ref("root", f"/parts/{n}"),
                    "fails": int(n) in order.fails,
                    "slow_seconds": order.slow_seconds,
                },
                feeds=("join",),
            )
            for n in made.parts
        ]

    return Pipeline(
        "toy.make@1",
        Order,
        plan,
        (
            StepKind("toy.root@1", RootIn, RootOut, root, Queue.TEXT, expand=leaves),
            StepKind("toy.leaf@1", LeafIn, LeafOut, leaf, Queue.IMAGE),
            StepKind("toy.join@1", JoinIn, JoinOut, join, Queue.LAYOUT),
        ),
    )

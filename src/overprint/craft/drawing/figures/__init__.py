"""Who can be drawn: one kind a species, most of them on one shared rig."""

from collections.abc import Mapping

from overprint.core.scene import Pose, Species
from overprint.craft.drawing.colour import Colour
from overprint.craft.drawing.figures import (
    beasts,
    birds,
    burrow,
    canines,
    dragon,
    farm,
    insects,
    necks,
    owl,
    people,
    plains,
    plumes,
    pond,
    reptiles,
    robot,
    sea,
    shore,
    spooks,
    strangers,
    tide,
    wild,
    woodland,
)  # fmt: skip
from overprint.craft.drawing.figures.biped import draw_biped, face_of
from overprint.craft.drawing.figures.kind import Kind
from overprint.craft.drawing.figures.look import Figure, Look, look_of
from overprint.craft.drawing.figures.sleeping import draw_sleeping
from overprint.craft.drawing.props import PropArt
from overprint.craft.drawing.vector import Point

KINDS: dict[Species, Kind] = {
    Species.CHILD: people.CHILD,
    Species.WOMAN: people.WOMAN,
    Species.MAN: people.MAN,
    Species.GRANDMOTHER: people.GRANDMOTHER,
    Species.GRANDFATHER: people.GRANDFATHER,
    Species.FOX: canines.FOX,
    Species.WOLF: canines.WOLF,
    Species.DOG: canines.DOG,
    Species.CAT: beasts.CAT,
    Species.BEAR: beasts.BEAR,
    Species.RABBIT: beasts.RABBIT,
    Species.MOUSE: beasts.MOUSE,
    Species.FROG: pond.FROG,
    Species.TURTLE: pond.TURTLE,
    Species.ELEPHANT: wild.ELEPHANT,
    Species.HEDGEHOG: wild.HEDGEHOG,
    Species.LION: wild.LION,
    Species.TIGER: wild.TIGER,
    Species.PANDA: wild.PANDA,
    Species.MONKEY: wild.MONKEY,
    Species.DEER: wild.DEER,
    Species.SQUIRREL: wild.SQUIRREL,
    Species.PIG: farm.PIG,
    Species.SHEEP: farm.SHEEP,
    Species.COW: farm.COW,
    Species.HORSE: farm.HORSE,
    Species.UNICORN: farm.UNICORN,
    Species.PENGUIN: birds.PENGUIN,
    Species.DUCK: birds.DUCK,
    Species.BIRD: birds.BIRD,
    Species.DRAGON: dragon.DRAGON,
    Species.GHOST: spooks.GHOST,
    Species.MONSTER: spooks.MONSTER,
    Species.OCTOPUS: shore.OCTOPUS,
    Species.SNAIL: shore.SNAIL,
    Species.CRAB: shore.CRAB,
    Species.WHALE: sea.WHALE,
    Species.DOLPHIN: sea.DOLPHIN,
    Species.SHARK: sea.SHARK,
    Species.FISH: sea.FISH,
    Species.SEAL: sea.SEAL,
    Species.MERMAID: people.MERMAID,
    Species.BEE: insects.BEE,
    Species.BUTTERFLY: insects.BUTTERFLY,
    Species.LADYBIRD: insects.LADYBIRD,
    Species.CATERPILLAR: insects.CATERPILLAR,
    Species.SPIDER: insects.SPIDER,
    Species.BAT: insects.BAT,
    Species.SNAKE: reptiles.SNAKE,
    Species.CROCODILE: reptiles.CROCODILE,
    Species.DINOSAUR: reptiles.DINOSAUR,
    Species.GIRAFFE: plains.GIRAFFE,
    Species.HIPPO: plains.HIPPO,
    Species.RHINO: plains.RHINO,
    Species.ZEBRA: plains.ZEBRA,
    Species.KOALA: plains.KOALA,
    Species.KANGAROO: plains.KANGAROO,
    Species.RACCOON: woodland.RACCOON,
    Species.BADGER: woodland.BADGER,
    Species.OTTER: woodland.OTTER,
    Species.GOAT: woodland.GOAT,
    Species.HEN: birds.HEN,
    Species.MOLE: burrow.MOLE,
    Species.HAMSTER: burrow.HAMSTER,
    Species.BEAVER: burrow.BEAVER,
    Species.SKUNK: burrow.SKUNK,
    Species.WOMBAT: burrow.WOMBAT,
    Species.SLOTH: burrow.SLOTH,
    Species.CAMEL: necks.CAMEL,
    Species.LLAMA: necks.LLAMA,
    Species.DONKEY: necks.DONKEY,
    Species.PARROT: plumes.PARROT,
    Species.PEACOCK: plumes.PEACOCK,
    Species.SWAN: plumes.SWAN,
    Species.FLAMINGO: plumes.FLAMINGO,
    Species.JELLYFISH: tide.JELLYFISH,
    Species.STARFISH: tide.STARFISH,
    Species.AXOLOTL: tide.AXOLOTL,
    Species.SNOWMAN: tide.SNOWMAN,
    Species.WALRUS: sea.WALRUS,
    Species.NARWHAL: sea.NARWHAL,
    Species.LEOPARD: plains.LEOPARD,
    Species.LIZARD: reptiles.LIZARD,
    Species.ANT: insects.ANT,
    Species.ALIEN: strangers.ALIEN,
    Species.CREATURE: strangers.CREATURE,
    Species.OWL: owl.KIND,
    Species.ROBOT: robot.KIND,
}
_NOTHING: Mapping[int, Point] = {}


def draw_figure(
    look: Look,
    pose: Pose,
    held: tuple[PropArt, Colour] | None,
    *,
    embraces: bool = False,
    grasps: Mapping[int, Point] = _NOTHING,
) -> Figure:
    """One character in figure units. Whoever sleeps holds nothing. ``embraces``: a hug for somebody at the right;
    ``grasps``: what the left (-1) and right (1) hand hold on to, in figure units."""
    kind = KINDS[look.species]
    if pose is Pose.SLEEP:
        return draw_sleeping(look, kind)
    if look.species is Species.OWL:
        return owl.draw_owl(look, pose, held)
    if look.species is Species.ROBOT:
        return robot.draw_robot(look, pose, held, grasps)
    return draw_biped(look, kind, pose, held, embraces=embraces, grasps=grasps)


def head_reach(look: Look, pose: Pose, *, embraces: bool = False) -> float:
    """How far the head may stand out sideways from between the feet, figure units, whichever way it looks."""
    kind = KINDS[look.species]
    if pose is Pose.SLEEP:
        return 128.0
    face = face_of(look, kind, pose, embraces=embraces)
    return max(abs(face.x0), abs(face.x1))


__all__ = ["KINDS", "Figure", "Look", "draw_figure", "head_reach", "look_of"]

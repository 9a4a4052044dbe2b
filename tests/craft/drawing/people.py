"""A cast for the tests: one sheet a species, and short ways to write scenes."""

from overprint.core.scene import (
    Accessory,
    Actor,
    Constraint,
    ConstraintKind,
    Garment,
    Hair,
    Scene,
    Setting,
    Sheet,
    Species,
)


def _sheet(species: Species, body: str, marking: str, outfit: str, accent: str, **more: object) -> Sheet:
    return Sheet(species, body, marking, outfit, accent, **more)  # type: ignore[arg-type]


SHEETS: dict[str, Sheet] = {
    "child": Sheet(Species.CHILD, "#f3c6a0", "#fff1de", "#f6c445", "#d9483b", hair=Hair.BRAIDS, garment=Garment.COAT),
    "woman": Sheet(
        Species.WOMAN, "#9c6644", "#fff1de", "#3aa6a0", "#e8a33c", hair=Hair.BUN, garment=Garment.DRESS, height=1.4
    ),
    "man": Sheet(
        Species.MAN, "#e8b48c", "#fff1de", "#4f6fb0", "#d9a33b", hair=Hair.SHORT, garment=Garment.DUNGAREES, height=1.5
    ),
    "fox": _sheet(Species.FOX, "#e8793a", "#fff1de", "#4f86b8", "#2f8f83", accessories=(Accessory.SCARF,)),
    "cat": _sheet(Species.CAT, "#6b6f7d", "#f0ece8", "#7a5ab0", "#e0a33c", accessories=(Accessory.WITCH_HAT,)),
    "dog": Sheet(
        Species.DOG,
        "#d9a86a",
        "#fff1de",
        "#c0504d",
        "#3f7ab0",
        garment=Garment.STRIPES,
        accessories=(Accessory.BACKPACK,),
    ),
    "wolf": _sheet(Species.WOLF, "#7d8796", "#e8ebf0", "#4f86b8", "#b5413b", accessories=(Accessory.CAPE,)),
    "bear": _sheet(Species.BEAR, "#9a6a45", "#e8c79a", "#b5413b", "#e8c44a", garment=Garment.VEST, height=1.3),
    "rabbit": _sheet(Species.RABBIT, "#e9e2da", "#ffffff", "#d65a76", "#7a9ad6", accessories=(Accessory.BOW,)),
    "mouse": _sheet(Species.MOUSE, "#a8a2a8", "#efe6e2", "#5f9a6a", "#e8a33c", height=0.5),
    "owl": _sheet(Species.OWL, "#8f6a4f", "#f3dcb4", "#4f86b8", "#c9513f", accessories=(Accessory.GLASSES,)),
    "robot": _sheet(Species.ROBOT, "#8fc1c9", "#fff1de", "#e98a4b", "#ff6b7d"),
    "dragon": _sheet(Species.DRAGON, "#6fb56a", "#f3e8b0", "#4f86b8", "#e8833c", accessories=(Accessory.CROWN,)),
    "grandmother": Sheet(Species.GRANDMOTHER, "#f0c8a8", "#fff1de", "#8a6fb0", "#e07a8a", "#d8d4d0",
                         hair=Hair.BUN, garment=Garment.DRESS, accessories=(Accessory.GLASSES,), height=1.2),
    "grandfather": Sheet(Species.GRANDFATHER, "#8a5a3c", "#fff1de", "#5f8a5a", "#c9803a", "#e4e0da",
                         hair=Hair.SHORT, garment=Garment.VEST, height=1.3),
    "frog": _sheet(Species.FROG, "#78b84e", "#e8efb0", "#d65a4a", "#f0c04a", garment=Garment.VEST),
    "turtle": _sheet(Species.TURTLE, "#8fc07a", "#f0e6b0", "#7a8a4a", "#d9803a"),
    "elephant": _sheet(Species.ELEPHANT, "#9aa8b8", "#c8d0d8", "#e0a03a", "#c9513f", height=1.4),
    "hedgehog": _sheet(Species.HEDGEHOG, "#c9a27a", "#f3e0c4", "#5a86a8", "#d9544d", hair_colour="#6a4a38", height=0.6),
    "lion": _sheet(Species.LION, "#e8b04f", "#fbe9c4", "#b5413b", "#3f8a8a", hair_colour="#a85a28", height=1.3),
    "tiger": _sheet(Species.TIGER, "#ee9440", "#fff3e0", "#3f7ab0", "#d9544d", height=1.2),
    "panda": _sheet(Species.PANDA, "#f6f3ee", "#3a3640", "#d65a4a", "#4f9a6a", garment=Garment.DUNGAREES),
    "monkey": _sheet(Species.MONKEY, "#8a5f42", "#eac6a0", "#e0b03a", "#c94f6a", garment=Garment.STRIPES),
    "deer": _sheet(Species.DEER, "#b98352", "#f6e2c4", "#6a8f5a", "#c9513f", accessories=(Accessory.SCARF,)),
    "squirrel": _sheet(Species.SQUIRREL, "#b5622f", "#f6dfc0", "#4f86b8", "#e0b03a", height=0.6),
    "pig": _sheet(Species.PIG, "#f2b4b4", "#e89aa0", "#4f7fb0", "#e0b03a", garment=Garment.DUNGAREES),
    "sheep": _sheet(Species.SHEEP, "#5a5058", "#f6f1e6", "#4f86b8", "#d9544d", accessories=(Accessory.BOW,)),
    "cow": _sheet(Species.COW, "#f6f0e8", "#f2c4b8", "#c9513f", "#e0b03a", hair_colour="#5a4038"),
    "horse": _sheet(Species.HORSE, "#a8703f", "#e8d0b0", "#4f7fb0", "#d9544d", hair_colour="#4a3024"),
    "unicorn": _sheet(Species.UNICORN, "#fbf6fb", "#f6dcea", "#b79be8", "#7ac0e0", hair_colour="#e58ac0"),
    "penguin": _sheet(Species.PENGUIN, "#3f4a62", "#fbf8f0", "#d9544d", "#e0503f", accessories=(Accessory.SCARF,)),
    "duck": _sheet(Species.DUCK, "#f6d24f", "#fff3c4", "#4f86b8", "#4f9ad0", garment=Garment.COAT),
    "bird": _sheet(Species.BIRD, "#5f9fd0", "#f6e2c0", "#d9544d", "#e0b03a", height=0.5),
    "ghost": _sheet(Species.GHOST, "#f0eef8", "#ffffff", "#b79be8", "#9a8ae0"),
    "monster": _sheet(Species.MONSTER, "#9a7fd0", "#e8d8f6", "#4f9a8a", "#f0a03c"),
    "octopus": _sheet(Species.OCTOPUS, "#c9628f", "#f6cdd8", "#4f86b8", "#e0b03a", height=0.8),
    "snail": _sheet(Species.SNAIL, "#d9b98a", "#f6e6c8", "#b5623f", "#4f9a8a", height=0.5),
    "crab": _sheet(Species.CRAB, "#d9583f", "#f6c9a8", "#4f86b8", "#e0b03a", height=0.5),
    "whale": _sheet(Species.WHALE, "#4f78a8", "#e6eef4", "#d9544d", "#e0b03a", height=1.5),
    "dolphin": _sheet(Species.DOLPHIN, "#6f9ab8", "#eaf2f6", "#d9544d", "#e0b03a"),
    "shark": _sheet(Species.SHARK, "#7f8fa0", "#f0f2f4", "#d9544d", "#4f9a8a", height=1.2),
    "fish": _sheet(Species.FISH, "#f08a3c", "#fbe6c4", "#4f86b8", "#e0503f", height=0.5),
    "seal": _sheet(Species.SEAL, "#8a8f9c", "#e6e6ea", "#4f86b8", "#d9544d", accessories=(Accessory.SCARF,)),
    "mermaid": Sheet(Species.MERMAID, "#d9a67c", "#fff1de", "#2f9a8f", "#e08aa8", "#b5452c", hair=Hair.LONG,
                     garment=Garment.STRIPES),
    "bee": _sheet(Species.BEE, "#f2c23a", "#fff3c8", "#4f86b8", "#d9544d", height=0.5),
    "butterfly": _sheet(Species.BUTTERFLY, "#d9b27f", "#fbeed8", "#7a5ab0", "#f0a03c", height=0.5),
    "ladybird": _sheet(Species.LADYBIRD, "#d9483f", "#f6dcc0", "#4f86b8", "#e0b03a", height=0.5),
    "caterpillar": _sheet(Species.CATERPILLAR, "#8fb84a", "#f0f0b0", "#c9703f", "#d9544d", height=0.5),
    "spider": _sheet(Species.SPIDER, "#6f5a8a", "#d8cce6", "#4f86b8", "#e0a03a", height=0.5),
    "bat": _sheet(Species.BAT, "#7a5f70", "#d9c0c8", "#4f86b8", "#e0b03a", height=0.6),
    "snake": _sheet(Species.SNAKE, "#6aa84f", "#f0eab0", "#c9803f", "#d9544d", height=0.8),
    "crocodile": _sheet(Species.CROCODILE, "#5f9a5a", "#e6eab8", "#4f86b8", "#d9544d"),
    "dinosaur": _sheet(Species.DINOSAUR, "#6fa88f", "#eef0c4", "#4f86b8", "#e8833c", height=1.3),
    "giraffe": _sheet(Species.GIRAFFE, "#ecc06a", "#fbeed0", "#4f86b8", "#d9544d", hair_colour="#a8683a", height=1.6),
    "hippo": _sheet(Species.HIPPO, "#a08aa8", "#e6c8d0", "#4f86b8", "#e0b03a", garment=Garment.DUNGAREES),
    "rhino": _sheet(Species.RHINO, "#8f98a0", "#c8ccd0", "#c9513f", "#e0b03a", garment=Garment.VEST, height=1.4),
    "zebra": _sheet(Species.ZEBRA, "#f4f1ea", "#e0dcd4", "#4f7fb0", "#d9544d", hair_colour="#33303c", height=1.3),
    "koala": _sheet(Species.KOALA, "#9aa0aa", "#eceaea", "#d9544d", "#4f9a8a", height=0.7),
    "kangaroo": _sheet(Species.KANGAROO, "#b8845a", "#f2dec0", "#4f86b8", "#d9544d", height=1.3),
    "raccoon": _sheet(Species.RACCOON, "#8f8a8c", "#efeae6", "#4f86b8", "#e0b03a", height=0.7),
    "badger": _sheet(Species.BADGER, "#5f5a60", "#f4f0ea", "#b5413b", "#e0b03a", garment=Garment.VEST, height=0.8),
    "otter": _sheet(Species.OTTER, "#8a5f42", "#ecd8bc", "#4f86b8", "#d9544d", height=0.7),
    "goat": _sheet(Species.GOAT, "#d8cdbc", "#f8f2e6", "#4f86b8", "#d9544d", garment=Garment.VEST),
    "hen": _sheet(Species.HEN, "#c98a4f", "#f6e4c4", "#4f86b8", "#d9544d", height=0.5),
    "alien": _sheet(Species.ALIEN, "#8fcf7a", "#e6f6c8", "#5a6ab8", "#f0c23a", height=0.9),
    "creature": _sheet(Species.CREATURE, "#c99ac0", "#f8e6ee", "#4f86b8", "#6aa85a", height=0.9),
}  # fmt: skip


def scene(*actors: Actor, setting: Setting = Setting.MEADOW, forbid: tuple[str, ...] = (), **more: object) -> Scene:
    constraints = tuple(Constraint(ConstraintKind.FORBID, word) for word in forbid)
    return Scene(setting, "a place", "Somebody is somewhere.", actors=actors, constraints=constraints, **more)  # type: ignore[arg-type]

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
}  # fmt: skip


def scene(*actors: Actor, setting: Setting = Setting.MEADOW, forbid: tuple[str, ...] = (), **more: object) -> Scene:
    constraints = tuple(Constraint(ConstraintKind.FORBID, word) for word in forbid)
    return Scene(setting, "a place", "Somebody is somewhere.", actors=actors, constraints=constraints, **more)  # type: ignore[arg-type]

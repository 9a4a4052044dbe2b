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
}


def scene(*actors: Actor, setting: Setting = Setting.MEADOW, forbid: tuple[str, ...] = (), **more: object) -> Scene:
    constraints = tuple(Constraint(ConstraintKind.FORBID, word) for word in forbid)
    return Scene(setting, "a place", "Somebody is somewhere.", actors=actors, constraints=constraints, **more)  # type: ignore[arg-type]

"""A scene in words, for models that paint from words. Pure: the same scene is always the same prompt.

What the scene forbids is left out of the description too: a model that reads "hat" paints one.
"""

from collections.abc import Iterator, Mapping, Sequence

from overprint.core.scene import (
    Actor,
    Area,
    Constraint,
    ConstraintKind,
    Depth,
    Expression,
    Garment,
    Hair,
    Mood,
    Place,
    Pose,
    Prop,
    RelationKind,
    Scene,
    Setting,
    Sheet,
    Shot,
    Species,
    Time,
    Weather,
)
from overprint.core.story import Style
from overprint.steps.colour_words import colour_word

STYLES = {
    Style.STORYBOOK: "a warm hand-painted picture book illustration, soft light, gentle paper grain, rounded shapes",
    Style.WATERCOLOUR: "a loose watercolour on rough paper, visible washes, soft wet edges, paper shining through",
    Style.PAPERCUT: "layered cut paper, crisp coloured sheets with soft shadows between them, handmade and tactile",
    Style.FLAT: "flat vector shapes, few clear colours, clean edges, no outlines, no gradients",
    Style.PENCIL: "coloured pencil on white paper, visible strokes, soft graphite outlines, gentle colours",
    Style.INK: "pen and ink with hatching on cream paper, thin colour washes, stronger colour on the figures",
    Style.POP: "a printed comic panel, bold black outlines, bright flat colours, halftone dots",
    Style.PIXEL: "pixel art with large square pixels, a small palette, dark outlines around the figures",
}
_SETTINGS = {
    Setting.FOREST: "a forest",
    Setting.MEADOW: "a meadow",
    Setting.SEA: "the sea",
    Setting.SKY: "the open sky, high above the ground",
    Setting.MOON: "the surface of the moon",
    Setting.VILLAGE: "a village",
    Setting.BEDROOM: "a bedroom",
    Setting.MOUNTAIN: "a mountain",
    Setting.CITY: "a city",
    Setting.LIBRARY: "a library",
    Setting.KITCHEN: "a kitchen",
    Setting.CLASSROOM: "a classroom",
    Setting.BEACH: "a sandy beach by the sea",
    Setting.DESERT: "a desert of dunes",
    Setting.UNDERWATER: "the floor of the sea, deep under water",
    Setting.CAVE: "a cave",
    Setting.CASTLE: "the courtyard of a castle",
    Setting.HARBOUR: "a harbour with boats",
    Setting.SHIP: "the deck of a sailing ship at sea",
    Setting.GARDEN: "a garden",
    Setting.SPACESHIP: "the inside of a spaceship, with a window on the stars",
    Setting.MARKET: "a market square with stalls",
}
_TIMES = {
    Time.DAWN: "at dawn, in cool first light",
    Time.DAY: "in daylight",
    Time.GOLDEN: "in the golden light of late afternoon",
    Time.DUSK: "at dusk, in fading light",
    Time.NIGHT: "at night",
}
_WEATHERS = {
    Weather.CLEAR: "clear weather",
    Weather.CLOUDY: "a cloudy sky",
    Weather.RAIN: "rain is falling",
    Weather.SNOW: "snow is falling",
    Weather.FOG: "fog lies over everything",
    Weather.WIND: "a strong wind bends whatever can bend",
}
_MOODS = {
    Mood.CALM: "calm",
    Mood.JOYFUL: "joyful",
    Mood.TENSE: "tense, but never frightening",
    Mood.SAD: "sad and tender",
    Mood.WONDER: "full of wonder",
    Mood.COSY: "cosy",
}
_SHOTS = {
    Shot.WIDE: "a wide shot: the whole place can be seen and the figures are small in it",
    Shot.MEDIUM: "a medium shot: the figures are seen from head to foot and fill about half of the height",
    Shot.CLOSE: "a close shot: faces and hands fill the picture",
    Shot.LOW: "a low shot: seen from near the ground, looking up at the figures",
}
_SPECIES = {
    Species.CHILD: ("a child", "skin", "cheeks"),
    Species.WOMAN: ("a woman", "skin", "cheeks"),
    Species.MAN: ("a man", "skin", "cheeks"),
    Species.GRANDMOTHER: ("a grandmother", "skin", "cheeks"),
    Species.GRANDFATHER: ("a grandfather", "skin", "cheeks"),
    Species.PENGUIN: ("a penguin", "feathers", "breast"),
    Species.DUCK: ("a duck", "feathers", "breast"),
    Species.BIRD: ("a small bird", "feathers", "breast"),
    Species.TURTLE: ("a turtle", "skin", "belly"),
    Species.FROG: ("a frog", "skin", "belly"),
    Species.ELEPHANT: ("an elephant", "skin", "belly"),
    Species.PIG: ("a pig", "skin", "snout"),
    Species.GHOST: ("a small friendly ghost", "sheet", "hem"),
    Species.MONSTER: ("a small friendly monster", "fur", "muzzle"),
    Species.OWL: ("an owl", "feathers", "breast"),
    Species.ROBOT: ("a robot", "metal body", "panels"),
    Species.DRAGON: ("a dragon", "scales", "belly"),
    Species.OCTOPUS: ("an octopus", "skin", "suckers"),
    Species.SNAIL: ("a snail with its shell", "skin", "belly"),
    Species.CRAB: ("a crab", "shell", "underside"),
    Species.WHALE: ("a whale", "skin", "belly"),
    Species.DOLPHIN: ("a dolphin", "skin", "belly"),
    Species.SHARK: ("a friendly shark", "skin", "belly"),
    Species.FISH: ("a fish", "scales", "belly"),
    Species.SEAL: ("a seal", "coat", "belly and muzzle"),
    Species.MERMAID: ("a mermaid child with a fish's tail", "skin", "cheeks"),
    Species.BUTTERFLY: ("a butterfly", "body", "face"),
    Species.LADYBIRD: ("a ladybird with dots", "wing cases", "face"),
    Species.CATERPILLAR: ("a caterpillar", "skin", "belly"),
    Species.SPIDER: ("a small friendly spider", "coat", "face"),
    Species.SNAKE: ("a friendly snake", "scales", "belly"),
    Species.CROCODILE: ("a crocodile", "scales", "belly"),
    Species.DINOSAUR: ("a small friendly dinosaur", "skin", "belly"),
    Species.HIPPO: ("a hippo", "skin", "belly"),
    Species.RHINO: ("a rhino", "skin", "belly"),
    Species.HEN: ("a hen", "feathers", "breast"),
    Species.PARROT: ("a parrot with a great hooked beak", "feathers", "breast"),
    Species.PEACOCK: ("a peacock with its fan", "feathers", "breast"),
    Species.SWAN: ("a swan", "feathers", "breast"),
    Species.FLAMINGO: ("a flamingo", "feathers", "breast"),
    Species.WALRUS: ("a walrus with two tusks", "coat", "belly and whiskered lip"),
    Species.NARWHAL: ("a narwhal with its horn", "skin", "belly"),
    Species.JELLYFISH: ("a friendly jellyfish", "bell", "frill"),
    Species.STARFISH: ("a starfish", "skin", "dots"),
    Species.AXOLOTL: ("an axolotl with feathery gills", "skin", "belly"),
    Species.LIZARD: ("a lizard with a rolled tail", "scales", "belly"),
    Species.SNOWMAN: ("a snowman with a carrot nose", "snow", "snow"),
    Species.ANT: ("a friendly ant", "body", "face"),
    Species.ALIEN: ("a small friendly alien with two feelers", "skin", "freckles"),
    Species.CREATURE: ("exactly the animal or being that the text names", "body", "belly"),
}
_GARMENTS = {
    Garment.COAT: "coat",
    Garment.STRIPES: "striped jumper",
    Garment.DRESS: "dress",
    Garment.VEST: "waistcoat",
    Garment.DUNGAREES: "dungarees",
}
_HAIRS = {Hair.BUN: "hair in a bun", Hair.BRAIDS: "hair in braids"}
_POSES = {
    Pose.STAND: "standing",
    Pose.WALK: "walking",
    Pose.WAVE: "waving",
    Pose.HOLD: "standing with both hands around something",
    Pose.CHEER: "cheering with both arms up",
    Pose.POINT: "pointing",
    Pose.SIT: "sitting",
    Pose.READ: "reading",
    Pose.HUG: "hugging",
    Pose.SLEEP: "asleep",
    Pose.FLY: "flying",
    Pose.RUN: "running",
    Pose.JUMP: "jumping",
    Pose.REACH: "reaching up for something",
}
_EXPRESSIONS = {Expression.JOY: "beaming with joy", Expression.BRAVE: "brave and determined"}
_PLACES = {Place.LEFT: "on the left", Place.CENTRE: "in the middle", Place.RIGHT: "on the right"}
_DEPTHS = {Depth.NEAR: "in the foreground", Depth.MIDDLE: "in the middle ground", Depth.FAR: "far away"}
_RELATIONS = {
    RelationKind.BESIDE: "is beside",
    RelationKind.FACING: "faces",
    RelationKind.HOLDING: "holds",
    RelationKind.IN: "is in",
    RelationKind.FOLLOWING: "follows",
    RelationKind.HAND_IN_HAND: "goes hand in hand with",
}
BARE = "No words, letters, numbers, signatures, watermarks, frames or borders anywhere in the picture."
_SPREAD = (
    "The picture runs across two facing pages of a book. Everybody is together in one half; the other half shows the "
    "place, wide and calm. No face and nothing important stands near the middle, where the pages are bound, or at the "
    "top and bottom edges, which may be cut."
)
_QUIET = {Area.TOP: "top", Area.BOTTOM: "bottom", Area.LEFT: "left", Area.RIGHT: "right"}
_SMALL_BELOW, _TALL_ABOVE = 0.8, 1.2


def picture_prompt(
    scene: Scene,
    sheets: Mapping[str, Sheet],
    style: Style,
    references: Sequence[str] = (),
    *,
    is_spread: bool = False,
) -> str:
    """Everything that ``scene`` says, in sentences: style, place, each character by their sheet, what must not show.

    ``references`` are the characters whose portraits are sent along, in that order. ``is_spread``: it will lie across
    two facing pages.
    """
    parts = [
        f"Style: {STYLES[style]}. One single picture for a children's book.",
        f"What happens: “{_line(scene.caption)}”",
        _where(scene),
        *_camera(scene),
        *([_SPREAD] if is_spread else []),
        *_cast(scene, sheets),
        *_portraits(references),
        *_things(scene),
        *rules_of(scene),
        BARE,
    ]
    return "\n".join(parts)


def _where(scene: Scene) -> str:
    place = _line(scene.place)
    where = f"{_SETTINGS[scene.setting]}: {place}" if place else _SETTINGS[scene.setting]
    weather = "" if scene.forbids(scene.weather.value) else f", {_WEATHERS[scene.weather]}"
    when = f"{_TIMES[scene.time].capitalize()}, in {scene.season.value}{weather}"
    return f"Where: {where}. {when}. Mood: {_MOODS[scene.mood]}."


def _camera(scene: Scene) -> Iterator[str]:
    yield f"Camera: {_SHOTS[scene.camera.shot]}."
    if scene.camera.quiet in _QUIET:
        side = _QUIET[scene.camera.quiet]
        yield f"Keep the {side} third plain and calm, without figures or objects: words are printed there later."


def _cast(scene: Scene, sheets: Mapping[str, Sheet]) -> Iterator[str]:
    if not scene.actors:
        yield "Nobody is in the picture: no people, no animals."
        return
    yield "Characters, exactly these and nobody else. They look the same in every picture of the book:"
    for actor in scene.actors:
        yield f"- {_name(actor.who)}: {looks_of(actor.who, sheets.get(actor.who), scene)} {_acts(actor, scene)}"


def _portraits(references: Sequence[str]) -> Iterator[str]:
    if references:
        shown = _and([f"picture {number} shows {_name(who)}" for number, who in enumerate(references, 1)])
        yield (
            f"Pictures sent along: {shown}. Keep each face, body, colour and piece of clothing exactly as it is there; "
            "take pose, expression, place and light from this description. Do not copy their plain backgrounds."
        )


def looks_of(who: str, sheet: Sheet | None, scene: Scene) -> str:
    if sheet is None:
        return "as in the text."
    kind, body, marking = _SPECIES.get(sheet.species, (f"a {sheet.species.value}", "fur", "belly and muzzle"))
    if sheet.in_place_of:
        kind = f"{'an' if sheet.in_place_of[0] in 'aeiou' else 'a'} {_line(sheet.in_place_of)}"
    looks = [
        f"{kind}{_height(sheet)}, {body} {colour_word(sheet.body)}",
        f"{marking} {colour_word(sheet.marking)}",
        f"eyes {colour_word(sheet.eye_colour)}",
    ]
    if sheet.hair is not Hair.NONE:
        looks.append(f"{_HAIRS.get(sheet.hair, f'{sheet.hair.value} hair')}, {colour_word(sheet.hair_colour)}")
    if sheet.garment is not Garment.NONE and not scene.forbids(sheet.garment.value, who):
        looks.append(f"wearing a {colour_word(sheet.outfit)} {_GARMENTS[sheet.garment]}")
    worn = [_thing(item.value) for item in sheet.accessories if not scene.forbids(item.value, who)]
    if worn:
        looks.append(f"always with {_and(worn)} in {colour_word(sheet.accent)}")
    return "; ".join(looks) + "."


def _height(sheet: Sheet) -> str:
    if sheet.height < _SMALL_BELOW:
        return ", small"
    return ", tall" if sheet.height > _TALL_ABOVE else ""


def _acts(actor: Actor, scene: Scene) -> str:
    expression = _EXPRESSIONS.get(actor.expression, actor.expression.value)
    held = actor.holding
    holding = f", holding a {_thing(held.value)}" if held and not scene.forbids(held.value, actor.who) else ""
    return f"Here: {_POSES[actor.pose]}, looking {expression}, {_PLACES[actor.place]} {_DEPTHS[actor.depth]}{holding}."


def _things(scene: Scene) -> Iterator[str]:
    props = [_prop(prop) for prop in scene.props if not scene.forbids(prop.kind.value)]
    if props:
        yield f"Also in the picture: {_and(props)}."
    for relation in scene.relations:
        yield f"{_name(relation.subject).capitalize()} {_RELATIONS[relation.kind]} {_name(relation.object)}."


def _prop(prop: Prop) -> str:
    colour = f"{colour_word(prop.colour)} " if prop.colour else ""
    return f"a {colour}{_thing(prop.kind.value)} {_PLACES[prop.place]}"


def rules_of(scene: Scene) -> Iterator[str]:
    required = [_rule(each) for each in scene.constraints if each.kind is ConstraintKind.REQUIRE]
    forbidden = [_rule(each) for each in scene.constraints if each.kind is ConstraintKind.FORBID]
    if required:
        yield f"Must show: {_and(required)}."
    if forbidden:
        yield f"Must not show, not even small or far away: {_and(forbidden)}."


def _rule(constraint: Constraint) -> str:
    thing = _thing(constraint.subject)
    return f"{thing} on {_name(constraint.of)}" if constraint.of else thing


def _thing(value: str) -> str:
    """``witch_hat`` as "witch hat"."""
    return _line(value.replace("_", " "))


def _name(who: str) -> str:
    """A character's id, or a prop's kind, as it can stand in a sentence."""
    return _thing(who.replace("-", " "))


def _line(text: str) -> str:
    return " ".join(text.split())


def _and(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"

"""The scene graph: what one picture shows, before anybody draws it.

It joins words to pictures. A writer (or a model) produces it from text; an illustrator draws from
it, a hosted image model gets a prompt rendered from it, alternative texts are written from it and
checks ask it who should be seen. Everything in it is named, nothing is a pixel.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from overprint.core.codec import bounds


class Setting(StrEnum):
    """The kind of place. ``Scene.place`` says which one, in words."""

    FOREST = "forest"
    MEADOW = "meadow"
    SEA = "sea"
    SKY = "sky"
    MOON = "moon"
    VILLAGE = "village"
    BEDROOM = "bedroom"
    MOUNTAIN = "mountain"
    CITY = "city"
    LIBRARY = "library"
    KITCHEN = "kitchen"
    CLASSROOM = "classroom"
    BEACH = "beach"
    DESERT = "desert"
    UNDERWATER = "underwater"
    CAVE = "cave"
    CASTLE = "castle"
    HARBOUR = "harbour"
    SHIP = "ship"
    GARDEN = "garden"
    SPACESHIP = "spaceship"
    MARKET = "market"


class Time(StrEnum):
    """The light of the day."""

    DAWN = "dawn"
    DAY = "day"
    GOLDEN = "golden"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    WIND = "wind"


class Season(StrEnum):
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Mood(StrEnum):
    CALM = "calm"
    JOYFUL = "joyful"
    TENSE = "tense"
    SAD = "sad"
    WONDER = "wonder"
    COSY = "cosy"


class Shot(StrEnum):
    """How near the camera is; ``LOW`` looks up at the figures from near the ground."""

    WIDE = "wide"
    MEDIUM = "medium"
    CLOSE = "close"
    LOW = "low"


class Area(StrEnum):
    """A part of the picture kept calm so that text can stand there."""

    NONE = "none"
    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


class Species(StrEnum):
    """What a character is. ``CREATURE`` stands for whoever has no kind of their own here: it is made up."""

    CHILD = "child"
    WOMAN = "woman"
    MAN = "man"
    GRANDMOTHER = "grandmother"
    GRANDFATHER = "grandfather"
    FOX = "fox"
    CAT = "cat"
    DOG = "dog"
    WOLF = "wolf"
    BEAR = "bear"
    RABBIT = "rabbit"
    MOUSE = "mouse"
    FROG = "frog"
    ELEPHANT = "elephant"
    HEDGEHOG = "hedgehog"
    LION = "lion"
    TIGER = "tiger"
    PANDA = "panda"
    MONKEY = "monkey"
    PIG = "pig"
    SHEEP = "sheep"
    COW = "cow"
    HORSE = "horse"
    UNICORN = "unicorn"
    DEER = "deer"
    SQUIRREL = "squirrel"
    PENGUIN = "penguin"
    DUCK = "duck"
    BIRD = "bird"
    TURTLE = "turtle"
    OWL = "owl"
    ROBOT = "robot"
    DRAGON = "dragon"
    GHOST = "ghost"
    MONSTER = "monster"
    OCTOPUS = "octopus"
    SNAIL = "snail"
    CRAB = "crab"
    WHALE = "whale"
    DOLPHIN = "dolphin"
    SHARK = "shark"
    FISH = "fish"
    SEAL = "seal"
    MERMAID = "mermaid"
    BEE = "bee"
    BUTTERFLY = "butterfly"
    LADYBIRD = "ladybird"
    CATERPILLAR = "caterpillar"
    SPIDER = "spider"
    BAT = "bat"
    SNAKE = "snake"
    CROCODILE = "crocodile"
    DINOSAUR = "dinosaur"
    GIRAFFE = "giraffe"
    HIPPO = "hippo"
    RHINO = "rhino"
    ZEBRA = "zebra"
    KOALA = "koala"
    KANGAROO = "kangaroo"
    RACCOON = "raccoon"
    BADGER = "badger"
    OTTER = "otter"
    GOAT = "goat"
    HEN = "hen"
    MOLE = "mole"
    HAMSTER = "hamster"
    BEAVER = "beaver"
    SKUNK = "skunk"
    WOMBAT = "wombat"
    SLOTH = "sloth"
    CAMEL = "camel"
    LLAMA = "llama"
    DONKEY = "donkey"
    PARROT = "parrot"
    PEACOCK = "peacock"
    SWAN = "swan"
    FLAMINGO = "flamingo"
    JELLYFISH = "jellyfish"
    STARFISH = "starfish"
    AXOLOTL = "axolotl"
    SNOWMAN = "snowman"
    WALRUS = "walrus"
    NARWHAL = "narwhal"
    LEOPARD = "leopard"
    LIZARD = "lizard"
    ANT = "ant"
    ALIEN = "alien"
    CREATURE = "creature"


PEOPLE = (
    Species.CHILD,
    Species.WOMAN,
    Species.MAN,
    Species.GRANDMOTHER,
    Species.GRANDFATHER,
    Species.MERMAID,
)


MADE_UP = "made-up creature"
"""What an illustrator who can tell says is shown where it drew a ``CREATURE``."""


class Hair(StrEnum):
    """Hair of people. Animals, robots and dragons have ``NONE``."""

    NONE = "none"
    SHORT = "short"
    LONG = "long"
    CURLY = "curly"
    BUN = "bun"
    BRAIDS = "braids"
    BOB = "bob"
    PONYTAIL = "ponytail"


class Garment(StrEnum):
    NONE = "none"
    COAT = "coat"
    STRIPES = "stripes"
    DRESS = "dress"
    VEST = "vest"
    DUNGAREES = "dungarees"


class Accessory(StrEnum):
    """Worn, or used to get about, by a character on every page."""

    SCARF = "scarf"
    GLASSES = "glasses"
    WITCH_HAT = "witch_hat"
    CROWN = "crown"
    CAP = "cap"
    BOW = "bow"
    BACKPACK = "backpack"
    CAPE = "cape"
    HIJAB = "hijab"
    SUN_HAT = "sun_hat"
    WHEELCHAIR = "wheelchair"
    WINGS = "wings"


class Pose(StrEnum):
    STAND = "stand"
    WALK = "walk"
    WAVE = "wave"
    HOLD = "hold"
    CHEER = "cheer"
    POINT = "point"
    SIT = "sit"
    READ = "read"
    HUG = "hug"
    SLEEP = "sleep"
    FLY = "fly"
    RUN = "run"
    JUMP = "jump"
    REACH = "reach"


class View(StrEnum):
    """The side of a figure that the reader sees."""

    FRONT = "front"
    THREE_QUARTER = "three_quarter"
    SIDE = "side"


class Expression(StrEnum):
    HAPPY = "happy"
    JOY = "joy"
    CALM = "calm"
    SAD = "sad"
    WORRIED = "worried"
    SURPRISED = "surprised"
    BRAVE = "brave"
    SLEEPY = "sleepy"


class Place(StrEnum):
    """Where somebody or something stands, seen by the reader."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class Depth(StrEnum):
    NEAR = "near"
    MIDDLE = "middle"
    FAR = "far"


class PropKind(StrEnum):
    """Things that can be drawn, held or stood beside."""

    LANTERN = "lantern"
    BALLOON = "balloon"
    BOOK = "book"
    BOAT = "boat"
    KITE = "kite"
    UMBRELLA = "umbrella"
    STAR = "star"
    KEY = "key"
    MAP = "map"
    FLOWER = "flower"
    BASKET = "basket"
    LETTER = "letter"
    CAMPFIRE = "campfire"
    DOOR = "door"
    BALL = "ball"
    CAKE = "cake"
    APPLE = "apple"
    WAND = "wand"
    TEDDY = "teddy"
    TELESCOPE = "telescope"


PROPS_MAX = 8  # that a picture has besides what is held


class RelationKind(StrEnum):
    BESIDE = "beside"
    FACING = "facing"
    HOLDING = "holding"
    IN = "in"
    FOLLOWING = "following"
    HAND_IN_HAND = "hand_in_hand"


class ConstraintKind(StrEnum):
    REQUIRE = "require"
    FORBID = "forbid"


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a character looks: frozen for a whole book, so that they are recognisably the same on every page.

    Colours are ``#rrggbb``. ``body`` is skin, fur, feathers, scales or metal; ``marking`` the belly, muzzle
    or second colour; ``outfit`` and ``accent`` colour the garment and what is worn with it.
    """

    species: Species
    body: str
    marking: str
    outfit: str
    accent: str
    hair_colour: str = "#3b2a20"
    eye_colour: str = "#2d2430"
    hair: Hair = Hair.NONE
    garment: Garment = Garment.NONE
    accessories: tuple[Accessory, ...] = field(default=(), metadata=bounds(max_length=4))
    height: float = field(default=1.0, metadata=bounds(at_least=0.4, at_most=1.6, about="1 is a child's height"))
    in_place_of: str = field(
        default="", metadata=bounds(max_length=40, about="what they are, where species is only the nearest: moose")
    )

    @property
    def drawn_as(self) -> str:
        """What an illustrator who draws by species shows them as."""
        return MADE_UP if self.species is Species.CREATURE else self.species.value


@dataclass(frozen=True, slots=True)
class Actor:
    """A character at one moment. ``who`` is the character's id in the book; without a ``view`` the illustrator
    chooses one that suits the pose and whom they look at."""

    who: str
    pose: Pose = Pose.STAND
    expression: Expression = Expression.HAPPY
    place: Place = Place.CENTRE
    depth: Depth = Depth.NEAR
    holding: PropKind | None = None
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Prop:
    """A thing that is part of the picture without being held."""

    kind: PropKind
    place: Place = Place.RIGHT
    colour: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """``subject`` and ``object`` are character ids or prop kinds: fox IN boat, fox HOLDING lantern."""

    subject: str
    kind: RelationKind
    object: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """What a picture must or must not show; ``of`` narrows it to one character.

    ``subject`` is an accessory, prop, species, weather or a word like ``moon`` or ``stars``.
    """

    kind: ConstraintKind
    subject: str
    of: str | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    shot: Shot = Shot.MEDIUM
    quiet: Area = Area.NONE


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture. ``caption`` is one plain sentence; it becomes the alternative text."""

    setting: Setting
    place: str = field(metadata=bounds(max_length=200))
    caption: str = field(metadata=bounds(min_length=1, max_length=400))
    time: Time = Time.DAY
    weather: Weather = Weather.CLEAR
    season: Season = Season.SUMMER
    mood: Mood = Mood.CALM
    camera: Camera = Camera()
    actors: tuple[Actor, ...] = field(default=(), metadata=bounds(max_length=6))
    props: tuple[Prop, ...] = field(default=(), metadata=bounds(max_length=PROPS_MAX))
    relations: tuple[Relation, ...] = field(default=(), metadata=bounds(max_length=12))
    constraints: tuple[Constraint, ...] = field(default=(), metadata=bounds(max_length=12))

    def forbids(self, subject: str, of: str | None = None) -> bool:
        """Whether ``subject`` must not be seen: anywhere, or on the character ``of``."""
        return any(
            c.kind is ConstraintKind.FORBID and c.subject == subject and (c.of is None or c.of == of)
            for c in self.constraints
        )

"""A scene becomes layers: the stage is set, the cast stands on it, the weather comes over it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from overprint.core.book import FOLD_SHARE
from overprint.core.scene import (
    MADE_UP,
    Area,
    ConstraintKind,
    Place,
    Pose,
    PropKind,
    Scene,
    Setting,
    Sheet,
    Shot,
    Species,
    Time,
    View,
)
from overprint.core.shown import stand_in
from overprint.craft.drawing import boating
from overprint.craft.drawing.camera import framed, lens_for, stage_height
from overprint.craft.drawing.casting import Cast, Player, cast
from overprint.craft.drawing.colour import Colour, known_colour, mix
from overprint.craft.drawing.figures import Figure, draw_figure, look_of
from overprint.craft.drawing.foreground import foreground_layers
from overprint.craft.drawing.going import gaits
from overprint.craft.drawing.layout import (
    SIZES,
    PropSpot,
    Spot,
    embrace,
    face,
    join_hands,
    look_around,
    place,
    place_props,
)
from overprint.craft.drawing.nodes import Gait, Group, Layer, extent
from overprint.craft.drawing.palettes import palette
from overprint.craft.drawing.props import PROPS
from overprint.craft.drawing.quiet import BESIDE_SHARE, quiet_layers
from overprint.craft.drawing.raster import Lens
from overprint.craft.drawing.rng import Dice
from overprint.craft.drawing.settings import SETTINGS
from overprint.craft.drawing.stage import Scenery, Stage
from overprint.craft.drawing.vector import Point, Rect, apply_rect, at, ellipse, multiply
from overprint.craft.drawing.weather import weather_layers

OVERSCAN = 90.0
_LIGHT_OFF_FOLD = 0.11
# Where things drift around a boat, as shares of the stage, by the place that was chosen for them.
_ADRIFT = {Place.LEFT: (0.1, 0.2), Place.CENTRE: (0.5, 0.38, 0.62), Place.RIGHT: (0.9, 0.8)}
_ADRIFT_TALL_SHARE = 0.14


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that can be seen, where (world units), and where its face is."""

    what: str
    box: Rect | None = None
    face: Rect | None = None


Acting = Callable[[bool, float | None], Sequence[Layer]]
"""The layers of everybody and of their things: whether they blink, and at which place (0 to 1) of two steps those are
who walk or run, if that is not the picture's."""


@dataclass(slots=True)
class Composition:
    """``acting`` draws again what is in ``layers`` from the place ``acting_at`` on."""

    view: Lens
    layers: list[Layer]
    acting: Acting
    acting_at: int
    seen: list[Seen] = field(default_factory=list)


def compose(
    scene: Scene,
    sheets: Mapping[str, Sheet],
    width_px: int,
    height_px: int,
    seed: int,
    *,
    is_spread: bool = False,
    facing: int = 0,
) -> Composition:
    """``is_spread``, ``facing``: see :func:`overprint.craft.drawing.drawing.draw`.

    Raises ``Invalid`` when an actor has no sheet.
    """
    troupe = cast(scene, sheets)
    dice = Dice("picture", seed, scene.setting)
    view = lens_for(width_px, height_px, scene.camera.quiet)
    stage = _stage(scene, troupe, view, dice, is_spread=is_spread)
    scenery = SETTINGS[scene.setting](stage)
    scenery = framed(stage, scenery, scene.camera.shot, dice.child("camera"))
    falling = (
        [] if scenery.indoors or scene.setting is Setting.MOON else weather_layers(stage, ground=scenery.floor.far)
    )
    back = sorted([*stage.layers, *(layer for layer in falling if layer.depth < 0.95)], key=lambda layer: layer.depth)
    front = sorted(
        [*scenery.front, *(layer for layer in falling if layer.depth >= 0.95)], key=lambda layer: layer.depth
    )
    behind = [layer for layer in back if layer.depth <= 1]
    players = _Players(scene, troupe, stage, scenery, view, dice, facing)
    layers = [*behind, *players.draw(), *(layer for layer in back if layer.depth > 1), *front]
    layers += quiet_layers(stage, view, scene.camera.shot)
    layers += foreground_layers(stage, view, scene)
    seen = [*players.seen, *(Seen(what, where) for what, where in stage.shown)]
    return Composition(view, layers, players.draw, len(behind), seen)


def _stage(scene: Scene, troupe: Cast, view: Lens, dice: Dice, *, is_spread: bool) -> Stage:
    width, tall = view.width_px / view.scale, view.height_px / view.scale
    height = stage_height(view, scene.camera.quiet)
    area = Rect(-OVERSCAN, view.y0 - OVERSCAN, width + OVERSCAN, view.y0 + tall + OVERSCAN)
    light_dice = dice.child("light")
    x = light_dice.pick((light_dice.between(0.12, 0.36), light_dice.between(0.64, 0.88), light_dice.between(0.3, 0.7)))
    if is_spread and abs(x - 0.5) < _LIGHT_OFF_FOLD:
        x = 0.5 + (_LIGHT_OFF_FOLD if x >= 0.5 else -_LIGHT_OFF_FOLD)
    low = 0.42 if scene.time in (Time.DAWN, Time.DUSK) else 0.26
    bed_side = _bed_side(troupe)
    side = _acting_side(scene, bed_side, dice) if is_spread else 0
    required = {c.subject for c in scene.constraints if c.kind is ConstraintKind.REQUIRE}
    return Stage(
        width=width,
        height=height,
        area=area,
        palette=palette(scene.time, scene.season, troupe.weather, scene.mood),
        dice=dice.child("setting"),
        home=Dice("place", scene.setting, scene.place),
        light=(width * x, height * light_dice.between(0.13, low)),
        time=scene.time,
        season=scene.season,
        weather=troupe.weather,
        forbids=scene.forbids,
        requires=lambda word: word in required and not scene.forbids(word),
        afloat=troupe.boat,
        bed_side=bed_side,
        quiet=scene.camera.quiet,
        acting=(
            0.0 if side <= 0 else width * (0.5 + FOLD_SHARE / 2),
            width if side >= 0 else width * (0.5 - FOLD_SHARE / 2),
        ),
    )


def _bed_side(troupe: Cast) -> int:
    """A bed goes to the side where fewer others stand."""
    sleepers = [player for player in troupe.players if player.pose is Pose.SLEEP]
    if not sleepers:
        return 0
    others = [player for player in troupe.players if player is not sleepers[0]]
    lean = sum({Place.LEFT: -1, Place.CENTRE: 0, Place.RIGHT: 1}[player.place] for player in others)
    if lean == 0:
        return 1 if sleepers[0].place is Place.RIGHT else -1
    return -1 if lean > 0 else 1


def _acting_side(scene: Scene, bed_side: int, dice: Dice) -> int:
    """The half of a spread that everybody stands in: never the quiet one, nor that of an occupied bed."""
    if scene.camera.quiet in (Area.LEFT, Area.RIGHT):
        return 1 if scene.camera.quiet is Area.LEFT else -1
    return -bed_side or dice.child("fold").pick((1, -1))


class _Players:
    """Draws the cast and its things, far to near."""

    def __init__(
        self,
        scene: Scene,
        troupe: Cast,
        stage: Stage,
        scenery: Scenery,
        view: Lens,
        dice: Dice,
        facing: int,
    ) -> None:
        self.scene, self.troupe, self.stage, self.scenery, self.facing = scene, troupe, stage, scenery, facing
        self.picture_dice = dice
        self.shot = scene.camera.shot
        self.frame = Rect(0, view.y0, stage.width, view.y0 + view.height_px / view.scale)

    def draw(self, blinks: bool = False, stride: float | None = None) -> list[Layer]:
        """The same people at the same places, whenever it is called."""
        self.blinks, self.stride = blinks, stride
        self.dice, self.seen = self.picture_dice.child("cast"), list[Seen]()
        everybody = list(self.troupe.players)
        adrift = self.troupe.boat and (self.scenery.water or self.scenery.air)
        crew = [p for p in everybody if p.in_boat or adrift]
        ashore = [p for p in everybody if p not in crew]
        in_bed = self._in_bed(ashore)
        standing = [player for player in ashore if player not in in_bed]
        spots = place(standing, self.stage, self.scenery, self.shot, self.dice, free=self._free(bool(in_bed)))
        face(spots, self.facing)
        props = (
            place_props(self.troupe.props, spots, self.stage, self.scenery, self.shot, self.dice) if not adrift else []
        )
        look_around(spots, props, self.stage, self.dice, self.facing)
        join_hands(spots)
        embrace(spots)
        going = gaits(spots, self.stage, self.scenery, self.shot)
        entries: list[tuple[float, Layer]] = []
        if crew:
            entries.append((self.scenery.floor.middle, self._boat(crew)))
        entries += [(item.y + (900 if item.in_front else -6), self._prop(item)) for item in props]
        entries += [(spot.y, self._actor(spot, n, going.get(n))) for n, spot in enumerate(spots)]
        entries += [(0.0, self._sleeper(player)) for player in in_bed]
        layers = [layer for _, layer in sorted(entries, key=lambda entry: entry[0])]
        if adrift and self.troupe.props:
            layers += self._afloat_props()
        return layers

    def _in_bed(self, players: list[Player]) -> list[Player]:
        """The first sleeper in a room with a bed lies in it."""
        if self.scenery.bed is None or self.shot is Shot.CLOSE:
            return []
        return [player for player in players if player.pose is Pose.SLEEP][:1]

    def _free(self, bed_taken: bool) -> tuple[float, float]:
        """Where others may stand without hiding a sleeper's face or standing in a quiet part."""
        width, (start, end) = self.stage.width, self.stage.acting
        if self.stage.quiet is Area.LEFT:
            return max(start, BESIDE_SHARE * width), end
        if self.stage.quiet is Area.RIGHT:
            return start, min(end, (1 - BESIDE_SHARE) * width)
        if not bed_taken or self.scenery.bed is None:
            return start, end
        return (max(start, 0.38 * width), end) if self.scenery.bed[2] > 0 else (start, min(end, 0.62 * width))

    def _sleeper(self, player: Player) -> Layer:
        layer = Layer("sleeper", 1.0, Group("sleeper"), is_figure=True)
        if self.scenery.bed is not None:
            x, y, side = self.scenery.bed
            self._put(layer.group, self._figure(player, 0.0), player, at(x, y, 1.6, flip=side < 0))
        return layer

    def _actor(self, spot: Spot, number: int, gait: Gait | None) -> Layer:
        layer = Layer(f"actor-{number}", 1.0, Group(f"actor-{number}"), shadow=0.3, is_figure=True, gait=gait)
        figure = self._figure(spot.player, spot.gaze, spot.view, spot.grasps)
        reach = figure.shadow_half_width * spot.scale
        faint = 0.3 if figure.is_grounded else 0.2
        below = self.scenery.floor.middle if spot.player.pose is Pose.FLY else spot.y
        ground = ellipse(spot.x, below + 1, reach * 1.15, reach * 0.2)
        layer.group.fill(ground, self.stage.palette.shadow, opacity=faint, blur=reach * 0.09)
        self._put(layer.group, figure, spot.player, at(spot.x, spot.y, spot.scale, flip=spot.flip))
        return layer

    def _figure(
        self, player: Player, gaze: float, view: View = View.FRONT, grasps: Mapping[int, Point] | None = None
    ) -> Figure:
        p = self.stage.palette
        look = look_of(
            player.sheet,
            player.expression,
            worn=player.worn,
            light=p.ambient,
            share=p.ambient_share,
            gaze=gaze,
            view=view,
            blinks=self.blinks,
            stride=self.stride,
        )
        held = None
        if player.holding is not None:
            art = PROPS[player.holding]
            held = (art, self._colour(player.holding, None))
        return draw_figure(look, player.pose, held, embraces=player.hugs, grasps=grasps or {})

    def _colour(self, kind: PropKind, wanted: str | None) -> Colour:
        named = wanted or next((prop.colour for prop in self.scene.props if prop.kind is kind and prop.colour), None)
        p = self.stage.palette
        return mix(known_colour(named, PROPS[kind].colour), p.ambient, p.ambient_share * 0.8)

    def _put(
        self, g: Group, figure: Figure, player: Player, matrix: tuple[float, float, float, float, float, float]
    ) -> None:
        inner = g.group("figure", matrix=matrix)
        inner.items += figure.group.items
        face = apply_rect(matrix, figure.face)
        whole = apply_rect(matrix, figure.box).clipped(self.frame)
        self.seen.append(Seen(player.who, whole, face.clipped(self.frame)))
        if player.sheet.species is Species.CREATURE:
            self.seen.append(Seen(MADE_UP, whole))
        if player.sheet.in_place_of:
            self.seen.append(Seen(stand_in(player.sheet.drawn_as, player.sheet.in_place_of), whole))
        for name, covered in figure.parts.items():
            what = str(player.holding) if name == "held" else str(name)
            self.seen.append(Seen(what, apply_rect(matrix, covered).clipped(self.frame)))

    def _prop(self, item: PropSpot) -> Layer:
        art, kind = PROPS[item.prop.kind], item.prop.kind
        is_afloat = kind is PropKind.BOAT and (self.scenery.water or self.scenery.air)
        name = f"prop-{kind} afloat" if is_afloat else f"prop-{kind}"
        layer = Layer(name, 0.99, Group(name), shadow=0.25, is_figure=True)
        if not art.floats:
            half = art.width * item.scale * 0.45
            layer.group.fill(
                ellipse(item.x, item.y + 1, half * 1.1, half * 0.18),
                self.stage.palette.shadow,
                opacity=0.26,
                blur=half * 0.08,
            )
        thing = Group(str(kind), matrix=at(item.x, item.y, item.scale, flip=self.dice.child(kind).chance(0.4)))
        stands = art.standing if self.scenery.indoors or art.outdoors is None else art.outdoors
        stands(thing, self._colour(kind, item.prop.colour))
        layer.group.items.append(thing)
        covered = extent(thing)
        self.seen.append(Seen(str(kind), covered.clipped(self.frame) if covered else None))
        return layer

    def _boat(self, crew: list[Player]) -> Layer:
        is_afloat = self.scenery.water or self.scenery.air
        layer = Layer("boat" if is_afloat else "beached boat", 1.0, Group("boat"), shadow=0.3, is_figure=True)
        place_ = boating.berth(
            self.stage, self.scenery, len(crew), SIZES[self.shot] * (0.86 if self.shot is not Shot.CLOSE else 0.62)
        )
        colour = self._colour(PropKind.BOAT, None)
        boating.behind_crew(layer.group, self.stage, self.scenery, place_, colour)
        for n, player in enumerate(crew):
            x, y = place_.seat(n, len(crew))
            height = min(1.6, max(0.4, player.sheet.height)) ** 0.5
            spot = Spot(
                player,
                x,
                y,
                place_.scale * height * 0.92,
                gaze=0.45 if n < (len(crew) - 1) / 2 else -0.45 if n else 0.3,
            )
            spot.flip = n < len(crew) / 2 and len(crew) > 1
            turned_view = player.view or (View.THREE_QUARTER if len(crew) > 1 else View.FRONT)
            if turned_view is not View.FRONT and not player.view:
                spot.flip = not spot.flip
            figure = self._figure(player, -spot.gaze if spot.flip else spot.gaze, turned_view)
            self._put(layer.group, figure, player, multiply(at(spot.x, spot.y), at(0, 0, spot.scale, flip=spot.flip)))
        if boating.before_crew(layer.group, self.stage, self.scenery, place_, colour):
            self.seen.append(Seen("lantern"))
        half, s = place_.half * place_.scale, place_.scale
        covered = Rect(place_.x - half, place_.y - 330 * s, place_.x + half, place_.y + 34 * s)
        self.seen.append(Seen("boat", covered.clipped(self.frame)))
        return layer

    def _afloat_props(self) -> list[Layer]:
        """Nothing stands on water or air: things drift beside the boat or before it, on the side that was chosen."""
        items, beside = [], dict.fromkeys(Place, 0)
        start, span = self.stage.acting[0], self.stage.acting[1] - self.stage.acting[0]
        # In water they sink in a little; in the air they are below the boat.
        surface = self.scenery.floor.near + 0.02 * self.stage.height if self.scenery.water else 0.96 * self.stage.height
        for prop in self.troupe.props:
            art, column = PROPS[prop.kind], _ADRIFT[prop.place]
            row, nth = divmod(beside[prop.place], len(column))
            beside[prop.place] += 1
            # Before the boat things are small enough to hide its side at most, and nobody in it.
            low = _ADRIFT_TALL_SHARE * self.stage.height / art.height if prop.place is Place.CENTRE else 0.8
            scale = min(0.8, low, span * 0.16 / art.width)
            items.append(
                PropSpot(prop, start + span * column[nth], surface - 0.05 * row * self.stage.height, scale, True)
            )
        return [self._prop(item) for item in items]

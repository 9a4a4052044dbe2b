"""The colours of a picture, from the time of day, the season, the weather and the mood."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from overprint.core.scene import Mood, Season, Time, Weather
from overprint.craft.drawing.colour import Colour, mix, shade, vivid


@dataclass(frozen=True, slots=True)
class Palette:
    """``sky`` from the zenith down; ``far``, ``mid``, ``near``, ``ground`` are hills from the horizon to the stage.

    ``dark`` 0 to 1 says how much lamps are lit; ``ambient`` and ``ambient_share`` tint whoever stands in the scene.
    """

    sky: tuple[Colour, ...]
    disc: Colour
    halo: Colour
    far: Colour
    mid: Colour
    near: Colour
    ground: Colour
    leaf: tuple[Colour, ...]
    conifer: tuple[Colour, ...]
    trunk: Colour
    water: tuple[Colour, ...]
    glow: Colour
    shadow: Colour
    ambient: Colour
    ambient_share: float
    dark: float

    def mapped(self, change: Callable[[Colour], Colour]) -> "Palette":
        """Every colour changed, except the shadow."""
        changed: dict[str, Any] = {}
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, tuple):
                changed[item.name] = tuple(change(colour) for colour in value)
            elif isinstance(value, str) and item.name != "shadow":
                changed[item.name] = change(value)
        return replace(self, **changed)


_GREENS = ("#6fb04a", "#4f9a52", "#9ccb5a", "#3f8a54")

TIMES: dict[Time, Palette] = {
    Time.DAY: Palette(
        ("#5db4e6", "#92d0ee", "#c9e8ee", "#f4f6dc"), "#fffbe0", "#fff0b0", "#a9cfd6", "#8cc39a", "#6fb466", "#4f9a52",
        _GREENS, ("#4f9a72", "#3f8268"), "#7d5a44", ("#7fd0d8", "#2f97b5"), "#fff3c0", "#25424a", "#fff4d0", 0.04, 0.0,
    ),
    Time.GOLDEN: Palette(
        ("#5fa3b5", "#a9cdb8", "#f8d79a", "#ffedbd"), "#fff6d8", "#ffd27a", "#d9b07f", "#a9a55a", "#7d9748", "#557a3e",
        ("#a8b04a", "#7f9a45", "#d0b855", "#6b8f4a"), ("#5f8553", "#466e4b"), "#6a4632", ("#8fc3bd", "#3f8a94"),
        "#ffd58a", "#3a2c28", "#ffb765", 0.09, 0.15,
    ),
    Time.DAWN: Palette(
        ("#7fa6cf", "#c3bfdc", "#f6cfcd", "#ffe8cb"), "#fff4e0", "#ffd8b8", "#b8b4d6", "#93a3bd", "#76a08f", "#578a78",
        ("#8fb59a", "#6fa093", "#b9c79a", "#a9b58a"), ("#5f8c8c", "#4b7678"), "#6b5560", ("#b8cfe0", "#6f9fbd"),
        "#ffe3c4", "#3a4460", "#ffd9c9", 0.09, 0.1,
    ),
    Time.DUSK: Palette(
        ("#34377a", "#75559a", "#e5838a", "#ffc98f"), "#ffe3b0", "#ff9f7a", "#a06aa2", "#6d5192", "#4d4a80", "#3a3d66",
        ("#7a5a8a", "#5d4a80", "#a0647f", "#4a4a78"), ("#454780", "#363a6a"), "#3a2c50", ("#d98a98", "#4b4a8c"),
        "#ffc078", "#1c1638", "#b06aa0", 0.11, 0.65,
    ),
    Time.NIGHT: Palette(
        ("#0e1838", "#1c2f63", "#3f5694", "#8f96c4"), "#fff7dc", "#b9c8f0", "#4a5f9f", "#324a86", "#25406e", "#1c3358",
        ("#2f5a8f", "#264c7f", "#3a7088", "#22487a"), ("#27466f", "#1e3860"), "#202c4e", ("#5f86bd", "#142a5c"),
        "#ffd98a", "#060c22", "#5a70c8", 0.12, 1.0,
    ),
}  # fmt: skip

_AUTUMN = ("#e0893c", "#d9622f", "#eeb24b", "#c9a03f")
_BLOSSOM = ("#f3a9bb", "#86bf62", "#a5cf7a", "#f7c6d0")


def palette(time: Time, season: Season, weather: Weather, mood: Mood) -> Palette:
    """The colours of a scene outdoors."""
    return _felt(_weathered(_in_season(TIMES[time], season), weather), mood)


def _in_season(base: Palette, season: Season) -> Palette:
    dim = base.dark
    if season is Season.AUTUMN:
        leaf = tuple(mix(a, b, 0.85 - 0.5 * dim) for a, b in zip(base.leaf, _AUTUMN, strict=True))
        ochre = 0.42 - 0.25 * dim
        return replace(
            base, leaf=leaf, mid=mix(base.mid, "#c9a55a", ochre), near=mix(base.near, "#b89a4a", ochre * 0.8),
            ground=mix(base.ground, "#96803f", ochre * 0.8),
        )  # fmt: skip
    if season is Season.WINTER:
        snow = tuple(mix(colour, "#f4f7ff", share) for colour, share in ((base.far, 0.4), (base.mid, 0.62)))
        near, ground = mix(base.near, "#eef3fc", 0.9 - 0.28 * dim), mix(base.ground, "#f6f9ff", 0.94 - 0.3 * dim)
        leaf = tuple(mix(colour, "#e6eefa", 0.8 - 0.35 * dim) for colour in base.leaf)
        conifer = tuple(mix(colour, "#5a86a0", 0.35) for colour in base.conifer)
        return replace(base, far=snow[0], mid=snow[1], near=near, ground=ground, leaf=leaf, conifer=conifer)
    if season is Season.SPRING:
        leaf = tuple(mix(a, b, 0.93 - 0.5 * dim) for a, b in zip(base.leaf, _BLOSSOM, strict=True))
        return replace(
            base, leaf=leaf, near=mix(base.near, "#9fd06f", 0.25 * (1 - dim)), ground=shade(base.ground, 0.02)
        )
    return base


_VEILS = {Weather.RAIN: 0.55, Weather.FOG: 0.5, Weather.CLOUDY: 0.32, Weather.SNOW: 0.38}


def _weathered(base: Palette, weather: Weather) -> Palette:
    veil = _VEILS.get(weather, 0.0)
    if not veil:
        return base
    grey = mix("#b9c4cd", "#333d58", base.dark)
    sky = tuple(mix(colour, shade(grey, 0.06 * i - 0.08), veil) for i, colour in enumerate(base.sky))
    dulled = base.mapped(lambda colour: mix(vivid(colour, 1 - 0.3 * veil), grey, veil * 0.16))
    return replace(dulled, sky=sky, disc=base.disc, halo=mix(base.halo, grey, 0.3), glow=base.glow)


def _felt(base: Palette, mood: Mood) -> Palette:
    changes: dict[Mood, Callable[[Colour], Colour]] = {
        Mood.JOYFUL: lambda colour: vivid(shade(colour, 0.012), 1.12),
        Mood.SAD: lambda colour: mix(vivid(colour, 0.72), "#5f7390", 0.12),
        Mood.TENSE: lambda colour: shade(mix(vivid(colour, 0.9), "#3d3a5c", 0.16), -0.03),
        Mood.WONDER: lambda colour: mix(vivid(colour, 1.08), "#7f7fe0", 0.08),
        Mood.COSY: lambda colour: mix(colour, "#f0a860", 0.08),
    }
    change = changes.get(mood)
    return base if change is None else base.mapped(change)

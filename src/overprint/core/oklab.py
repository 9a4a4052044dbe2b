"""Colours as eyes see them: sRGB opened into light, its luminance, and OKLab, in which equal steps look equal.

OKLab is Björn Ottosson's ("A perceptual color space for image processing", 2020), sRGB is IEC 61966-2-1, luminance that
of WCAG 2.2. The numbers stand here once; who works on whole pictures makes arrays of them.
"""

Triple = tuple[float, float, float]

TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
"""Rows: how much long, medium and short cones see of linear red, green and blue."""
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
"""Rows: lightness, a and b of the cube roots of what the cones see."""
LUMINANCE = (0.2126, 0.7152, 0.0722)
"""Of red, green and blue: in linear light, and, as BT.709 has it, in the luma of films."""
# As they were published beside the others; their exact inverses differ in the tenth digit.
_FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
_FROM_CONES = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
# Below these a straight line, above them a power.
OPENED_STRAIGHT_TO, CLOSED_STRAIGHT_TO = 0.04045, 0.0031308


def components(colour: str) -> Triple:
    """sRGB components of ``#rrggbb``, 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def opened(component: float) -> float:
    """An sRGB component, 0 to 1, as linear light."""
    return component / 12.92 if component <= OPENED_STRAIGHT_TO else float(((component + 0.055) / 1.055) ** 2.4)


def closed(light: float) -> float:
    """Linear light as the nearest sRGB component, 0 to 1."""
    light = min(1.0, max(0.0, light))
    return 12.92 * light if light <= CLOSED_STRAIGHT_TO else float(1.055 * light ** (1 / 2.4) - 0.055)


def luminance(srgb: Triple) -> float:
    """Relative luminance of sRGB components, 0 to 1."""
    return _sum(LUMINANCE, (opened(srgb[0]), opened(srgb[1]), opened(srgb[2])))


def contrast(one: float, other: float) -> float:
    """Of two luminances, 1 to 21."""
    first, second = one + 0.05, other + 0.05
    return first / second if first > second else second / first


def to_oklab(srgb: Triple) -> Triple:
    """Lightness (0 to 1), a and b of sRGB components."""
    light = (opened(srgb[0]), opened(srgb[1]), opened(srgb[2]))
    seen = (_root(_sum(TO_CONES[0], light)), _root(_sum(TO_CONES[1], light)), _root(_sum(TO_CONES[2], light)))
    return _sum(TO_LAB[0], seen), _sum(TO_LAB[1], seen), _sum(TO_LAB[2], seen)


def from_oklab(lab: Triple) -> Triple:
    """The nearest sRGB components that a screen can show."""
    cones = (_sum(_FROM_LAB[0], lab) ** 3, _sum(_FROM_LAB[1], lab) ** 3, _sum(_FROM_LAB[2], lab) ** 3)
    return closed(_sum(_FROM_CONES[0], cones)), closed(_sum(_FROM_CONES[1], cones)), closed(_sum(_FROM_CONES[2], cones))


def hexed(srgb: Triple) -> str:
    """``#rrggbb`` of sRGB components, 0 to 1."""
    return "#" + "".join(f"{round(255 * component):02x}" for component in srgb)


def _sum(row: Triple, of: Triple) -> float:
    return row[0] * of[0] + row[1] * of[1] + row[2] * of[2]


def _root(value: float) -> float:
    return float(value ** (1 / 3))

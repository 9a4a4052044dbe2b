"""From a photo of somebody to a proposed character sheet, every part with how sure the reading is.

A person confirms or corrects it. Colours are measured, and roughly how far the hair hangs. Who somebody is, their
age or sex is not guessed; and whether they wear glasses was tried and could not be told reliably.
"""

from collections.abc import Mapping
from dataclasses import replace

import cv2
import numpy as np

from overprint.core.problems import Invalid
from overprint.core.scene import PEOPLE, Garment, Hair, Sheet, Species
from overprint.craft.drawing.colour import Colour, lab, shade
from overprint.craft.photos.faces import Face, get_faces
from overprint.craft.photos.matte import person_cover
from overprint.craft.photos.opening import open_photo
from overprint.craft.photos.person import PersonReading, Trait, blush
from overprint.craft.photos.regions import Regions, regions
from overprint.craft.photos.swatches import CLOTHES, HAIRS, SKINS, nearest
from overprint.craft.photos.tones import Labs, balanced, distance, hexed, labs, middle, thinned

_READ_SIDE_PX = 900
_HAIR_LIGHTS = (40, 90)  # percentiles of lightness
_SHADED, _LIFT_MOST = 0.14, 0.14


def read_person(data: bytes, species: Species = Species.CHILD, which: int = 0) -> PersonReading:
    """What the photo says about one of its faces, the largest unless told. ``species`` is what people say it shows.

    Raises ``Invalid`` for a photo that cannot be opened or shows no such face, ``LimitReached`` for one that is too
    large.
    """
    if species not in PEOPLE:
        raise Invalid("A photo can be read for a person only.", "Choose a child, a woman, a man or a grandparent.")
    picture = open_photo(data, side_px=_READ_SIDE_PX)
    faces = get_faces(picture)
    if not 0 <= which < len(faces):
        raise Invalid(f"There are {len(faces)} faces in this photo.", "Choose one of them.", field="face")
    face = faces[which]
    cover = person_cover(picture, face)
    tones = labs(balanced(picture))
    found = regions(tones, cover, face)
    coloured, shade_on_face = _has_colour(tones), _shade_on(found, tones)
    shaded = shade_on_face > _SHADED
    traits = [
        _skin(found, face.confidence, coloured, shade_on_face if shaded else 0.0),
        _hair_shape(found, face.confidence, coloured),
        _hair_colour(found, face.confidence, coloured),
        *_clothes(found, coloured),
    ]
    height, width = picture.shape[:2]
    return PersonReading(
        _sheet(species, {trait.of: trait for trait in traits}),
        tuple(traits),
        tuple(_box(each, width, height) for each in faces),
        which,
        tuple(_notes(found, len(faces), coloured, shaded, min(face.side / width, face.side / height))),
    )


def _box(face: Face, width: int, height: int) -> tuple[float, ...]:
    box = (face.x / width, face.y / height, face.side / width, face.side / height)
    return tuple(round(float(np.clip(value, 0, 1)), 4) for value in box)


def _skin(found: Regions, sure: float, coloured: bool, shadow: float) -> Trait:
    if len(found.skin) == 0:
        return Trait("body", SKINS["fair"], 0.0, None, "fair")
    # The upper half without the highlights: shadows under brows and chin are not the colour of a face.
    tone = middle(thinned(found.skin), 40, 88)
    lit = (tone[0] + min(_LIFT_MOST, 0.7 * shadow), tone[1], tone[2])
    confidence = _steady(found.skin) * sure * (0.5 if shadow else 1.0)
    proposed = _colour_trait("body", SKINS, lit, confidence if coloured else 0.1)
    return replace(proposed, measured=hexed(tone))


def _hair_colour(found: Regions, sure: float, coloured: bool) -> Trait:
    if len(found.hair) == 0:
        return Trait("hair_colour", HAIRS["brown"], 0.0, None, "brown")
    # Hair is mostly its own shadow; people name it by the part that the light falls on.
    tone = middle(thinned(found.hair), *_HAIR_LIGHTS)
    confidence = 0.8 * sure * min(1.0, 0.4 + found.hair_share) if coloured else 0.1
    if _is_hair_tone(*tone):
        return _colour_trait("hair_colour", HAIRS, tone, confidence)
    seen = hexed(tone)
    return Trait("hair_colour", seen, round(0.3 * confidence, 2), seen, "as in the photo", nearest(HAIRS, seen, 2))


def _hair_shape(found: Regions, sure: float, coloured: bool) -> Trait:
    """Short, to the jaw, or long: no more can be told honestly."""
    jaw, neck = found.hangs
    if coloured and found.bare_share > 0.9:
        return Trait("hair", Hair.NONE, round(0.4 * sure, 2), None, "no hair", (Hair.SHORT,))
    if not coloured or found.hair_share < 0.3:
        return Trait("hair", Hair.SHORT, 0.15, None, "short", (Hair.NONE, Hair.BOB, Hair.LONG))
    if neck > 0.3 and jaw > 0.3 and not _alike(found.hair, found.clothes):
        return Trait("hair", Hair.LONG, round(sure * min(0.75, 0.3 + 0.5 * neck), 2), None, "long",
                     (Hair.BOB, Hair.BRAIDS, Hair.CURLY))  # fmt: skip
    if jaw > 0.3:
        return Trait("hair", Hair.BOB, round(0.45 * sure, 2), None, "to the jaw", (Hair.SHORT, Hair.CURLY, Hair.LONG))
    return Trait("hair", Hair.SHORT, round(0.55 * sure, 2), None, "short", (Hair.BUN, Hair.PONYTAIL, Hair.CURLY))


def _alike(hair: Labs, clothes: Labs) -> bool:
    """Whether hair on the shoulders could not be told from the clothes."""
    if len(hair) == 0 or len(clothes) == 0:
        return False
    one, two = np.median(hair, axis=0), np.median(clothes, axis=0)
    return float(np.linalg.norm((one - two) * np.array([0.5, 1.4, 1.4]))) < 0.1


def _is_hair_tone(lightness: float, a: float, b: float) -> bool:
    """Whether hair grows in such a colour; else it is dyed, or a hat."""
    chroma, hue = float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))
    return chroma < 0.035 or (15 < hue < 105 and chroma < 0.15)


def _clothes(found: Regions, coloured: bool) -> list[Trait]:
    """The largest colour of the clothes, and the next one that is clearly another."""
    if len(found.clothes) == 0:
        return [Trait("outfit", CLOTHES["blue"], 0.0, None, "blue"), Trait("accent", CLOTHES["red"], 0.0, None, "red")]
    groups = _groups(found.clothes)
    share, outfit = groups[0]
    first = _colour_trait("outfit", CLOTHES, outfit, min(0.9, 0.3 + share) if coloured else 0.1)
    others = [tone for part, tone in groups[1:] if part > 0.06 and distance(tone, outfit) > 0.12]
    if others:
        return [first, _colour_trait("accent", CLOTHES, others[0], 0.45 if coloured else 0.1)]
    calm = shade(first.value, 0.22 if lab(first.value)[0] < 0.6 else -0.22)
    return [first, Trait("accent", calm, 0.1, None, "a shade of the clothes")]


def _groups(tones: Labs) -> list[tuple[float, tuple[float, float, float]]]:
    """Up to four colours with their shares, the largest first. Lightness counts less: folds are no new colour."""
    rows = thinned(tones)
    weighed = np.ascontiguousarray(rows * np.array([0.6, 1.6, 1.6], np.float32))
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.001)
    count = min(4, len(rows))
    _, labels, _ = cv2.kmeans(weighed, count, np.empty((0,), np.int32), stop, 2, cv2.KMEANS_PP_CENTERS)
    flat = labels.ravel()
    parts = [(float((flat == n).mean()), middle(rows[flat == n], 30, 85)) for n in range(count) if (flat == n).any()]
    merged: list[tuple[float, tuple[float, float, float]]] = []
    for share, tone in sorted(parts, key=lambda part: -part[0]):
        near = next((n for n, (_, other) in enumerate(merged) if distance(tone, other) < 0.09), None)
        if near is None:
            merged.append((share, tone))
        else:
            merged[near] = (merged[near][0] + share, merged[near][1])
    return sorted(merged, key=lambda part: -part[0])


def _colour_trait(
    of: str, swatches: Mapping[str, Colour], tone: tuple[float, float, float], confidence: float
) -> Trait:
    measured = hexed(tone)
    first, *others = nearest(swatches, measured, 4)
    return Trait(of, swatches[first], round(min(0.95, confidence), 2), measured, first, tuple(others))


def _steady(tones: Labs) -> float:
    """Near 1 when light falls evenly on a face, less for one half in shadow."""
    spread = float(np.percentile(tones[:, 0], 85) - np.percentile(tones[:, 0], 15))
    return float(np.clip(1.15 - 1.8 * spread, 0.3, 1.0))


def _shade_on(found: Regions, tones: Labs) -> float:
    """By how much the face lies in shadow: how much darker even eyes and teeth are than the bright parts of the photo.
    Dark skin alone is no shadow."""
    return max(0.0, float(np.percentile(tones[::4, ::4, 0], 90)) - found.glint)


def _has_colour(tones: Labs) -> bool:
    chroma = np.hypot(tones[::4, ::4, 1], tones[::4, ::4, 2])
    return float(np.percentile(chroma, 90)) > 0.02


def _sheet(species: Species, traits: dict[str, Trait]) -> Sheet:
    body = traits["body"].value
    return Sheet(
        species=species,
        body=body,
        marking=blush(body),
        outfit=traits["outfit"].value,
        accent=traits["accent"].value,
        hair_colour=traits["hair_colour"].value,
        hair=Hair(traits["hair"].value),
        garment=Garment.COAT,
        height=1.0 if species is Species.CHILD else 1.4,
    )


def _notes(found: Regions, faces: int, coloured: bool, shaded: bool, size: float) -> list[str]:
    notes = []
    if faces > 1:
        notes.append(f"There are {faces} faces in this photo: please check that the right one was read.")
    if not coloured:
        notes.append("This photo has no colours, so please choose them.")
    if shaded:
        notes.append("The face is in shadow, so its colour is a guess: please check it.")
    if size < 0.1:
        notes.append("The face is small; a nearer photo reads better.")
    if len(found.clothes) == 0:
        notes.append("No clothes can be seen, so please choose their colour.")
    if len(found.hair) and not _is_hair_tone(*middle(thinned(found.hair), *_HAIR_LIGHTS)):
        notes.append("The head seems to be covered, or the hair dyed: please check the hair.")
    return notes

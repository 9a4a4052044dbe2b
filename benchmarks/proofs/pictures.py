"""Whether pictures show who and what the story says, and everybody as on their sheet."""

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from benchmarks.proofs.made import Drawn, Made
from overprint.craft.drawing.casting import NOT_HERE

LIKENESS_LEAST = 0.05
# Light and shade count less than hue: dusk falls on everybody.
_WEIGHTS = np.array([0.35, 1.0, 1.0], np.float32)
_ALIKE = 24
_OWN_PALETTE = "pixel"


def shown(made: Made) -> list[str]:
    """Everybody and everything of the scene is seen, unless the place can have no such thing (on a ship stands no
    boat), and nothing that the premise forbids."""
    found = []
    for picture in made.pictures:
        actors: list[Mapping[str, Any]] = list(picture.scene["actors"])
        held = [actor["holding"] for actor in actors if actor.get("holding")]
        things = {*held, *(prop["kind"] for prop in picture.scene["props"])}
        wanted = {actor["who"] for actor in actors} | things.difference(NOT_HERE.get(picture.scene["setting"], ()))
        if missing := wanted - picture.shown:
            found.append(f"{picture.key} does not show {', '.join(sorted(missing))}")
        forbidden = {
            rule["subject"] for rule in picture.scene["constraints"] if rule["kind"] == "forbid" and not rule.get("of")
        }
        if wrong := forbidden & picture.shown:
            found.append(f"{picture.key} shows {', '.join(sorted(wrong))}")
    return found


def likeness(made: Made) -> tuple[str, list[str]]:
    """The colour of everybody's sheet is found in a face of every picture that they are in; the weakest share of it.

    Not in a style whose palette is its own."""
    if made.wish.style == _OWN_PALETTE:
        return "own palette", []
    weakest, found = 1.0, []
    for picture in made.pictures:
        shares = _shares(picture, made.sheets)
        weakest = min([weakest, *shares.values()])
        strangers = sorted(who for who, share in shares.items() if share < LIKENESS_LEAST)
        if strangers:
            found.append(
                f"{picture.key}: {', '.join(f'{who} ({shares[who]:.3f})' for who in strangers)} cannot be told"
            )
    return f"{weakest:.2f}", found


def _shares(picture: Drawn, sheets: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """For everybody of the scene, the share of the most similar face that has the colour of their sheet."""
    whole = cv2.imdecode(np.frombuffer(picture.data, np.uint8), cv2.IMREAD_COLOR)
    if whole is None:
        return {}
    height, width = whole.shape[:2]
    faces: list[npt.NDArray[np.float32]] = []
    for spot in picture.faces:
        top, left = max(0, int(spot["y"] * height)), max(0, int(spot["x"] * width))
        part = whole[top : int((spot["y"] + spot["height"]) * height), left : int((spot["x"] + spot["width"]) * width)]
        if part.size:
            lab = cv2.cvtColor(part.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
            faces.append(np.asarray(lab, np.float32).reshape(-1, 3))
    who = [actor["who"] for actor in picture.scene["actors"]]
    return {one: max((_share_of(face, sheets[one]) for face in faces), default=0.0) for one in who}


def _share_of(face: npt.NDArray[np.float32], sheet: Mapping[str, Any]) -> float:
    """Of either colour of a coat: what a face shows of it is the body's or the muzzle's."""
    return max(_alike(face, sheet[name]) for name in ("body", "marking"))


def _alike(face: npt.NDArray[np.float32], colour: str) -> float:
    wanted = np.array([[[int(colour[i : i + 2], 16) / 255 for i in (5, 3, 1)]]], np.float32)
    target = cv2.cvtColor(wanted, cv2.COLOR_BGR2LAB).reshape(3)
    away = np.linalg.norm((face - target) * _WEIGHTS, axis=1)
    return float((away < _ALIKE).mean())

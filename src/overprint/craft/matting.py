"""Soft edges of what is cut out of a picture: GrabCut on a small copy, a guided filter that follows hair and cloth.

GrabCut: Rother, Kolmogorov and Blake (2004). Guided filter: He, Sun and Tang (2010). For child processes.
"""

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
"""Height × width × 3, blue first, sRGB."""
Cover = npt.NDArray[np.float32]
"""Height × width, 0 where there is something else to 1 where there is what is cut out."""
Trimap = npt.NDArray[np.uint8]
"""Of ``cv2.GC_…``: what must, may and cannot be what is cut out."""

_ROUNDS = 2


def cut(small: Picture, trimap: Trimap) -> npt.NDArray[np.uint8]:
    """1 where it is cut out. Changes ``trimap``. The same picture gives the same answer."""
    cv2.setRNGSeed(1)
    cv2.grabCut(small, trimap, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD), np.uint8)


def guided(picture: Picture, rough: Cover, radius: int) -> Cover:
    """``rough`` with the edges of the picture."""
    guide = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32) / np.float32(255)
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(field: Cover) -> Cover:
        return np.asarray(cv2.blur(field, window), np.float32)

    guide_mean, rough_mean = mean(guide), mean(rough)
    slope = (mean(guide * rough) - guide_mean * rough_mean) / (mean(guide * guide) - guide_mean**2 + np.float32(1e-3))
    offset = rough_mean - slope * guide_mean
    fine = mean(slope) * guide + mean(offset)
    return np.asarray(np.clip((fine - np.float32(0.18)) / np.float32(0.64), 0, 1), np.float32)

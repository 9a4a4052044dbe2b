"""Depth for pictures that are flat: parted into slices, far to near, by what can be seen in them, without weights.

Who or what the picture is of stands before the rest; where the ground lies, and what rises behind what, is told by
edges that run across the picture. What was hidden is filled in. Guesses that do not hold are not made: such a picture
stays one piece. Pure: the same picture gives the same slices. For child processes.
"""

from overprint.craft.relief.knowing import Known, known_slices
from overprint.craft.relief.parting import GROUND_DEPTH, HORIZON_DEPTH, parted
from overprint.craft.relief.slices import Slice

__all__ = ["GROUND_DEPTH", "HORIZON_DEPTH", "Known", "Slice", "known_slices", "parted"]

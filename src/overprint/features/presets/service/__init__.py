"""Use cases of presets, and the films that show them."""

from overprint.features.presets.service.presets import Presets
from overprint.features.presets.service.samples import Samples

__all__ = ["Presets", "Samples"]

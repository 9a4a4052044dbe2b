"""The presets that come along: data in ``data/<category>.toml``, one table a preset, and the film that shows each."""

from overprint.craft.presets.shipped import ANY_SCENE, Shipped, shipped_presets

__all__ = ["ANY_SCENE", "Shipped", "shipped_presets"]

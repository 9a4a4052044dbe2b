"""Draws the thumbnails of the presets that come along, after the presets or their pictures were changed.

``python -m tests.support.preset_thumbnails`` writes them beside the presets; what no preset is called any more goes.
"""

from overprint.craft.presets import shipped_presets
from overprint.craft.presets.child import SampleOrder, sample_order, thumbnail_bytes
from overprint.craft.presets.thumbnails import FOLDER


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    keys = {each.key for each in shipped_presets()}
    for file in FOLDER.glob("*.webp"):
        if file.stem not in keys:
            file.unlink()
    for each in shipped_presets():
        data = thumbnail_bytes(sample_order(SampleOrder(each.preset.config, each.shown)))
        (FOLDER / f"{each.key}.webp").write_bytes(data)
        print(f"{each.key}: {len(data)} bytes")


if __name__ == "__main__":
    main()

"""The settings of whose house it is."""

from pathlib import Path

from pydantic import Field

from overprint.settings.section import Section
from overprint.settings.values import BrandColour, BrandName


class BrandSettings(Section):
    name: BrandName = Field("Overprint", description="What the studio is called, on its pages and in its mails.")
    logo: Path | None = Field(
        None, description="SVG or PNG file shown beside the name, at most 200 kB; an SVG of plain shapes."
    )
    colour: BrandColour | None = Field(
        None,
        description="Colour of what goes ahead, such as `#0b6e4f`. It has to be readable on light pages (4.5:1); its "
        "variant for dark pages is computed.",
    )

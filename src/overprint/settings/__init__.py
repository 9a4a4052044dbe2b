"""Every setting of Overprint, read once at start from the environment and one file. Docs: ``docs/settings.md``."""

from overprint.settings.fields import Environment, Settings
from overprint.settings.reading import claim_data_dir, load
from overprint.settings.shown import shown
from overprint.settings.table import settings_table

__all__ = ["Environment", "Settings", "claim_data_dir", "load", "settings_table", "shown"]

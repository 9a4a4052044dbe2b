"""``python -m overprint.settings [PAGE]``: prints the table of settings, or brings it up to date inside PAGE."""

import sys
from pathlib import Path

from overprint.settings.table import refresh_file, settings_table

if len(sys.argv) > 1:
    refresh_file(Path(sys.argv[1]))
else:
    print(settings_table(), end="")

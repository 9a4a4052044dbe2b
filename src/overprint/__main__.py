"""``python -m overprint``: what the launcher runs."""

import sys

try:
    from overprint.main.cli import main

    main()
except KeyboardInterrupt:  # while parts are still being loaded
    sys.exit(130)

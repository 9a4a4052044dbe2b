"""``python -m overprint`` is the ``overprint`` command."""

from overprint.main.cli import main

if __name__ == "__main__":
    main()

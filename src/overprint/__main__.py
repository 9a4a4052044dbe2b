"""``python -m overprint``: what the launcher runs."""

from overprint.main.interrupts import end_at_once

end_at_once()  # before the parts are loaded, which takes longer than a person's second thoughts

from overprint.main.cli import main  # noqa: E402

main()

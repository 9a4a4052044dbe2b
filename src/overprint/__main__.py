"""``python -m overprint``: what the launcher runs."""

import gc

from overprint.main.interrupts import end_at_once

end_at_once()  # before the parts are loaded, which takes longer than a person's second thoughts
# What is loaded stays. Looking through it for rubbish every 700 things took a tenth of each start.
gc.set_threshold(50_000, 20, 20)

from overprint.main.cli import main  # noqa: E402 - after what has to come first

main()

"""One linear, hand-written history. It imports nothing of Overprint, so that it never changes with the code."""

"""Who can draw: the embedded illustrator, hosted models, a fake for tests."""

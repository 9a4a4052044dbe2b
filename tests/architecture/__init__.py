"""The house rules, each broken on purpose to see it caught."""

"""Adapters of the ``compute`` port. Kept empty: every child process imports this package."""

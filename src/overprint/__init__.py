"""Overprint: a self-hosted creation studio."""

__version__ = "0.1.0"

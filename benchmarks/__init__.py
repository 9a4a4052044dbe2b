"""Measurements of Overprint beside others. ``README.md`` says how to run them and what came out."""

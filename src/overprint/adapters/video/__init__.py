"""Who sets pictures in motion."""

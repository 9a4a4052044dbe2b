"""Durable jobs. Knows no product: rooms declare pipelines, the engine makes sure that every step runs once."""

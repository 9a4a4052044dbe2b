"""Parts of the room’s pipeline."""

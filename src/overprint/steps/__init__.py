"""Step bodies that products share. They see the world only through their context."""

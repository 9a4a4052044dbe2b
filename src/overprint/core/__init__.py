"""The pure core: types and decisions that need nothing but the standard library."""

"""Parts that several settings are made of: skies, ground, trees, houses, water, furniture."""

"""What the engine is measured beside: each runs pipelines of sequential steps and tells when one began."""

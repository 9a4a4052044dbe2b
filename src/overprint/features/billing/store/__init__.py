"""SQL about money. Whoever moves credits of a team, or counts its jobs, holds its purse's row first."""

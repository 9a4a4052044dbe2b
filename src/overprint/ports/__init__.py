"""What Overprint asks of the world: one protocol and its types a file."""

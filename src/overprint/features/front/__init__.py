"""What the house shows to whoever comes to its door: what it is, a book to leaf through, what it costs."""

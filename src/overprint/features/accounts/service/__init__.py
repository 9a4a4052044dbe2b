"""Use cases of people. Each is a few transactions of the system role; none is open while a password is hashed."""

"""Content Credentials: signed and read by the C2PA library, in a child process, with a key of our own."""

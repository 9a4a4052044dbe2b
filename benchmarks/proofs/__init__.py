"""What ``benchmarks.gallery`` proves of a book, each read from the files that a person is given."""

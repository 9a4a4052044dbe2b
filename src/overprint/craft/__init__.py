"""What Overprint itself can make: pictures, words, pages. No input or output but bytes; imports ``core`` only."""

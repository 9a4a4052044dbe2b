"""Music that lies under words: composed by rules from a seed, played by sums of sines, in a room of its own.

Pure: no clock, no file, no network; the same mood, length and seed give the same samples. It is meant to be quiet: few
notes, soft beginnings, nothing that would be missed. Nobody has judged it by ear; tests measure it. What plays
(``bed.py``) is loaded in a child process only.
"""

from overprint.craft.music.moods import fitting

__all__ = ["fitting"]

"""Voices: the embedded formant voice, hosted ones, and a fake that hums."""

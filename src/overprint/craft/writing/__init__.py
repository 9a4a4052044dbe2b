"""The embedded writer: plans a book from a premise (``planning``), tells it (``telling``), and says what each page
shows (``staging``).

Everything here is pure and the same for the same input and seed. It knows English only. Its vocabulary is read when
these are imported, which takes a while: ``adapters/text/embedded.py`` does so when it first writes.
"""

"""Calls to hosted models over HTTP: what the adapters of every port share. It knows no port's requests or answers.

- ``endpoint``: where a model is, and how long and how much of it is borne
- ``calls``: one request; its answer as bounded bytes
- ``failures``: what a status, its headers and its body mean in the words of ``ports.errors``
- ``counting``: the figures it tells
- ``links``: what lies behind a link in an answer
- ``events``: server-sent events out of bytes
"""

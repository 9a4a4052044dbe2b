"""Adapters of the ``storage`` port: where pictures, pages, films and exports lie.

``local``   a folder on this machine: plain files, links signed by Overprint itself. The default.
``s3``      any store that speaks Amazon's S3: Amazon, MinIO, Ceph, R2 and others. Links are signed for the store.
``memory``  a dictionary: for tests and demonstrations.

The rules that all three share, beyond those of the port:

- A key is never the folder of another key: with ``a/b`` stored, ``a/b/c`` is not. ``local`` refuses it, S3 takes it.
- ``list`` takes a folder: ``teams/7`` lists ``teams/7/x`` and not ``teams/77/x``; the empty string lists everything.
- The last whole write wins; nothing is locked. Keys that hold a content hash make that harmless.
- A span that starts behind the end is ``Invalid``; one that ends behind it is cut off there, as in HTTP.
- A blob holds at most 1 GiB, a link lives at most seven days (Amazon's own limit).
"""
